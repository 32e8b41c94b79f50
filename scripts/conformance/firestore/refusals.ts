import { AggregateField } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, FAILED_PRECONDITION, messagesOf, refused, UNIMPLEMENTED } from './clients.ts';

/** Queries that need an index that nobody has declared, and, of an endpoint of its own, what is not supported there. */
export function refusals({ db, gapic, collection, root }: Clients, isLocal: boolean): readonly Behaviour[] {
  const { method, all } = collector();
  const missing = (query: { get(): Promise<unknown> }, declaration: RegExp) =>
    refused(query.get(), FAILED_PRECONDITION, isLocal ? declaration : /requires an index/);

  method('RunQuery', {
    'refuses an equality with a range of another field, without a composite index': async () => {
      const parent = collection();
      const query = parent.where('state', '==', 'queued').where('at', '>', 1);
      const fields = `fields: \\[{field: 'state', order: 'asc'}, {field: 'at', order: 'asc'}\\]`;
      await missing(query, new RegExp(`requires an index.*{collection: '${parent.id}', ${fields}}`));
    },
    'refuses orders of two fields without a composite index, and names their directions': async () => {
      const query = collection().orderBy('a').orderBy('b', 'desc');
      await missing(query, /{field: 'a', order: 'asc'}, {field: 'b', order: 'desc'}/);
    },
    'refuses an element of an array with an order without a composite index': async () => {
      const query = collection().where('tags', 'array-contains', 'x').orderBy('at');
      await missing(query, /{field: 'tags', order: 'array-contains'}, {field: 'at', order: 'asc'}/);
    },
    'refuses a filter of a collection group without an index of it': async () => {
      const { id } = collection();
      await missing(db.collectionGroup(id).where('n', '==', 1), new RegExp(`${id}', scope: 'collection-group'`));
    },
    'refuses ranges of two fields without a composite index': async () => {
      await missing(collection().where('a', '>', 1).where('b', '<', 1), /{field: 'a', .*{field: 'b'/);
    },
  });
  method('RunAggregationQuery', {
    'refuses a sum with a filter of another field without a composite index': async () => {
      const query = collection()
        .where('a', '==', 1)
        .aggregate({ total: AggregateField.sum('b') });
      await missing(query, /{field: 'a', order: 'asc'}, {field: 'b', order: 'asc'}/);
    },
  });
  if (!isLocal) return all;
  method('RunAggregationQuery', {
    'refuses vector search in an aggregation, by name': async () => {
      const structuredQuery = { from: [{ collectionId: 'c' }], findNearest: { vectorField: { fieldPath: 'v' } } };
      const count = gapic.runAggregationQuery({
        parent: root,
        structuredAggregationQuery: { structuredQuery, aggregations: [{ count: {} }] },
      });
      await refused(messagesOf(count), UNIMPLEMENTED, /find_nearest/);
    },
  });
  method('ExecutePipeline', {
    'is refused by name': async () => {
      const pipeline = db.pipeline().collection(collection().path).limit(1);
      await refused(pipeline.execute(), UNIMPLEMENTED, /ExecutePipeline/);
    },
  });
  return all;
}
