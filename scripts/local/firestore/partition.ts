import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import { isName } from './field-paths.ts';
import { toName } from './paths.ts';
import { type QueryMessage, readQuery } from './query.ts';
import { type Consistency, openView } from './reads.ts';

export interface PartitionRequest extends Consistency {
  parent: string;
  structuredQuery?: QueryMessage | null;
  partitionCount: string;
  pageToken: string;
  pageSize: number;
}

/** Cursors that split a query over a collection group, ordered by name, into up to `partitionCount + 1` even parts. */
export function partition(engine: Engine, request: PartitionRequest) {
  const count = Number(request.partitionCount);
  if (count < 1) throw invalid('partition_count must be positive.');
  if (!request.structuredQuery) throw invalid('PartitionQuery needs a structured query.');
  const query = readQuery(request.parent, request.structuredQuery);
  const isPlain = !query.where && query.limit === undefined && query.offset === 0 && !query.start && !query.end;
  const byName = query.orders.every((order) => isName(order.field) && !order.descending);
  if (query.scope === 'collection' || !isPlain || !byName) {
    throw invalid('PartitionQuery takes a query over a collection group, ordered by __name__ and without filters.');
  }
  const database = engine.database(query.database);
  const view = openView(engine.documents, engine.transactions, database, request);
  const { hits } = engine.runner.run(database, query, view.at);
  const parts = Math.min(count + 1, Math.max(1, hits.length));
  const names: string[] = [];
  for (let part = 1; part < parts; part += 1) {
    const hit = hits[Math.floor((part * hits.length) / parts)];
    if (hit) names.push(toName(database.name, hit.document.key));
  }
  const from = request.pageToken === '' ? 0 : Number(request.pageToken);
  const to = request.pageSize > 0 ? from + request.pageSize : names.length;
  engine.context.meter('firestore.read');
  return {
    partitions: names.slice(from, to).map((name) => ({
      values: [{ valueType: 'referenceValue', referenceValue: name }],
      before: true,
    })),
    nextPageToken: to < names.length ? String(to) : '',
  };
}
