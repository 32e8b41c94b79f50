import type { UntypedHandleCall } from '@grpc/grpc-js';
import { unary } from '../plumbing/grpc.ts';
import { type AggregationMessage, aggregate, aggregatedFields } from './aggregate.ts';
import type { Engine } from './engine.ts';
import { invalid, unimplemented } from './errors.ts';
import { serverStream } from './handlers.ts';
import { type PartitionRequest, partition } from './partition.ts';
import { type Query, type QueryMessage, readQuery } from './query.ts';
import { type Consistency, encodeMasked, openView, type ReadView } from './reads.ts';
import { toProtoTimestamp } from './values.ts';
import { bytesField, intField, timestampField } from './wire.ts';

interface RunQueryRequest extends Consistency {
  parent: string;
  structuredQuery?: QueryMessage | null;
  explainOptions: unknown;
}

interface RunAggregationRequest extends Consistency {
  parent: string;
  structuredAggregationQuery?: { structuredQuery?: QueryMessage | null; aggregations: AggregationMessage[] } | null;
  explainOptions: unknown;
}

/** RunQuery, RunAggregationQuery and PartitionQuery. */
export function queryMethods(engine: Engine): Record<string, UntypedHandleCall> {
  return {
    runQuery: serverStream((request: RunQueryRequest) => runQuery(engine, request)),
    runAggregationQuery: serverStream((request: RunAggregationRequest) => runAggregation(engine, request)),
    executePipeline: serverStream(() => {
      throw unimplemented('ExecutePipeline');
    }),
    partitionQuery: unary((request: PartitionRequest) => partition(engine, request)),
  };
}

/** Registers the query with the view's transaction, and returns the time to report. */
async function begin(engine: Engine, view: ReadView, query: Query): Promise<number> {
  if (view.transaction) await engine.transactions.readQuery(view.transaction, query);
  return view.at ?? engine.documents.readTime();
}

async function runQuery(engine: Engine, request: RunQueryRequest): Promise<Iterable<Buffer>> {
  if (request.explainOptions) throw unimplemented('RunQuery.explain_options');
  if (!request.structuredQuery) throw invalid('RunQuery needs a structured query.');
  const query = readQuery(request.parent, request.structuredQuery);
  engine.checkIndex(query);
  const database = engine.database(query.database);
  const view = openView(engine.documents, engine.transactions, database, request);
  const readTime = await begin(engine, view, query);
  const { hits, skipped } = engine.runner.run(database, query, view.at);
  engine.context.meter('firestore.read', Math.max(1, hits.length + skipped));
  const responses = hits.map(({ document }) =>
    Buffer.concat([bytesField(1, encodeMasked(database, document, query.select)), timestampField(3, readTime)]),
  );
  const head: Buffer[] = [];
  if (view.began) head.push(bytesField(2, view.began));
  if (skipped > 0) head.push(intField(4, skipped));
  if (head.length === 0 && responses.length > 0) return responses;
  return [Buffer.concat([...head, timestampField(3, readTime)]), ...responses];
}

async function runAggregation(engine: Engine, request: RunAggregationRequest): Promise<Iterable<unknown>> {
  if (request.explainOptions) throw unimplemented('RunAggregationQuery.explain_options');
  const message = request.structuredAggregationQuery;
  if (!message?.structuredQuery) throw invalid('RunAggregationQuery needs a structured query.');
  const query = readQuery(request.parent, message.structuredQuery);
  engine.checkIndex(query, aggregatedFields(message.aggregations));
  const database = engine.database(query.database);
  const view = openView(engine.documents, engine.transactions, database, request);
  const readTime = await begin(engine, view, query);
  const { fields, entries } = aggregate(engine.runner, database, query, message.aggregations, view.at);
  engine.context.meter('firestore.read', Math.max(1, Math.ceil(entries / 1000)));
  return [
    {
      result: { aggregateFields: fields },
      transaction: view.began ?? Buffer.alloc(0),
      readTime: toProtoTimestamp(readTime),
    },
  ];
}
