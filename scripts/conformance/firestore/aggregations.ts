import assert from 'node:assert/strict';
import { AggregateField, Timestamp } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fill, INVALID_ARGUMENT, messagesOf, refused } from './clients.ts';

interface Answer {
  readonly result?: {
    readonly aggregateFields: Record<string, { integerValue?: unknown; doubleValue?: number; valueType?: string }>;
  };
  readonly readTime?: unknown;
  readonly transaction?: Uint8Array;
}

/** Counts, sums and averages. */
export function aggregations({ gapic, collection, root }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const { count, sum, average } = AggregateField;
  const some = async () => {
    const parent = collection();
    await fill(parent, { a: { n: 1 }, b: { n: 2.5 }, c: { n: 'text' }, d: { m: 1 }, e: { n: 4 } });
    return parent;
  };
  const run = (collectionId: string, list: object[], more: object = {}) =>
    messagesOf<Answer>(
      gapic.runAggregationQuery({
        parent: root,
        structuredAggregationQuery: { structuredQuery: { from: [{ collectionId }], ...more }, aggregations: list },
      }),
    );
  const data = async (...queries: { get(): Promise<{ data(): unknown }> }[]) =>
    Promise.all(queries.map(async (query) => (await query.get()).data()));

  method('RunAggregationQuery', {
    'counts the documents that a query finds': async () => {
      const parent = await some();
      const queries = [parent.count(), parent.where('n', '>', 1).count(), parent.where('n', '==', 9).count()];
      assert.deepEqual(await data(...queries), [{ count: 5 }, { count: 2 }, { count: 0 }]);
    },
    'counts within limit, offset and cursors': async () => {
      const parent = await some();
      const queries = [
        parent.limit(3),
        parent.offset(4),
        parent.orderBy('n').startAfter(1).endBefore(4),
        parent.limitToLast(2).orderBy('n'),
      ];
      assert.deepEqual(
        await data(...queries.map((query) => query.count())),
        [3, 1, 1, 2].map((n) => ({ count: n })),
      );
    },
    'counts up to a number': async () => {
      const parent = await some();
      const [answer] = await run(parent.id, [
        { alias: 'few', count: { upTo: { value: 2 } } },
        { alias: 'all', count: {} },
      ]);
      const { few, all: total } = answer?.result?.aggregateFields ?? {};
      assert.deepEqual([String(few?.integerValue), String(total?.integerValue)], ['2', '5']);
    },
    'refuses to count up to nothing': async () => {
      await refused(run('c', [{ alias: 'a', count: { upTo: { value: 0 } } }]), INVALID_ARGUMENT, /up_to|positive/);
    },
    'sums numbers and ignores everything else': async () => {
      const parent = await some();
      assert.deepEqual(await data(parent.aggregate({ total: sum('n') })), [{ total: 7.5 }]);
    },
    'sums integers to an integer, and to a double beyond 64 bits': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 2n ** 62n }, b: { n: 1 } });
      const list = [{ alias: 's', sum: { field: { fieldPath: 'n' } } }];
      const [exact] = await run(parent.id, list);
      assert.equal(String(exact?.result?.aggregateFields.s?.integerValue), String(2n ** 62n + 1n));
      await fill(parent, { c: { n: 2n ** 62n } });
      const [large] = await run(parent.id, list);
      assert.equal(large?.result?.aggregateFields.s?.doubleValue, 2 ** 63);
    },
    'sums nothing to 0': async () => {
      assert.deepEqual(await data(collection().aggregate({ total: sum('n') })), [{ total: 0 }]);
    },
    'averages numbers, and nothing to null': async () => {
      const parent = await some();
      const queries = [parent.aggregate({ mean: average('n') }), collection().aggregate({ mean: average('n') })];
      assert.deepEqual(await data(...queries), [{ mean: 2.5 }, { mean: null }]);
    },
    'carries NaN and infinity through': async () => {
      const parent = collection();
      await fill(parent, { a: { n: Number.NaN, m: Number.POSITIVE_INFINITY }, b: { n: 1, m: 1 } });
      const found = await data(parent.aggregate({ n: sum('n') }), parent.aggregate({ m: sum('m') }));
      assert.deepEqual(found, [{ n: Number.NaN }, { m: Number.POSITIVE_INFINITY }]);
    },
    'aggregates only documents that have the field': async () => {
      const parent = await some();
      assert.deepEqual(await data(parent.aggregate({ number: count(), total: sum('n') })), [{ number: 4, total: 7.5 }]);
    },
    'aggregates fields of maps': async () => {
      const parent = collection();
      await fill(parent, { a: { m: { n: 1 } }, b: { m: { n: 2 } } });
      assert.deepEqual(await data(parent.aggregate({ total: sum('m.n'), mean: average('m.n') })), [
        { total: 3, mean: 1.5 },
      ]);
    },
    'sums within a limit': async () => {
      const parent = await some();
      const query = parent.orderBy('n').limit(2);
      assert.deepEqual(await data(query.aggregate({ total: sum('n'), mean: average('n') })), [
        { total: 3.5, mean: 1.75 },
      ]);
    },
    'names the results of aggregations without an alias': async () => {
      const [answer] = await run(collection().id, [{ count: {} }, { alias: 'mine', count: {} }]);
      assert.deepEqual(Object.keys(answer?.result?.aggregateFields ?? {}).sort(), ['field_1', 'mine']);
    },
    'refuses no aggregation, more than five, and an alias twice': async () => {
      await refused(run('c', []), INVALID_ARGUMENT, /aggregation/);
      await refused(
        run(
          'c',
          Array.from({ length: 6 }, () => ({ count: {} })),
        ),
        INVALID_ARGUMENT,
        /5 aggregations|five/,
      );
      await refused(
        run('c', [
          { alias: 'a', count: {} },
          { alias: 'a', count: {} },
        ]),
        INVALID_ARGUMENT,
        /twice|Duplicate/i,
      );
    },
    'refuses an aggregation without an operator or a field': async () => {
      await refused(run('c', [{ alias: 'a' }]), INVALID_ARGUMENT, /operator|field/);
      await refused(run('c', [{ alias: 'a', sum: {} }]), INVALID_ARGUMENT, /field/);
    },
    'returns a read time, and counts as it was then': async () => {
      const parent = collection();
      await fill(parent, { a: {} });
      const then = await parent.count().get();
      assert.ok(then.readTime instanceof Timestamp);
      await fill(parent, { b: {} });
      const { seconds, nanoseconds: nanos } = then.readTime;
      const structuredAggregationQuery = {
        structuredQuery: { from: [{ collectionId: parent.id }] },
        aggregations: [{ alias: 'n', count: {} }],
      };
      const [answer] = await messagesOf<Answer>(
        gapic.runAggregationQuery({ parent: root, structuredAggregationQuery, readTime: { seconds, nanos } }),
      );
      assert.equal(String(answer?.result?.aggregateFields.n?.integerValue), '1');
    },
    'begins a transaction with the read': async () => {
      const structuredAggregationQuery = {
        structuredQuery: { from: [{ collectionId: 'c' }] },
        aggregations: [{ count: {} }],
      };
      const request = { parent: root, structuredAggregationQuery, newTransaction: { readOnly: {} } };
      const [answer] = await messagesOf<Answer>(gapic.runAggregationQuery(request));
      assert.ok((answer?.transaction?.length ?? 0) > 0);
    },
  });
  return all;
}
