import assert from 'node:assert/strict';
import {
  AggregateField,
  type DocumentData,
  FieldPath,
  Filter,
  GeoPoint,
  type Query,
  Timestamp,
} from '@google-cloud/firestore';
import { startDatabase, type TestDatabase } from './testing.ts';

describe('local firestore: queries', () => {
  let test: TestDatabase;
  before(async () => {
    test = await startDatabase();
  });
  after(() => test.close());

  let collections = 0;
  /** A new collection with these documents by id. */
  async function collect(documents: Record<string, DocumentData>) {
    collections += 1;
    const collection = test.db.collection(`c${collections}`);
    const batch = test.db.batch();
    for (const [id, data] of Object.entries(documents)) batch.set(collection.doc(id), data);
    await batch.commit();
    return collection;
  }

  async function ids(query: Query): Promise<string[]> {
    return (await query.get()).docs.map((doc) => doc.id);
  }

  it('orders values across types, strings by their UTF-8 bytes, and leaves out documents without the field', async () => {
    const values: Record<string, unknown> = {
      a: null,
      b: false,
      c: true,
      d: Number.NaN,
      e: Number.NEGATIVE_INFINITY,
      f: -1.5,
      g: 0,
      h: 1,
      i: 1.5,
      j: 2 ** 53,
      k: new Timestamp(1, 0),
      l: new Timestamp(1, 1000),
      m: '',
      n: 'a',
      o: 'a\u0000',
      p: 'ab',
      q: '\uffff',
      r: '😀',
      s: Buffer.from([0]),
      t: Buffer.from([0, 0]),
      u: test.db.doc('a/b'),
      v: test.db.doc('a/b/c/d'),
      w: new GeoPoint(0, 0),
      x: [],
      y: [1],
      y1: [1, 1],
      z: {},
      z1: { a: 1 },
      z2: { a: 1, b: 0 },
      z3: { b: 0 },
    };
    const documents = Object.fromEntries(Object.entries(values).map(([id, v]) => [id, { v }]));
    const collection = await collect({ ...documents, none: { w: 1 } });
    const expected = Object.keys(values);
    assert.deepEqual(await ids(collection.orderBy('v')), expected);
    assert.deepEqual(await ids(collection.orderBy('v', 'desc')), expected.toReversed());
    assert.deepEqual(await ids(collection.where('v', '>', 0)), ['h', 'i', 'j']);
    assert.deepEqual(await ids(collection.where('v', '<=', 0).orderBy('v', 'desc')), ['g', 'f', 'e']);
    assert.deepEqual(await ids(collection.where('v', '>=', 'a').where('v', '<', 'b')), ['n', 'o', 'p']);
    assert.deepEqual(await ids(collection.where('v', '>', 'a').where('v', '<', '😀').orderBy('v', 'desc')), [
      'q',
      'p',
      'o',
    ]);
    assert.deepEqual(await ids(collection.where('v', '==', null)), ['a']);
    assert.deepEqual(await ids(collection.where('v', '==', Number.NaN)), ['d']);
    assert.deepEqual(await ids(collection.where('v', '!=', null)), expected.slice(1));
    assert.deepEqual(
      await ids(collection.where('v', '!=', Number.NaN)),
      expected.filter((id) => id !== 'a' && id !== 'd'),
    );
    assert.deepEqual(
      await ids(collection.where('v', '!=', 1)),
      expected.filter((id) => id !== 'a' && id !== 'h'),
    );
    assert.deepEqual(await ids(collection.where('v', 'in', [1, 'a', [1]])), ['h', 'n', 'y']);
    assert.deepEqual(
      await ids(collection.where('v', 'not-in', [1, 'a'])),
      expected.filter((id) => !['a', 'h', 'n'].includes(id)),
    );
    assert.deepEqual(await ids(collection.where('v', 'not-in', [1, null])), []);
  });

  it('finds elements of arrays', async () => {
    const collection = await collect({
      a: { tags: ['x', 'y', 'x'], n: 2 },
      b: { tags: ['y', { z: 1 }], n: 1 },
      c: { tags: 'x' },
    });
    assert.deepEqual(await ids(collection.where('tags', 'array-contains', 'x')), ['a']);
    assert.deepEqual(await ids(collection.where('tags', 'array-contains', { z: 1 })), ['b']);
    assert.deepEqual(await ids(collection.where('tags', 'array-contains-any', ['x', 'y'])), ['a', 'b']);
    assert.deepEqual(await ids(collection.where('tags', 'array-contains', 'y').orderBy('n')), ['b', 'a']);
  });

  it('breaks ties by name, in the direction of the last order', async () => {
    const collection = await collect({ b: { n: 1 }, a: { n: 1 }, c: { n: 0 }, '10': { n: 1 }, 'a!': { n: 1 } });
    assert.deepEqual(await ids(collection.orderBy('n')), ['c', '10', 'a', 'a!', 'b']);
    assert.deepEqual(await ids(collection.orderBy('n', 'desc')), ['b', 'a!', 'a', '10', 'c']);
    assert.deepEqual(await ids(collection.where('n', '==', 1).limit(2)), ['10', 'a']);
    assert.deepEqual(await ids(collection), ['10', 'a', 'a!', 'b', 'c']);
    assert.deepEqual(await ids(collection.orderBy(FieldPath.documentId(), 'desc')), ['c', 'b', 'a!', 'a', '10']);
  });

  it('combines filters with and, or, and ranges on several fields', async () => {
    const collection = await collect({
      a: { x: 1, y: 1 },
      b: { x: 1, y: 2 },
      c: { x: 2, y: 1 },
      d: { x: 3, y: 9 },
      e: { x: 4 },
    });
    const or = Filter.or(
      Filter.where('y', '==', 2),
      Filter.and(Filter.where('x', '==', 1), Filter.where('y', '<', 2)),
      Filter.where('x', 'in', [1, 3]),
    );
    assert.deepEqual(await ids(collection.where(or)), ['a', 'b', 'd']);
    assert.deepEqual(await ids(collection.where(or).orderBy('x', 'desc').limit(2)), ['d', 'b']);
    assert.deepEqual(await ids(collection.where('x', '>', 1).where('y', '<', 9)), ['c']);
    assert.deepEqual(await ids(collection.where('x', '>=', 1).where('y', '>', 0).orderBy('y', 'desc')), [
      'd',
      'b',
      'c',
      'a',
    ]);
    assert.deepEqual(await ids(collection.where('x', '==', 1).where('x', '==', 2)), []);
    assert.deepEqual(await ids(collection.where(Filter.or(Filter.where('x', '==', 1), Filter.where('x', '>', 3)))), [
      'a',
      'b',
      'e',
    ]);
    await assert.rejects(collection.where('x', 'in', [1, 2, 3, 4, 5, 6]).where('y', 'in', [1, 2, 3, 4, 5, 6]).get(), {
      code: 3,
    });
  });

  it('starts and ends at cursors, with offset and limits from both ends', async () => {
    const documents = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`d${i}`, { n: Math.floor(i / 2) }]));
    const collection = await collect(documents);
    const byN = collection.orderBy('n');
    assert.deepEqual(await ids(byN.startAt(3)), ['d6', 'd7', 'd8', 'd9']);
    assert.deepEqual(await ids(byN.startAfter(3)), ['d8', 'd9']);
    assert.deepEqual(await ids(byN.endBefore(1)), ['d0', 'd1']);
    assert.deepEqual(await ids(byN.endAt(1)), ['d0', 'd1', 'd2', 'd3']);
    assert.deepEqual(await ids(byN.startAfter(await collection.doc('d2').get()).limit(2)), ['d3', 'd4']);
    assert.deepEqual(await ids(byN.startAt(await collection.doc('d8').get())), ['d8', 'd9']);
    assert.deepEqual(await ids(byN.endBefore(await collection.doc('d2').get()).limitToLast(1)), ['d1']);
    assert.deepEqual(await ids(byN.limitToLast(3)), ['d7', 'd8', 'd9']);
    assert.deepEqual(await ids(byN.offset(3).limit(2)), ['d3', 'd4']);
    assert.deepEqual(await ids(byN.offset(30)), []);
    assert.deepEqual(await ids(collection.orderBy('n', 'desc').startAfter(1)), ['d1', 'd0']);
    assert.deepEqual(await ids(collection.orderBy('n', 'desc').startAt(1).endBefore(0)), ['d3', 'd2']);
    assert.deepEqual(await ids(collection.where('n', '>', 1).orderBy('n', 'desc').startAfter(3)), ['d5', 'd4']);
    const byName = FieldPath.documentId();
    assert.deepEqual(await ids(collection.where(byName, '>=', 'd8')), ['d8', 'd9']);
    assert.deepEqual(await ids(collection.where(byName, 'in', ['d9', 'd1', 'none'])), ['d1', 'd9']);
    assert.deepEqual(await ids(collection.where('n', '==', 0).where(byName, '>', 'd0')), ['d1']);
  });

  it('reads every page of a long result, and follows changes of the documents', async () => {
    const collection = test.db.collection('long');
    for (let from = 0; from < 1500; from += 500) {
      const batch = test.db.batch();
      for (let i = from; i < from + 500; i += 1)
        batch.set(collection.doc(String(i).padStart(5, '0')), { n: i, even: i % 2 === 0 });
      await batch.commit();
    }
    const even = collection.where('even', '==', true).orderBy('n', 'desc');
    const found = await even.get();
    assert.equal(found.size, 750);
    assert.equal(found.docs[0]?.get('n'), 1498);
    assert.equal(found.docs.at(-1)?.get('n'), 0);
    await collection.doc('01498').update({ even: false });
    await collection.doc('00001').update({ even: true, n: 5000 });
    await collection.doc('01496').delete();
    assert.deepEqual(await ids(even.limit(2)), ['00001', '01494']);
    assert.equal((await even.count().get()).data().count, 749);
  });

  it('selects fields', async () => {
    const collection = await collect({ a: { x: 1, y: { z: 2, w: 3 } } });
    const [doc] = (await collection.select('y.z').get()).docs;
    assert.deepEqual(doc?.data(), { y: { z: 2 } });
    const [name] = (await collection.select().get()).docs;
    assert.deepEqual(name?.data(), {});
    assert.equal(name?.id, 'a');
  });

  it('queries collection groups, everywhere and in partitions', async () => {
    const { db } = test;
    const batch = db.batch();
    for (let i = 0; i < 6; i += 1) batch.set(db.doc(`group-parents/p${i % 2}/leaves/l${i}`), { n: i });
    batch.set(db.doc('leaves/top'), { n: 10 });
    batch.set(db.doc('group-parents/p0/leavesnot/x'), { n: 11 });
    await batch.commit();
    assert.deepEqual(await ids(db.collectionGroup('leaves').orderBy('n', 'desc').limit(3)), ['top', 'l5', 'l4']);
    assert.deepEqual(await ids(db.collectionGroup('leaves')), ['l0', 'l2', 'l4', 'l1', 'l3', 'l5', 'top']);
    assert.deepEqual(await ids(db.collection('group-parents/p1/leaves').where('n', '>', 1)), ['l3', 'l5']);
    const found: string[] = [];
    let parts = 0;
    for await (const part of db.collectionGroup('leaves').getPartitions(3)) {
      parts += 1;
      found.push(...(await ids(part.toQuery())));
    }
    assert.equal(parts, 3);
    assert.deepEqual(found, ['l0', 'l2', 'l4', 'l1', 'l3', 'l5', 'top']);
  });

  it('counts, sums and averages', async () => {
    const collection = await collect({
      a: { n: 1, t: 'x' },
      b: { n: 2.5, t: 'x' },
      c: { n: 'no number', t: 'x' },
      d: { t: 'x' },
      e: { n: 4, t: 'y' },
    });
    const aggregates = {
      count: AggregateField.count(),
      sum: AggregateField.sum('n'),
      average: AggregateField.average('n'),
    };
    assert.deepEqual((await collection.aggregate(aggregates).get()).data(), { count: 4, sum: 7.5, average: 2.5 });
    const none = collection.where('t', '==', 'z');
    assert.deepEqual((await none.aggregate(aggregates).get()).data(), { count: 0, sum: 0, average: null });
    assert.equal((await collection.count().get()).data().count, 5);
    assert.equal((await collection.where('t', '==', 'x').count().get()).data().count, 4);
    assert.equal((await collection.orderBy('n').offset(1).limit(2).count().get()).data().count, 2);
    assert.equal((await collection.where('t', 'in', ['x', 'y']).count().get()).data().count, 5);
    const limited = collection.orderBy('n').startAfter(1).limit(1);
    assert.deepEqual((await limited.aggregate({ sum: AggregateField.sum('n') }).get()).data(), { sum: 2.5 });
  });

  it('lists collections and documents, missing parents too, and deletes recursively', async () => {
    const { db } = test;
    const batch = db.batch();
    batch.set(db.doc('tree/a'), { n: 1 });
    batch.set(db.doc('tree/missing/sub/x'), {});
    batch.set(db.doc('tree/missing/sub2/y/deep/z'), {});
    batch.set(db.doc('tree2/b'), {});
    await batch.commit();
    assert.deepEqual(
      (await db.collection('tree').listDocuments()).map((doc) => doc.id),
      ['a', 'missing'],
    );
    assert.deepEqual(
      (await db.doc('tree/missing').listCollections()).map((c) => c.id),
      ['sub', 'sub2'],
    );
    assert.ok((await db.listCollections()).some((collection) => collection.id === 'tree'));
    await db.recursiveDelete(db.collection('tree'));
    assert.deepEqual((await db.collection('tree').listDocuments()).length, 0);
    assert.equal((await db.doc('tree2/b').get()).exists, true);
    await db.doc('tree2/b/sub/c').set({});
    await db.recursiveDelete(db.doc('tree2/b'));
    assert.deepEqual(await ids(db.collectionGroup('tree2')), []);
  });

  it('sorts numeric ids first and by number', async () => {
    const collection = await collect({ __id10__: {}, __id9__: {}, a: {}, '__id-1__': {} });
    assert.deepEqual(await ids(collection), ['__id-1__', '__id9__', '__id10__', 'a']);
  });

  it('keeps projects and databases apart', async () => {
    const { connect } = await import('./testing.ts');
    const other = connect(test.cloud, { projectId: 'another', databaseId: 'second' });
    try {
      await test.db.doc('apart/x').set({ here: true });
      assert.equal((await other.doc('apart/x').get()).exists, false);
      const emitted = test.cloud.changes.length;
      await other.doc('apart/x').set({ here: false });
      assert.equal(test.cloud.changes.length, emitted);
      assert.equal((await test.db.doc('apart/x').get()).get('here'), true);
    } finally {
      await other.terminate();
    }
  });
});
