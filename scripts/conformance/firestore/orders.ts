import assert from 'node:assert/strict';
import { FieldPath, FieldValue, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fill, INVALID_ARGUMENT, ids, messagesOf, refused } from './clients.ts';

/** Orders, cursors, limits and selections of queries. Nothing here needs a composite index. */
export function orders({ gapic, collection, root }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const of = async (documents: Record<string, Record<string, unknown>>) => {
    const parent = collection();
    await fill(parent, documents);
    return parent;
  };
  const values = async (list: readonly unknown[]) =>
    of(Object.fromEntries(list.map((v, i) => [`v${String(i).padStart(2, '0')}`, { v }])));
  const numbers = () => of({ a: { n: 1 }, b: { n: 2 }, c: { n: 2 }, d: { n: 3 }, e: { n: 4 }, none: { m: 1 } });
  const run = (more: object) =>
    messagesOf<{ document?: { name: string } | null; skippedResults?: number; readTime?: object | null }>(
      gapic.runQuery({ parent: root, structuredQuery: { from: [{ collectionId: 'c' }], ...more } }),
    );

  method('RunQuery', {
    'orders values across types': async () => {
      const parent = collection();
      const mixed = [
        null,
        false,
        true,
        Number.NaN,
        Number.NEGATIVE_INFINITY,
        -1,
        0.5,
        1,
        Number.POSITIVE_INFINITY,
        new Timestamp(1, 0),
        new Timestamp(1, 1000),
        '',
        'a',
        'b',
        Buffer.from([]),
        Buffer.from([1]),
        parent.doc('a'),
        parent.doc('b'),
        new GeoPoint(1, 2),
        new GeoPoint(1, 3),
        [],
        [1],
        [1, 2],
        [2],
        FieldValue.vector([5]),
        FieldValue.vector([1, 2]),
        {},
        { a: 1 },
        { a: 1, b: 0 },
        { b: 0 },
      ];
      await fill(parent, Object.fromEntries(mixed.map((v, i) => [`v${String(i).padStart(2, '0')}`, { v }])));
      const expected = mixed.map((_, i) => `v${String(i).padStart(2, '0')}`);
      assert.deepEqual(await ids(parent.orderBy('v')), expected);
      assert.deepEqual(await ids(parent.orderBy('v', 'desc')), [...expected].reverse());
    },
    'orders strings by their UTF-8 bytes': async () => {
      const parent = await values(['Z', 'a', 'é', '\uffff', '😀']);
      assert.deepEqual(await ids(parent.orderBy('v', 'desc')), ['v04', 'v03', 'v02', 'v01', 'v00']);
    },
    'orders integers and doubles together, exactly beyond 2^53': async () => {
      const parent = await values([
        9_007_199_254_740_991,
        9_007_199_254_740_992,
        9_007_199_254_740_993n,
        9_007_199_254_740_994.0,
      ]);
      assert.deepEqual(await ids(parent.orderBy('v')), ['v00', 'v01', 'v02', 'v03']);
    },
    'orders numeric ids by number, before all others': async () => {
      const parent = await of({ __id7__: {}, __id10__: {}, '__id-3__': {}, '1': {}, A: {} });
      assert.deepEqual(await ids(parent), ['__id-3__', '__id7__', '__id10__', '1', 'A']);
    },
    'leaves out documents without the field': async () => {
      assert.deepEqual(await ids((await numbers()).orderBy('n')), ['a', 'b', 'c', 'd', 'e']);
    },
    'breaks ties by name, in the direction of the last order': async () => {
      assert.deepEqual(await ids((await numbers()).orderBy('n', 'desc')), ['e', 'd', 'c', 'b', 'a']);
    },
    'orders by name': async () => {
      assert.deepEqual(await ids((await numbers()).orderBy(FieldPath.documentId(), 'desc')), [
        'none',
        'e',
        'd',
        'c',
        'b',
        'a',
      ]);
    },
    'limits, from the start and from the end': async () => {
      const parent = (await numbers()).orderBy('n');
      assert.deepEqual(await ids(parent.limit(2)), ['a', 'b']);
      assert.deepEqual(await ids(parent.limitToLast(2)), ['d', 'e']);
    },
    'skips documents for an offset, and says how many': async () => {
      const parent = await numbers();
      assert.deepEqual(await ids(parent.orderBy('n').offset(3)), ['d', 'e']);
      const messages = await run({ from: [{ collectionId: parent.id }], offset: 2 });
      assert.equal(
        messages.reduce((sum, message) => sum + (message.skippedResults ?? 0), 0),
        2,
      );
      assert.equal(messages.filter((message) => message.document).length, 4);
    },
    'starts and ends at values': async () => {
      const parent = (await numbers()).orderBy('n');
      assert.deepEqual(await ids(parent.startAt(2).endAt(3)), ['b', 'c', 'd']);
      assert.deepEqual(await ids(parent.startAfter(2).endBefore(4)), ['d']);
    },
    'starts at a document, also among equal ones': async () => {
      const parent = await numbers();
      const second = await parent.doc('b').get();
      assert.deepEqual(await ids(parent.orderBy('n').startAfter(second)), ['c', 'd', 'e']);
      assert.deepEqual(await ids(parent.orderBy('n', 'desc').startAt(second)), ['b', 'a']);
    },
    'starts between values': async () => {
      assert.deepEqual(await ids((await numbers()).orderBy('n').startAt(2.5)), ['d', 'e']);
      assert.deepEqual(await ids((await numbers()).orderBy('n').endBefore('text').limitToLast(1)), ['e']);
    },
    'selects fields, or only names': async () => {
      const parent = await of({ a: { x: 1, m: { y: 2, z: 3 } } });
      const [selected] = (await parent.select('m.y', 'none').get()).docs;
      assert.deepEqual(selected?.data(), { m: { y: 2 } });
      const [bare] = (await parent.select().get()).docs;
      assert.deepEqual(bare?.data(), {});
      assert.equal(bare?.id, 'a');
    },
    'streams what it finds': async () => {
      const parent = await numbers();
      const found: string[] = [];
      for await (const document of parent.orderBy('n').stream())
        found.push(String(Reflect.get(Object(document), 'id')));
      assert.deepEqual(found, ['a', 'b', 'c', 'd', 'e']);
    },
    'finds nothing for a limit of 0': async () => {
      const messages = await run({ limit: { value: 0 } });
      assert.deepEqual(
        messages.map((message) => message.document ?? null),
        [null],
      );
    },
    'reads the past': async () => {
      const parent = await of({ a: { n: 1 } });
      const { readTime } = await parent.get();
      await fill(parent, { a: { n: 2 }, b: { n: 1 } });
      const time = { seconds: readTime.seconds, nanos: readTime.nanoseconds };
      const where = { fieldFilter: { field: { fieldPath: 'n' }, op: 'EQUAL' as const, value: { integerValue: 1 } } };
      const structuredQuery = { from: [{ collectionId: parent.id }], where };
      const messages = await messagesOf<{ document?: { name: string } | null }>(
        gapic.runQuery({ parent: root, structuredQuery, readTime: time }),
      );
      assert.deepEqual(
        messages.map((message) => message.document?.name.split('/').at(-1)),
        ['a'],
      );
    },
    'refuses negative limits and offsets': async () => {
      await refused(run({ limit: { value: -1 } }), INVALID_ARGUMENT, /[Ll]imit/);
      await refused(run({ offset: -1 }), INVALID_ARGUMENT, /[Oo]ffset/);
    },
    'refuses a cursor with more values than orders': async () => {
      const startAt = { values: [{ integerValue: 1 }, { integerValue: 2 }, { integerValue: 3 }] };
      await refused(run({ orderBy: [{ field: { fieldPath: 'n' } }], startAt }), INVALID_ARGUMENT, /[Cc]ursor/);
    },
    'refuses a cursor by name that is no document': async () => {
      const startAt = { values: [{ stringValue: 'a' }] };
      await refused(
        run({ orderBy: [{ field: { fieldPath: '__name__' } }], startAt }),
        INVALID_ARGUMENT,
        /__name__|reference/,
      );
    },
    'refuses an order of one field twice, and a malformed path': async () => {
      const order = { field: { fieldPath: 'n' } };
      await refused(run({ orderBy: [order, order] }), INVALID_ARGUMENT, /twice|multiple|same/);
      await refused(run({ orderBy: [{ field: { fieldPath: 'a..b' } }] }), INVALID_ARGUMENT, /path/);
    },
  });
  return all;
}
