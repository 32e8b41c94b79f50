import assert from 'node:assert/strict';
import { type ExplainMetrics, Filter, type Query } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, FAILED_PRECONDITION, fill, refused } from './clients.ts';

/** Query plans, and what running a query came to. */
export function explains({ db, collection }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const some = async () => {
    const parent = collection();
    await fill(parent, { a: { n: 1, tags: ['x'] }, b: { n: 2, tags: [] }, c: { n: 2, tags: ['x', 'y'] } });
    return parent;
  };
  const planned = async (query: Query) => (await query.explain()).metrics.planSummary.indexesUsed;
  const used = (...properties: string[]) => properties.map((one) => ({ query_scope: 'Collection', properties: one }));
  const names = (indexes: readonly Record<string, unknown>[]) => indexes.map(({ properties }) => properties).sort();

  method('RunQuery', {
    'plans a query without running it': async () => {
      const { snapshot, metrics } = await (await some()).where('n', '>', 1).explain();
      assert.equal(snapshot, null);
      assert.equal(metrics.executionStats, null);
      assert.deepEqual(metrics.planSummary.indexesUsed, used('(n ASC, __name__ ASC)'));
    },
    'names the index of a query without filters, of a descending order and of an element of an array': async () => {
      const parent = await some();
      assert.deepEqual(await planned(parent), used('(__name__ ASC)'));
      assert.deepEqual(await planned(parent.orderBy('n', 'desc')), used('(n DESC, __name__ DESC)'));
      const contains = parent.where('tags', 'array-contains', 'x');
      assert.deepEqual(await planned(contains), used('(tags CONTAINS, __name__ ASC)'));
    },
    'names each of the indexes that are merged, and each once': async () => {
      const parent = await some();
      const merged = parent.where('n', '==', 1).where('m', '==', 2);
      assert.deepEqual(names(await planned(merged)), ['(m ASC, __name__ ASC)', '(n ASC, __name__ ASC)']);
      const either = parent.where(Filter.or(Filter.where('n', '==', 1), Filter.where('n', '==', 2)));
      assert.deepEqual(names(await planned(either)), ['(n ASC, __name__ ASC)']);
    },
    'names a collection group as the scope of its index': async () => {
      const { id } = await some();
      assert.deepEqual(await planned(db.collectionGroup(id)), [
        { query_scope: 'Collection Group', properties: '(__name__ ASC)' },
      ]);
    },
    'says what running the query came to': async () => {
      const { snapshot, metrics } = await (await some()).where('n', '==', 2).explain({ analyze: true });
      assert.deepEqual(
        snapshot?.docs.map((document) => document.id),
        ['b', 'c'],
      );
      assert.deepEqual(metrics.planSummary.indexesUsed, used('(n ASC, __name__ ASC)'));
      const stats = statsOf(metrics);
      assert.equal(stats.resultsReturned, 2);
      assert.equal(stats.readOperations, 2);
      assert.equal(stats.debugStats.documents_scanned, '2');
    },
    'says so when the query finds nothing': async () => {
      const { snapshot, metrics } = await (await some()).where('n', '==', 9).explain({ analyze: true });
      assert.equal(snapshot?.size, 0);
      const { resultsReturned, readOperations } = statsOf(metrics);
      assert.deepEqual({ resultsReturned, readOperations }, { resultsReturned: 0, readOperations: 1 });
    },
    'counts the documents that an offset passes over as read': async () => {
      const { snapshot, metrics } = await (await some()).orderBy('n').offset(2).explain({ analyze: true });
      assert.equal(snapshot?.size, 1);
      const { resultsReturned, readOperations } = statsOf(metrics);
      assert.deepEqual({ resultsReturned, readOperations }, { resultsReturned: 1, readOperations: 3 });
    },
    'sends the metrics of an explained stream with its last document': async () => {
      const query = (await some()).where('n', '==', 2);
      assert.deepEqual(await streamed(query, true), [{ id: 'b' }, { id: 'c', results: 2 }]);
      assert.deepEqual(await streamed(query, false), [{ results: undefined }]);
    },
    'does not plan a query without its index': async () => {
      const query = collection().orderBy('a').orderBy('b');
      await refused(query.explain(), FAILED_PRECONDITION, /requires an index/);
    },
  });
  method('RunAggregationQuery', {
    'plans an aggregation without running it': async () => {
      const { snapshot, metrics } = await (await some()).where('n', '>', 0).count().explain();
      assert.equal(snapshot, null);
      assert.equal(metrics.executionStats, null);
      assert.deepEqual(metrics.planSummary.indexesUsed, used('(n ASC, __name__ ASC)'));
    },
    'says what running an aggregation came to': async () => {
      const { snapshot, metrics } = await (await some()).where('n', '<', 3).count().explain({ analyze: true });
      assert.equal(snapshot?.data().count, 3);
      const { resultsReturned, readOperations } = statsOf(metrics);
      assert.deepEqual({ resultsReturned, readOperations }, { resultsReturned: 1, readOperations: 1 });
    },
  });
  return all;
}

function statsOf({ executionStats }: ExplainMetrics) {
  assert.ok(executionStats);
  const { seconds, nanoseconds } = executionStats.executionDuration;
  assert.ok(seconds > 0 || nanoseconds > 0, 'the execution took no time');
  return { ...executionStats, debugStats: executionStats.debugStats as Record<string, unknown> };
}

/** What each message of an explained stream has: a document's id, how many results the metrics count. */
async function streamed(query: Query, analyze: boolean): Promise<{ id?: string; results?: number | undefined }[]> {
  const seen: { id?: string; results?: number | undefined }[] = [];
  const stream = query.explainStream({ analyze }) as AsyncIterable<{
    document?: { id: string };
    metrics?: ExplainMetrics;
  }>;
  for await (const { document, metrics } of stream)
    seen.push({
      ...(document && { id: document.id }),
      ...(metrics && { results: metrics.executionStats?.resultsReturned }),
    });
  return seen;
}
