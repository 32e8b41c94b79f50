import assert from 'node:assert/strict';
import sinon from 'sinon';
import { updateTogether } from './update-together.ts';

describe('documents that are updated together', () => {
  function bench() {
    const made: { readonly ref: unknown; readonly settle: () => void }[] = [];
    const update = sinon.stub().callsFake((ref: unknown) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const changed = Object.assign(new Error('FAILED_PRECONDITION'), { code: 9 });
      made.push({ ref, settle: () => (ref === 'changed' ? reject(changed) : resolve()) });
      return promise;
    });
    const close = sinon.stub().callsFake(async () => {
      for (const { settle } of made.splice(0)) settle();
    });
    const bulkWriter = sinon.stub().returns({ update, close });
    const firestore = { bulkWriter };
    const write = (ref: string, patch = {}) =>
      updateTogether(firestore as never, ref as never, patch, { exists: true });
    return { bulkWriter, update, close, write };
  }

  it('are those of one turn, sent at once and at no set pace', async () => {
    const { bulkWriter, update, close, write } = bench();
    await Promise.all([write('a', { n: 1 }), write('b', { n: 2 })]);
    assert.deepEqual(update.args, [
      ['a', { n: 1 }, { exists: true }],
      ['b', { n: 2 }, { exists: true }],
    ]);
    assert.equal(close.callCount, 1);
    await write('c');
    assert.equal(close.callCount, 2);
    assert.deepEqual(bulkWriter.args, [[{ throttling: false }], [{ throttling: false }]]);
  });

  it('are updated or not, each by itself', async () => {
    const { write } = bench();
    const [kept, changed] = await Promise.allSettled([write('a'), write('changed')]);
    assert.equal(kept?.status, 'fulfilled');
    assert.equal(changed?.status === 'rejected' && changed.reason.code, 9);
  });
});
