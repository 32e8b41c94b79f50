import assert from 'node:assert/strict';
import { FieldValue } from '@google-cloud/firestore';
import { decodeFields } from './codec.ts';
import { connect, startDatabase } from './testing.ts';

describe('local firestore: durability and events', () => {
  it('has every document, index and time after a restart on the same folder', async () => {
    const first = await startDatabase();
    const { folder } = first.cloud;
    const rooms = first.db.collection('rooms');
    await rooms.doc('a').set({ n: 2, open: true });
    const written = await rooms.doc('b').set({ n: 1, open: true });
    assert.equal((await rooms.where('open', '==', true).orderBy('n').get()).docs[0]?.id, 'b');
    await first.close({ keep: true });

    const second = await startDatabase({ folder });
    try {
      const again = second.db.collection('rooms');
      const found = await again.where('open', '==', true).orderBy('n').get();
      assert.deepEqual(
        found.docs.map((doc) => doc.id),
        ['b', 'a'],
      );
      assert.ok(found.docs[0]?.updateTime.isEqual(written.writeTime));
      const later = await again.doc('a').update({ n: 0 });
      assert.ok(later.writeTime.valueOf() > written.writeTime.valueOf());
      assert.deepEqual(
        (await again.where('open', '==', true).orderBy('n').get()).docs.map((doc) => doc.id),
        ['a', 'b'],
      );
    } finally {
      await second.close({ keep: true });
      const last = await startDatabase({ folder });
      assert.equal((await last.db.doc('rooms/a').get()).get('n'), 0);
      await last.db.terminate();
      await last.cloud.close();
      const { rm } = await import('node:fs/promises');
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('emits what was created, updated and deleted, with the old and the new document', async () => {
    const { cloud, db, close } = await startDatabase();
    try {
      const ref = db.doc('runs/run_1/logs/first');
      await ref.set({ a: 1, map: { x: 1, y: 2 } });
      await ref.update({ 'map.x': 5, b: 'new' });
      await ref.delete();
      await ref.delete();
      const [created, updated, deleted, ...more] = cloud.changes;
      assert.equal(more.length, 0);
      assert.ok(created?.kind === 'document' && updated?.kind === 'document' && deleted?.kind === 'document');
      assert.deepEqual([created.type, updated.type, deleted.type], ['created', 'updated', 'deleted']);
      assert.equal(created.path, 'runs/run_1/logs/first');
      assert.equal(created.database, '(default)');
      assert.match(created.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      const parts = fieldsOf(updated.data);
      assert.equal(decodeFields(parts.get(1) ?? new Uint8Array()).b?.valueType, 'stringValue');
      assert.deepEqual(Object.keys(decodeFields(parts.get(2) ?? new Uint8Array())), ['a', 'map']);
      const mask = Buffer.from(parts.get(3) ?? []).toString();
      assert.match(mask, /map\.x/);
      assert.doesNotMatch(mask, /map\.y/);
      assert.deepEqual([...fieldsOf(created.data).keys()], [1]);
      assert.deepEqual([...fieldsOf(deleted.data).keys()], [2]);
    } finally {
      await close();
    }
  });

  it('gives commits strictly rising times, however many come in a millisecond', async () => {
    const { db, close } = await startDatabase();
    try {
      const results = await Promise.all(Array.from({ length: 50 }, (_, i) => db.doc(`times/t${i}`).set({ i })));
      const times = results.map((result) => result.writeTime.valueOf());
      assert.equal(new Set(times).size, 50);
    } finally {
      await close();
    }
  });

  it('counts reads, writes and deletes as they are billed', async () => {
    const { cloud, db, close } = await startDatabase();
    try {
      await db.doc('bill/a').set({ n: 1 });
      await db.doc('bill/b').set({ n: 2 });
      await db.doc('bill/c').delete();
      await db.doc('bill/a').get();
      await db.collection('bill').get();
      await db.collection('bill').where('n', '>', 5).get();
      await db.collection('bill').count().get();
      assert.deepEqual(Object.fromEntries(cloud.meter), {
        'firestore.write': 2,
        'firestore.delete': 1,
        'firestore.read': 1 + 2 + 1 + 1,
      });
    } finally {
      await close();
    }
  });

  it('counts a read for a plan, and one more for each hundred vectors that a search looks at', async () => {
    const { cloud, db, close } = await startDatabase();
    const vector = FieldValue.vector([1, 2]);
    const near = { vectorField: 'v', queryVector: vector, limit: 2, distanceMeasure: 'COSINE' } as const;
    try {
      const batch = db.batch();
      for (let n = 0; n < 101; n++) batch.set(db.collection('vectors').doc(), { v: vector });
      await batch.commit();
      await db.collection('vectors').orderBy('v').explain();
      assert.equal(cloud.meter.get('firestore.read'), 1);
      assert.equal((await db.collection('vectors').findNearest(near).get()).size, 2);
      assert.equal(cloud.meter.get('firestore.read'), 1 + 2 + 2);
    } finally {
      await close();
    }
  });

  it('is there for a client that only knows FIRESTORE_EMULATOR_HOST', async () => {
    const { cloud, close } = await startDatabase();
    process.env.FIRESTORE_EMULATOR_HOST = `127.0.0.1:${cloud.port}`;
    const db = connect(cloud, { host: 'firestore.googleapis.com' });
    delete process.env.FIRESTORE_EMULATOR_HOST;
    try {
      await db.doc('emulator/a').set({ n: 1 });
      assert.equal((await db.doc('emulator/a').get()).get('n'), 1);
    } finally {
      await db.terminate();
      await close();
    }
  });
});

/** The length-delimited fields of a message, by number. */
function fieldsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const number = (bytes[at] ?? 0) >> 3;
    let length = 0;
    let shift = 0;
    do {
      at += 1;
      length |= ((bytes[at] ?? 0) & 0x7f) << shift;
      shift += 7;
    } while (((bytes[at] ?? 0) & 0x80) !== 0);
    fields.set(number, bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return fields;
}
