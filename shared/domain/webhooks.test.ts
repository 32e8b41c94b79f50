import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform } from '../platform/testing.ts';
import { webhooks } from './webhooks.ts';

describe('a webhook', () => {
  function bench(stored: object | undefined) {
    const transaction = { get: sinon.stub().resolves({ data: () => stored }), update: sinon.stub() };
    const ref = { update: sinon.stub().rejects(new Error('NOT_FOUND')) };
    const firestore = {
      collection: () => ({ doc: () => ref }),
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const platform = testPlatform({ clients: { firestore: async () => firestore } });
    return { transaction, service: webhooks.make(platform) };
  }
  const webhook = { id: 'whk_1', user_id: 'usr_1' } as never;

  it('that fails is known to', async () => {
    const { transaction, service } = bench({ id: 'whk_1' });
    await service.setFailing(webhook, true);
    assert.deepEqual(transaction.update.firstCall.args[1].failing_since, new Date(NOON));
  });

  it('that was deleted while it was delivered to stays deleted', async () => {
    const { transaction, service } = bench(undefined);
    await service.setFailing(webhook, true);
    assert.equal(transaction.update.callCount, 0);
  });
});
