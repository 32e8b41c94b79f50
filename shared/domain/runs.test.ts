import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform } from '../platform/testing.ts';
import { runs } from './runs.ts';

const counts = { passed: 1, failed: 1, error: 0 };

describe('runs', () => {
  function bench(current: object) {
    const transaction = {
      get: async () => ({ data: () => ({ totals: {}, selection: {}, ...current }) }),
      update: sinon.stub(),
    };
    const firestore = {
      collection: () => ({ doc: () => ({}) }),
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const service = runs.make(testPlatform({ clients: { firestore: async () => firestore } }));
    return { service, written: () => transaction.update.args.map(([, patch]) => patch as Record<string, unknown>) };
  }

  for (const [what, current, status] of [
    ['as their sessions have', {}, 'failed'],
    ['as cancelled when somebody wanted that', { cancel_requested_at: new Date(NOON) }, 'cancelled'],
    [
      'as their sessions have when a failure of their own ended them',
      { cancel_requested_at: new Date(NOON), failed_fast_by: 'ses_1' },
      'failed',
    ],
    ['in error when their time was over', { cancel_requested_at: new Date(NOON), timed_out: true }, 'error'],
  ] as const) {
    it(`end ${what}`, async () => {
      const { service, written } = bench({ status: 'running', ...current });
      await service.settle('run_1', 'ses_2', counts);
      assert.deepEqual([written()[0]?.status, written()[0]?.settled_by], [status, 'ses_2']);
    });
  }

  it('whose time is over are to end, once, and say why', async () => {
    const { service, written } = bench({ status: 'running', selection: { runTimeout: 5000 } });
    assert.ok((await service.endOverdue('run_1'))?.timed_out);
    assert.match(String(written()[0]?.error), /longer than its 5000 ms/);
    for (const current of [{ status: 'passed' }, { status: 'running', cancel_requested_at: new Date(NOON) }]) {
      const other = bench(current);
      assert.equal(await other.service.endOverdue('run_1'), undefined);
      assert.deepEqual(other.written(), []);
    }
  });

  it('that fail fast end with their first failure, once', async () => {
    const { service, written } = bench({ status: 'running', selection: { failFast: true } });
    await service.failFast('run_1', 'ses_1');
    const [{ cancel_requested_at: at, failed_fast_by: by } = {}] = written();
    assert.deepEqual([at, by], [new Date(NOON), 'ses_1']);
  });

  for (const [what, current] of [
    ['do not fail fast', {}],
    ['have ended', { status: 'failed', selection: { failFast: true } }],
    ['are to be cancelled', { selection: { failFast: true }, cancel_requested_at: new Date(NOON) }],
  ] as const) {
    it(`that ${what} stay as they are when a session fails`, async () => {
      const { service, written } = bench({ status: 'running', ...current });
      await service.failFast('run_1', 'ses_1');
      assert.deepEqual(written(), []);
    });
  }
});
