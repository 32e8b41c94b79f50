import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform } from '../platform/testing.ts';
import { runsCollection } from '../resources/collections.ts';
import { createdOnce, Documents, type Stored } from './documents.ts';

describe('the documents of a collection', () => {
  interface Thing extends Stored {
    readonly n?: number;
  }
  const stored = (data: object | undefined) => ({ data: () => data });
  function bench(current?: object) {
    const ref = {
      get: sinon.stub().resolves(stored(current)),
      create: sinon.stub().resolves(),
      update: sinon.stub().resolves(),
      onSnapshot: sinon.stub(),
    };
    const doc = sinon.stub().returns(ref);
    const transaction = { get: sinon.stub().resolves(stored(current)), update: sinon.stub(), delete: sinon.stub() };
    const firestore = {
      collection: sinon.stub().returns({ doc }),
      getAll: sinon.stub().callsFake(async (...refs: unknown[]) => refs.map(() => stored(current))),
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const platform = testPlatform({ clients: { firestore: async () => firestore } });
    return { ref, doc, firestore, transaction, documents: new Documents<Thing>(runsCollection, platform) };
  }

  it('are none where an id is not one of ours, and Firestore is not asked', async () => {
    const { documents, doc, firestore } = bench({ id: 'x' });
    for (const id of ['', 'a/b', 'a/b/c', '.', '..', '__id__', 'x'.repeat(200)]) {
      assert.equal(await documents.get(id), undefined, id);
      assert.deepEqual(await documents.getAll([id]), [undefined]);
      assert.equal(await documents.change(id, () => assert.fail()), undefined);
    }
    assert.equal(doc.callCount, 0);
    assert.equal(firestore.getAll.callCount, 0);
  });

  it('are given in the order of their ids, also when some are none', async () => {
    const { documents } = bench({ id: 'run_1' });
    assert.deepEqual(await documents.getAll(['run_1', 'a/b', 'run_1']), [{ id: 'run_1' }, undefined, { id: 'run_1' }]);
  });

  it('are asked for the fields that are wanted', async () => {
    const { documents, firestore } = bench({ n: 1 });
    assert.deepEqual(await documents.getAll(['run_1'], ['n']), [{ n: 1 }]);
    assert.deepEqual(firestore.getAll.firstCall.args.slice(1), [{ fieldMask: ['n'] }]);
  });

  it('are created once', async () => {
    const { documents, ref } = bench();
    const thing = { id: 'run_1', created_at: new Date(NOON), updated_at: new Date(NOON) };
    assert.equal(await documents.create(thing), true);
    ref.create.rejects(Object.assign(new Error('ALREADY_EXISTS'), { code: 6 }));
    assert.equal(await documents.create(thing), false);
    ref.create.rejects(new Error('UNAVAILABLE'));
    await assert.rejects(documents.create(thing), /UNAVAILABLE/);
  });

  it('are changed in a transaction, stamped, or left alone', async () => {
    const { documents, transaction } = bench({ id: 'run_1', n: 1 });
    assert.equal(await documents.change('run_1', () => undefined), undefined);
    assert.equal(transaction.update.callCount, 0);
    const changed = await documents.change('run_1', ({ n }) => ({ n: (n ?? 0) + 1 }));
    assert.deepEqual(changed, { id: 'run_1', n: 2, updated_at: new Date(NOON) });
    assert.deepEqual(transaction.update.firstCall.args[1], { n: 2, updated_at: new Date(NOON) });
  });

  it('are deleted as they are looked at, or left when that refuses', async () => {
    const { documents, transaction, ref } = bench({ id: 'run_1', n: 1 });
    const refuse = () => {
      throw new Error('another one');
    };
    await assert.rejects(documents.delete('run_1', refuse), /another one/);
    assert.equal(transaction.delete.callCount, 0);
    const seen: Thing[] = [];
    await documents.delete('run_1', (current) => void seen.push(current));
    assert.deepEqual([seen, transaction.delete.args], [[{ id: 'run_1', n: 1 }], [[ref]]]);
    const none = bench();
    await none.documents.delete('run_1', () => assert.fail());
    assert.equal(none.transaction.delete.callCount, 0);
  });

  it('that are not there are not changed', async () => {
    assert.equal(await bench().documents.change('run_1', () => assert.fail()), undefined);
  });

  describe('that are waited for', () => {
    function waiting(timeoutMs: number) {
      const { documents, ref } = bench();
      const stop = sinon.stub();
      let push: (snapshot: object) => void = () => {};
      let fail: (error: Error) => void = () => {};
      const listening = new Promise<void>((resolve) =>
        ref.onSnapshot.callsFake((onNext, onError) => {
          [push, fail] = [onNext, onError];
          resolve();
          return stop;
        }),
      );
      const found = documents.waitFor('run_1', (thing) => thing?.n === 2, timeoutMs);
      return {
        found,
        stop,
        listening,
        push: (data?: object) => push(stored(data)),
        fail: (error: Error) => fail(error),
      };
    }

    it('are given when they fit, and the listener is closed', async () => {
      const { found, stop, listening, push } = waiting(5000);
      await listening;
      push(undefined);
      push({ n: 1 });
      assert.equal(stop.callCount, 0);
      push({ n: 2 });
      assert.deepEqual(await found, { n: 2 });
      assert.equal(stop.callCount, 1);
    });

    it('are given as they are when the time is over', async () => {
      const { found, stop, listening, push } = waiting(20);
      await listening;
      push({ n: 1 });
      assert.deepEqual(await found, { n: 1 });
      assert.equal(stop.callCount, 1);
    });

    it('fail with the listener', async () => {
      const { found, listening, fail } = waiting(5000);
      await listening;
      fail(new Error('PERMISSION_DENIED'));
      await assert.rejects(found, /PERMISSION_DENIED/);
    });
  });
});

describe('what must not be there yet', () => {
  it('is written once', async () => {
    assert.equal(await createdOnce(async () => {}), true);
    assert.equal(await createdOnce(() => Promise.reject(Object.assign(new Error(), { code: 6 }))), false);
  });
});
