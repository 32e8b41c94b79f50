import assert from 'node:assert/strict';
import { FieldPath, FieldValue, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { ALREADY_EXISTS, type Clients, FAILED_PRECONDITION, INVALID_ARGUMENT, NOT_FOUND, refused } from './clients.ts';

/** What a commit writes, and when it does not. */
export function commits({ db, gapic, collection, database, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const fresh = () => collection().doc();

  method('Commit', {
    'creates a document with equal create and update times': async () => {
      const document = fresh();
      const { writeTime } = await document.create({ n: 1 });
      const { createTime, updateTime } = await document.get();
      assert.ok(createTime?.isEqual(writeTime) && updateTime?.isEqual(writeTime));
    },
    'refuses to create a document that is there': async () => {
      const document = fresh();
      await document.create({ n: 1 });
      await refused(document.create({ n: 2 }), ALREADY_EXISTS, /already exists/i);
      assert.deepEqual((await document.get()).data(), { n: 1 });
    },
    'replaces a document and keeps its create time': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ a: 1 });
      await document.set({ b: 2 });
      const { createTime, updateTime, data } = await document.get().then((s) => ({ ...times(s), data: s.data() }));
      assert.deepEqual(data, { b: 2 });
      assert.ok(createTime?.isEqual(writeTime));
      assert.ok((updateTime?.valueOf() ?? '') > writeTime.valueOf());
    },
    'merges the fields that are given, as deep as they are given': async () => {
      const document = fresh();
      await document.set({ a: { x: 1, y: 2 }, b: 1 });
      await document.set({ a: { y: 3 }, c: [] }, { merge: true });
      assert.deepEqual((await document.get()).data(), { a: { x: 1, y: 3 }, b: 1, c: [] });
    },
    'merges only the fields of a mask': async () => {
      const document = fresh();
      await document.set({ a: 1, b: 1 });
      await document.set({ a: 2, b: 2 }, { mergeFields: ['a'] });
      assert.deepEqual((await document.get()).data(), { a: 2, b: 1 });
    },
    'replaces a map by an empty one when that is merged': async () => {
      const document = fresh();
      await document.set({ a: { x: 1 } });
      await document.set({ a: {} }, { merge: true });
      assert.deepEqual((await document.get()).data(), { a: {} });
    },
    'updates nested fields by their paths': async () => {
      const document = fresh();
      await document.set({ a: { x: 1, y: 2 } });
      await document.update({ 'a.x': 5, 'b.c.d': true });
      assert.deepEqual((await document.get()).data(), { a: { x: 5, y: 2 }, b: { c: { d: true } } });
    },
    'updates a field whose name has dots, quotes and backslashes': async () => {
      const document = fresh();
      await document.set({ 'a.b': 1, 'c`d\\e': 1 });
      await document.update(new FieldPath('a.b'), 2, new FieldPath('c`d\\e', 'f g'), 3);
      assert.deepEqual((await document.get()).data(), { 'a.b': 2, 'c`d\\e': { 'f g': 3 } });
    },
    'deletes fields': async () => {
      const document = fresh();
      await document.set({ a: 1, b: { c: 1, d: 2 } });
      await document.update({ a: FieldValue.delete(), 'b.c': FieldValue.delete(), gone: FieldValue.delete() });
      assert.deepEqual((await document.get()).data(), { b: { d: 2 } });
    },
    'turns a value into a map when a field below it is updated': async () => {
      const document = fresh();
      await document.set({ a: 1 });
      await document.update({ 'a.b': 2 });
      assert.deepEqual((await document.get()).data(), { a: { b: 2 } });
    },
    'refuses to update a document that is not there': async () => {
      await refused(fresh().update({ a: 1 }), NOT_FOUND, /No document to update/);
    },
    'deletes a document, whether it is there or not': async () => {
      const document = fresh();
      await document.set({ a: 1 });
      await document.delete();
      await document.delete();
      assert.equal((await document.get()).exists, false);
    },
    'refuses to delete a document that must exist': async () => {
      await refused(fresh().delete({ exists: true }), NOT_FOUND, /No document to/);
    },
    'gives a document that is created again a new create time': async () => {
      const document = fresh();
      const first = await document.set({ a: 1 });
      await document.delete();
      const second = await document.set({ a: 1 });
      assert.ok((await document.get()).createTime?.isEqual(second.writeTime));
      assert.ok(second.writeTime.valueOf() > first.writeTime.valueOf());
    },
    'updates on condition of the last update time': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ n: 1 });
      await document.update({ n: 2 }, { lastUpdateTime: writeTime });
      await refused(document.update({ n: 3 }, { lastUpdateTime: writeTime }), FAILED_PRECONDITION, /does not match/);
      assert.deepEqual((await document.get()).data(), { n: 2 });
    },
    'deletes on condition of the last update time': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ n: 1 });
      await refused(document.delete({ lastUpdateTime: Timestamp.fromMillis(1000) }), FAILED_PRECONDITION, /match/);
      await document.delete({ lastUpdateTime: writeTime });
      assert.equal((await document.get()).exists, false);
    },
    'fails the condition on the update time of a document that is not there': async () => {
      const condition = { lastUpdateTime: Timestamp.fromMillis(1000) };
      await refused(fresh().delete(condition), FAILED_PRECONDITION, /does not match/);
    },
    'keeps the update time when a write changes nothing': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ n: 1, m: { a: [1, 'x'] } });
      const again = await document.set({ n: 1, m: { a: [1, 'x'] } });
      assert.ok(again.writeTime.isEqual(writeTime));
      assert.ok((await document.get()).updateTime?.isEqual(writeTime));
    },
    'takes an integer and an equal double for different values': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ n: 1 });
      const write = { update: { name: nameOf(document.path), fields: { n: { doubleValue: 1 } } } };
      const [{ commitTime }] = await gapic.commit({ database, writes: [write] });
      const updated = (await document.get()).updateTime;
      assert.ok(!updated?.isEqual(writeTime));
      assert.equal(String(updated?.seconds), String(commitTime?.seconds));
    },
    'writes all of a batch or nothing': async () => {
      const [good, missing] = [fresh(), fresh()];
      await refused(db.batch().set(good, { a: 1 }).update(missing, { a: 1 }).commit(), NOT_FOUND, /No document/);
      assert.equal((await good.get()).exists, false);
    },
    'gives all writes of a batch one time': async () => {
      const [a, b] = [fresh(), fresh()];
      const results = await db.batch().set(a, { n: 1 }).create(b, { n: 2 }).commit();
      assert.equal(new Set(results.map((result) => result.writeTime.valueOf())).size, 1);
    },
    'applies several writes of one document in order': async () => {
      const document = fresh();
      await db.batch().set(document, { n: 1 }).update(document, { m: 2 }).delete(document).commit();
      assert.equal((await document.get()).exists, false);
      await db.batch().create(document, { n: 1 }).update(document, { m: 2 }).commit();
      assert.deepEqual((await document.get()).data(), { n: 1, m: 2 });
    },
    'takes more than 500 writes at once': async () => {
      const parent = collection();
      const batch = db.batch();
      for (let i = 0; i < 501; i += 1) batch.set(parent.doc(String(i)), { i });
      assert.equal((await batch.commit()).length, 501);
    },
    'gives commits strictly rising times': async () => {
      const parent = collection();
      const results = await Promise.all(Array.from({ length: 20 }, (_, i) => parent.doc().set({ i })));
      assert.equal(new Set(results.map((result) => result.writeTime.valueOf())).size, 20);
    },
    'does nothing when there is nothing to write': async () => {
      const [answer] = await gapic.commit({ database, writes: [] });
      assert.deepEqual(answer.writeResults, []);
      assert.ok(answer.commitTime);
    },
    'refuses a write without an operation': async () => {
      await refused(gapic.commit({ database, writes: [{}] }), INVALID_ARGUMENT, /operation/);
    },
    'refuses a document of another database': async () => {
      const name = `${database.replace('(default)', 'other')}/documents/c/d`;
      await refused(gapic.commit({ database, writes: [{ delete: name }] }), INVALID_ARGUMENT, /database/);
    },
    'refuses the name of a collection': async () => {
      await refused(gapic.commit({ database, writes: [{ delete: nameOf('c') }] }), INVALID_ARGUMENT, /lacks "\/"/);
    },
    'refuses a mask with a malformed path': async () => {
      const update = { name: nameOf(fresh().path), fields: {} };
      for (const path of ['a..b', '.a', 'a.', '`a', '1a', 'a b']) {
        const writes = [{ update, updateMask: { fieldPaths: [path] } }];
        await refused(gapic.commit({ database, writes }), INVALID_ARGUMENT, /invalid|not closed/);
      }
    },
    'refuses a mask with the name of the document': async () => {
      const update = { name: nameOf(fresh().path), fields: {} };
      const writes = [{ update, updateMask: { fieldPaths: ['__name__'] } }];
      await refused(gapic.commit({ database, writes }), INVALID_ARGUMENT, /__name__/);
    },
    'writes nothing with an empty mask, but makes the document': async () => {
      const document = fresh();
      const update = { name: nameOf(document.path), fields: { a: { integerValue: 1 } } };
      await gapic.commit({ database, writes: [{ update, updateMask: { fieldPaths: [] } }] });
      assert.deepEqual((await document.get()).data(), {});
    },
    'returns every type of value as it was written': async () => {
      const document = fresh();
      const value = {
        nothing: null,
        yes: true,
        integer: 7,
        double: 0.5,
        infinite: Number.NEGATIVE_INFINITY,
        nan: Number.NaN,
        time: new Timestamp(1_700_000_000, 123_456_000),
        text: 'ü😀\u0000',
        bytes: Buffer.from([0, 255, 1]),
        reference: document,
        place: new GeoPoint(-90, 180),
        list: [1, 'x', { a: [2] }, null],
        map: { deep: { deeper: { a: 1 } }, empty: {} },
        vector: FieldValue.vector([1, 2.5]),
      };
      await document.set(value);
      const read = (await document.get()).data() ?? {};
      assert.ok(document.isEqual(read.reference) && value.vector.isEqual(read.vector));
      const { reference: _r, vector: _v, ...plain } = value;
      const { reference: _s, vector: _w, ...readPlain } = read;
      assert.deepEqual(readPlain, plain);
    },
    'cuts timestamps to microseconds': async () => {
      const document = fresh();
      await document.set({ t: new Timestamp(1, 123_456_789) });
      assert.equal((await document.get()).get('t').nanoseconds, 123_456_000);
    },
    'keeps integers beyond 2^53': async () => {
      const document = fresh();
      await document.set({ n: 9_007_199_254_740_993n, m: -(2n ** 63n) });
      const [{ fields }] = await gapic.getDocument({ name: nameOf(document.path) });
      assert.equal(String(fields?.n?.integerValue), '9007199254740993');
      assert.equal(String(fields?.m?.integerValue), '-9223372036854775808');
    },
  });
  return all;
}

function times<T extends { createTime?: Timestamp; updateTime?: Timestamp }>({ createTime, updateTime }: T) {
  return { createTime, updateTime };
}
