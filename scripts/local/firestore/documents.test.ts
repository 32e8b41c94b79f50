import assert from 'node:assert/strict';
import { FieldPath, FieldValue, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { connect, startDatabase, type TestDatabase } from './testing.ts';

describe('local firestore: documents', () => {
  let test: TestDatabase;
  before(async () => {
    test = await startDatabase();
  });
  after(() => test.close());

  it('returns every type of value as it was written', async () => {
    const { db } = test;
    const data = {
      text: 'grüße 😀',
      whole: 7,
      fraction: 1.5,
      nan: Number.NaN,
      negativeZero: -0,
      yes: true,
      nothing: null,
      when: new Timestamp(1_700_000_000, 123_456_000),
      bytes: Buffer.from([0, 1, 255]),
      place: new GeoPoint(52.5, 13.4),
      list: [1, 'a', { b: null }],
      map: { 'dotted.name': 1, '`': { deep: [true] } },
      other: db.doc('a/b'),
      vector: FieldValue.vector([1, 2.5]),
    };
    const ref = db.doc('values/all');
    const written = await ref.set(data);
    const snapshot = await ref.get();
    assert.deepEqual(snapshot.get('map'), data.map);
    assert.ok(snapshot.get('vector').isEqual(data.vector));
    assert.ok(snapshot.get('when').isEqual(data.when));
    assert.ok(snapshot.get('other').isEqual(data.other));
    assert.ok(Object.is(snapshot.get('negativeZero'), -0));
    assert.deepEqual(snapshot.get('list'), data.list);
    assert.deepEqual(snapshot.get('bytes'), data.bytes);
    assert.equal(snapshot.get('text'), data.text);
    assert.ok(snapshot.createTime?.isEqual(written.writeTime));
    assert.ok(snapshot.updateTime?.isEqual(written.writeTime));
  });

  it('cuts timestamps to microseconds', async () => {
    const ref = test.db.doc('values/time');
    await ref.set({ at: new Timestamp(1, 123_456_789) });
    assert.ok((await ref.get()).get('at').isEqual(new Timestamp(1, 123_456_000)));
  });

  it('replaces a vector, as any value that is no map, when a field below it is written', async () => {
    const ref = test.db.doc('values/vector');
    await ref.set({ v: FieldValue.vector([1, 2]) });
    await ref.update({ 'v.x': 1 });
    assert.deepEqual((await ref.get()).data(), { v: { x: 1 } });
  });

  it('answers with the codes of the service when a document is missing or there already', async () => {
    const ref = test.db.doc('codes/one');
    await assert.rejects(ref.update({ a: 1 }), { code: 5 });
    await ref.create({ a: 1 });
    await assert.rejects(ref.create({ a: 2 }), { code: 6 });
    await ref.delete();
    await ref.delete();
    await assert.rejects(ref.delete({ exists: true }), { code: 5 });
    assert.equal((await ref.get()).exists, false);
  });

  it('enforces update times', async () => {
    const ref = test.db.doc('codes/two');
    const first = await ref.set({ a: 1 });
    const second = await ref.update({ a: 2 }, { lastUpdateTime: first.writeTime });
    await assert.rejects(ref.update({ a: 3 }, { lastUpdateTime: first.writeTime }), { code: 9 });
    await assert.rejects(ref.delete({ lastUpdateTime: first.writeTime }), { code: 9 });
    await ref.delete({ lastUpdateTime: second.writeTime });
  });

  it('keeps the update time, and emits nothing, when a write changes nothing', async () => {
    const ref = test.db.doc('same/one');
    const first = await ref.set({ a: 1, b: { c: [1] } });
    const changes = test.cloud.changes.length;
    const second = await ref.set({ b: { c: [1] }, a: 1 });
    const third = await ref.update({ 'b.c': [1] });
    assert.ok(first.writeTime.isEqual(second.writeTime) && first.writeTime.isEqual(third.writeTime));
    assert.equal(test.cloud.changes.length, changes);
    const fourth = await ref.update({ a: 2 });
    assert.ok(fourth.writeTime.valueOf() > first.writeTime.valueOf());
    assert.ok((await ref.get()).createTime?.isEqual(first.writeTime));
  });

  it('updates, merges and deletes by field path', async () => {
    const ref = test.db.doc('paths/one');
    await ref.set({ keep: 1, map: { a: 1, b: 2, 'x.y': 3 } });
    await ref.update(
      new FieldPath('map', 'x.y'),
      4,
      'map.b',
      FieldValue.delete(),
      new FieldPath('we`ird\\'),
      5,
      'gone',
      FieldValue.delete(),
    );
    assert.deepEqual((await ref.get()).data(), { keep: 1, map: { a: 1, 'x.y': 4 }, 'we`ird\\': 5 });
    await ref.set({ map: { a: 9 }, fresh: { z: 1 } }, { merge: true });
    await ref.set({ keep: FieldValue.delete(), map: {} }, { mergeFields: ['keep'] });
    assert.deepEqual((await ref.get()).data(), { map: { a: 9, 'x.y': 4 }, fresh: { z: 1 }, 'we`ird\\': 5 });
    await test.db.doc('paths/empty').set({}, { merge: true });
    assert.deepEqual((await test.db.doc('paths/empty').get()).data(), {});
  });

  it('applies several transforms in one write', async () => {
    const ref = test.db.doc('transforms/one');
    await ref.set({ n: 1, list: [1, 2, 2, 'x'], half: 0.5, text: 'no number' });
    await ref.update({
      n: FieldValue.increment(2),
      half: FieldValue.increment(1),
      text: FieldValue.increment(3),
      fresh: FieldValue.increment(4),
      list: FieldValue.arrayUnion(2, 3, 3),
      tags: FieldValue.arrayUnion('a'),
      at: FieldValue.serverTimestamp(),
    });
    const data = (await ref.get()).data();
    assert.ok(data?.at instanceof Timestamp);
    const { at: _at, ...rest } = data;
    assert.deepEqual(rest, { n: 3, half: 1.5, text: 3, fresh: 4, list: [1, 2, 2, 'x', 3], tags: ['a'] });
    await ref.update({ list: FieldValue.arrayRemove(2, 'x', 'absent') });
    assert.deepEqual((await ref.get()).get('list'), [1, 3]);
  });

  it('keeps integers beyond 2^53, and stops increments at the ends of 64 bits', async () => {
    const db = connect(test.cloud, { useBigInt: true });
    try {
      const ref = db.doc('integers/one');
      await ref.set({ n: 9_007_199_254_740_993n });
      await ref.update({ n: FieldValue.increment(2) });
      assert.equal((await ref.get()).get('n'), 9_007_199_254_740_995n);
      await ref.set({ n: 2n ** 63n - 2n });
      await ref.update({ n: FieldValue.increment(5) });
      assert.equal((await ref.get()).get('n'), 2n ** 63n - 1n);
      await db.doc('integers/two').set({ n: 2n ** 63n - 2n });
      const found = await db
        .collection('integers')
        .where('n', '<', 2n ** 63n - 1n)
        .get();
      assert.deepEqual(
        found.docs.map((doc) => doc.id),
        ['two'],
      );
    } finally {
      await db.terminate();
    }
  });

  it('refuses reserved ids, large documents and deep maps', async () => {
    const { db } = test;
    await assert.rejects(db.doc('limits/__reserved__').set({}), { code: 3 });
    await assert.rejects(db.doc('limits/large').set({ a: 'x'.repeat(1024 * 1024) }), { code: 3, message: /1,048,576/ });
    await assert.rejects(db.doc('limits/name').set({ __name__x__: 1 }), { code: 3 });
    await db.doc('limits/fits').set({ a: 'x'.repeat(1024 * 1024 - 200) });
    assert.equal((await db.doc('limits/fits').get()).get('a').length, 1024 * 1024 - 200);
  });

  it('writes a batch whole or not at all', async () => {
    const { db } = test;
    const batch = db.batch();
    batch.set(db.doc('batch/one'), { a: 1 });
    batch.update(db.doc('batch/missing'), { a: 1 });
    await assert.rejects(batch.commit(), { code: 5 });
    assert.equal((await db.doc('batch/one').get()).exists, false);
    const good = db.batch();
    good.create(db.doc('batch/two'), { n: 1 });
    good.update(db.doc('batch/two'), { n: FieldValue.increment(1) });
    good.set(db.doc('batch/three'), {});
    good.delete(db.doc('batch/three'));
    const results = await good.commit();
    assert.equal(results.length, 4);
    assert.deepEqual((await db.doc('batch/two').get()).data(), { n: 2 });
    assert.equal((await db.doc('batch/three').get()).exists, false);
  });

  it('reports a status for every write of a bulk writer', async () => {
    const { db } = test;
    const writer = db.bulkWriter();
    writer.onWriteError(() => false);
    const outcomes = Promise.allSettled([
      writer.create(db.doc('bulk/one'), { a: 1 }),
      writer.update(db.doc('bulk/missing'), { a: 1 }),
      writer.set(db.doc('bulk/two'), { a: 2 }),
    ]);
    await writer.close();
    assert.deepEqual(
      (await outcomes).map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('gets several documents, with a mask', async () => {
    const { db } = test;
    await db.doc('many/one').set({ a: 1, b: { c: 2, d: 3 } });
    const [one, missing] = await db.getAll(db.doc('many/one'), db.doc('many/none'), { fieldMask: ['b.c'] });
    assert.deepEqual(one?.data(), { b: { c: 2 } });
    assert.equal(missing?.exists, false);
  });
});
