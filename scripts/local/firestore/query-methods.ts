import type { UntypedHandleCall } from '@grpc/grpc-js';
import { unary } from '../plumbing/grpc.ts';
import { type AggregationMessage, aggregate, aggregatedFields } from './aggregate.ts';
import type { Database } from './documents.ts';
import type { Engine } from './engine.ts';
import { invalid, unimplemented } from './errors.ts';
import { type ExplainMetrics, type ExplainOptions, encodeMetrics, explainMetrics } from './explain.ts';
import { serverStream } from './handlers.ts';
import type { IndexFields } from './indexes.ts';
import { findNearest, readNearest, vectorField } from './nearest.ts';
import { type PartitionRequest, partition } from './partition.ts';
import { type Query, type QueryMessage, readQuery } from './query.ts';
import { type Consistency, encodeMasked, openView, type ReadView } from './reads.ts';
import type { QueryResult } from './run-query.ts';
import { toProtoTimestamp } from './values.ts';
import { bytesField, intField, timestampField } from './wire.ts';

interface RunQueryRequest extends Consistency {
  parent: string;
  structuredQuery?: QueryMessage | null;
  explainOptions: ExplainOptions;
}

interface RunAggregationRequest extends Consistency {
  parent: string;
  structuredAggregationQuery?: { structuredQuery?: QueryMessage | null; aggregations: AggregationMessage[] } | null;
  explainOptions: ExplainOptions;
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
  if (!request.structuredQuery) throw invalid('RunQuery needs a structured query.');
  const { findNearest: search, ...message } = request.structuredQuery;
  const query = readQuery(request.parent, message);
  const nearest = search ? readNearest(search) : undefined;
  const indexes = engine.checkIndex(query, { vector: nearest && vectorField(nearest) });
  if (request.explainOptions?.analyze === false) {
    return [encodeMetrics(plan(engine, query, indexes))];
  }
  const database = engine.database(query.database);
  const view = openView(engine.documents, engine.transactions, database, request);
  const readTime = await begin(engine, view, query);
  const startedAt = performance.now();
  const found = nearest
    ? findNearest(engine.runner, database, query, nearest, view.at)
    : { ...engine.runner.run(database, query, view.at), reads: 0 };
  const billable = found.hits.length + found.skipped;
  const reads = Math.max(1, billable + found.reads);
  engine.context.meter('firestore.read', reads);
  const answer = responses(database, query, found, { began: view.began, readTime });
  if (!request.explainOptions) return answer;
  const execution = { results: found.hits.length, reads, entries: found.scanned, documents: found.scanned, billable };
  const metrics = explainMetrics(query, indexes, { ...execution, durationMs: performance.now() - startedAt });
  // They come with the last response.
  return [...answer.slice(0, -1), Buffer.concat([...answer.slice(-1), encodeMetrics(metrics)])];
}

/** The encoded `RunQueryResponse`s: at least one. */
function responses(
  database: Database,
  query: Query,
  { hits, skipped }: QueryResult,
  { began, readTime }: { began: Buffer | undefined; readTime: number },
): Buffer[] {
  const documents = hits.map(({ document }) =>
    Buffer.concat([bytesField(1, encodeMasked(database, document, query.select)), timestampField(3, readTime)]),
  );
  const head: Buffer[] = [];
  if (began) head.push(bytesField(2, began));
  if (skipped > 0) head.push(intField(4, skipped));
  if (head.length === 0 && documents.length > 0) return documents;
  return [Buffer.concat([...head, timestampField(3, readTime)]), ...documents];
}

async function runAggregation(engine: Engine, request: RunAggregationRequest): Promise<Iterable<unknown>> {
  const message = request.structuredAggregationQuery;
  if (!message?.structuredQuery) throw invalid('RunAggregationQuery needs a structured query.');
  const query = readQuery(request.parent, message.structuredQuery);
  const indexes = engine.checkIndex(query, { aggregated: aggregatedFields(message.aggregations) });
  if (request.explainOptions?.analyze === false) return [{ explainMetrics: plan(engine, query, indexes) }];
  const database = engine.database(query.database);
  const view = openView(engine.documents, engine.transactions, database, request);
  const readTime = await begin(engine, view, query);
  const startedAt = performance.now();
  const { fields, entries } = aggregate(engine.runner, database, query, message.aggregations, view.at);
  const reads = Math.max(1, Math.ceil(entries / 1000));
  engine.context.meter('firestore.read', reads);
  const durationMs = performance.now() - startedAt;
  const execution = { results: 1, reads, entries, documents: 0, billable: 0, durationMs };
  return [
    {
      result: { aggregateFields: fields },
      transaction: view.began ?? Buffer.alloc(0),
      readTime: toProtoTimestamp(readTime),
      ...(request.explainOptions && { explainMetrics: explainMetrics(query, indexes, execution) }),
    },
  ];
}

/** The plan of a query that is not run: one read is charged. */
function plan(engine: Engine, query: Query, indexes: readonly IndexFields[]): ExplainMetrics {
  engine.context.meter('firestore.read', 1);
  return explainMetrics(query, indexes);
}
