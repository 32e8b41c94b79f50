import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { ALREADY_EXISTS, type Clients, INVALID_ARGUMENT, NOT_FOUND, refused } from './clients.ts';

/** Writes that each succeed or fail by themselves. */
export function batchWrites({ db, gapic, collection, database, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const fresh = () => collection().doc();

  method('BatchWrite', {
    'has a status and a result for each write': async () => {
      const [a, b] = [fresh(), fresh()];
      const writes = [
        { update: { name: nameOf(a.path), fields: { n: { integerValue: 1 } } } },
        { update: { name: nameOf(b.path) }, currentDocument: { exists: true } },
      ];
      const [answer] = await gapic.batchWrite({ database, writes });
      assert.deepEqual(
        answer.status?.map((status) => status.code),
        [0, NOT_FOUND],
      );
      assert.ok(answer.writeResults?.[0]?.updateTime);
      assert.equal(answer.writeResults?.[1]?.updateTime, null);
      assert.equal((await a.get()).get('n'), 1);
    },
    'tells why a write has failed': async () => {
      const document = fresh();
      await document.set({});
      const writes = [{ update: { name: nameOf(document.path) }, currentDocument: { exists: false } }];
      const [answer] = await gapic.batchWrite({ database, writes });
      assert.equal(answer.status?.[0]?.code, ALREADY_EXISTS);
      assert.match(answer.status?.[0]?.message ?? '', /already exists/i);
    },
    'returns the results of transforms': async () => {
      const updateTransforms = [{ fieldPath: 'n', increment: { integerValue: 3 } }];
      const writes = [{ update: { name: nameOf(fresh().path) }, updateTransforms }];
      const [answer] = await gapic.batchWrite({ database, writes });
      assert.equal(String(answer.writeResults?.[0]?.transformResults?.[0]?.integerValue), '3');
    },
    'refuses to write a document twice': async () => {
      const write = { delete: nameOf(fresh().path) };
      await refused(
        gapic.batchWrite({ database, writes: [write, write] }),
        INVALID_ARGUMENT,
        /twice|multiple|duplicate/i,
      );
    },
    'answers with nothing to nothing': async () => {
      const [answer] = await gapic.batchWrite({ database, writes: [] });
      assert.deepEqual([answer.status, answer.writeResults], [[], []]);
    },
    'carries the writes of a bulk writer': async () => {
      const parent = collection();
      const writer = db.bulkWriter();
      const errors: number[] = [];
      writer.onWriteError((error) => {
        errors.push(error.code);
        return false;
      });
      const done = Array.from({ length: 30 }, (_, i) => writer.set(parent.doc(String(i)), { i }));
      const failed = writer.update(parent.doc('none'), { a: 1 });
      await Promise.all([...done, refused(failed, NOT_FOUND, /No document/), writer.close()]);
      assert.deepEqual(errors, [NOT_FOUND]);
      assert.equal((await parent.count().get()).data().count, 30);
    },
  });
  return all;
}
