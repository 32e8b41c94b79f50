import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform } from '../platform/testing.ts';
import { LeaseLost, type PlannedSession, sessions } from './sessions.ts';

describe('sessions', () => {
  function bench(current?: object) {
    const batch = { create: sinon.stub(), commit: sinon.stub().resolves() };
    const transaction = { get: async () => ({ data: () => current }), update: sinon.stub(), create: sinon.stub() };
    const firestore = {
      collection: (name: string) => ({ doc: (id: string) => `${name}/${id}` }),
      batch: () => batch,
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const platform = testPlatform({ clients: { firestore: async () => firestore } });
    return { batch, transaction, service: sessions.make(platform) };
  }
  const planned = (id: string, checkpoints: number): PlannedSession =>
    ({
      session: { id, variables: { matrix: [[1]] }, row: { cells: [[2]] } },
      checkpoints: Array.from({ length: checkpoints }, (_, i) => ({ id: `${id}_${i}`, steps: [{ list: [[3]] }] })),
    }) as unknown as PlannedSession;

  it('are planned in batches that a commit can hold', async () => {
    const { batch, service } = bench();
    await service.plan([planned('ses_1', 250), planned('ses_2', 250), planned('ses_3', 10)]);
    assert.equal(batch.commit.callCount, 2);
    assert.equal(batch.create.callCount, 513);
  });

  it('are planned one by one where some exist already', async () => {
    const { batch, service } = bench();
    batch.commit.onFirstCall().rejects(Object.assign(new Error('ALREADY_EXISTS'), { code: 6 }));
    await service.plan([planned('ses_1', 1), planned('ses_2', 1)]);
    assert.equal(batch.commit.callCount, 3);
  });

  it('keep arrays in arrays, of variables and rows too', async () => {
    const { batch, transaction, service } = bench({ superseded: false, awaited: true });
    await service.plan([planned('ses_1', 1)]);
    await service.planRetry({ id: 'ses_1' } as never, planned('ses_2', 1));
    for (const { create } of [batch, transaction]) {
      const [[, session], [, checkpoint]] = create.args as [
        [string, { variables: object; row: object }],
        [string, object],
      ];
      assert.deepEqual(session.variables, { matrix: [{ _array: [1] }] });
      assert.deepEqual(session.row, { cells: [{ _array: [2] }] });
      assert.deepEqual((checkpoint as { steps: unknown }).steps, [{ list: [{ _array: [3] }] }]);
    }
  });

  it('are tried again once', async () => {
    const { transaction, service } = bench({ superseded: true, awaited: true });
    await service.planRetry({ id: 'ses_1' } as never, planned('ses_2', 1));
    assert.equal(transaction.create.callCount, 0);
    assert.equal(transaction.update.callCount, 0);
  });

  it('are not tried again when they were given up meanwhile', async () => {
    const { transaction, service } = bench({ superseded: false, awaited: false });
    await service.planRetry({ id: 'ses_1' } as never, planned('ses_2', 1));
    assert.equal(transaction.create.callCount + transaction.update.callCount, 0);
  });

  describe('are acquired', () => {
    const lease = (ms: number) => ({ owner: 'other', expires_at: new Date(NOON + ms) });

    it('by the first who asks, who notes what it is', async () => {
      const { transaction, service } = bench({ status: 'queued', resumed: 0 });
      const acquired = await service.acquire('ses_1', 'me', 30_000, { cold_start: true });
      assert.equal(acquired.kind === 'acquired' && acquired.resumed, false);
      const { updated_at: _stamp, ...change } = transaction.update.firstCall.args[1];
      assert.deepEqual(change, {
        status: 'running',
        started_at: new Date(NOON),
        cold_start: true,
        lease: { owner: 'me', expires_at: new Date(NOON + 30_000) },
      });
    });

    it('by another one when the lease has run out, which is counted', async () => {
      const { service } = bench({ status: 'running', resumed: 1, started_at: new Date(0), lease: lease(0) });
      const acquired = await service.acquire('ses_1', 'me', 30_000, { cold_start: true });
      assert.ok(acquired.kind === 'acquired' && acquired.resumed);
      assert.deepEqual(
        [acquired.session.resumed, acquired.session.cold_start, acquired.session.started_at],
        [2, undefined, new Date(0)],
      );
    });

    it('by nobody while somebody has them', async () => {
      const { service, transaction } = bench({ status: 'running', resumed: 0, lease: lease(1) });
      assert.deepEqual(await service.acquire('ses_1', 'me', 1, {}), { kind: 'busy', until: new Date(NOON + 1) });
      assert.equal(transaction.update.callCount, 0);
    });

    it('by nobody when they have ended or are not there', async () => {
      assert.deepEqual(await bench({ status: 'passed' }).service.acquire('ses_1', 'me', 1, {}), { kind: 'over' });
      assert.deepEqual(await bench().service.acquire('ses_1', 'me', 1, {}), { kind: 'over' });
    });
  });

  it('of a run that is cancelled end last where they run, so that nothing of it begins in their place', async () => {
    const stored = [
      { id: 'ses_1', status: 'running', awaited: true },
      { id: 'ses_2', status: 'queued', awaited: true },
      { id: 'ses_3', status: 'failed', awaited: true },
    ];
    const written: [string, unknown][] = [];
    const found = { get: async () => ({ docs: stored.map((one) => ({ data: () => one })) }), where: () => found };
    const transaction = {
      get: async (id: string) => ({ data: () => stored.find((one) => one.id === id) }),
      update: (id: string, { status }: { status?: string }) => void written.push([id, status]),
    };
    const firestore = {
      collection: () => ({ doc: (id: string) => id, where: () => found }),
      runTransaction: (work: (given: typeof transaction) => unknown) => work(transaction),
    };
    const service = sessions.make(testPlatform({ clients: { firestore: async () => firestore } }));
    assert.equal(await service.cancelOfRun('run_1'), 2);
    assert.deepEqual(written.slice(0, 2).sort(), [
      ['ses_2', 'cancelled'],
      ['ses_3', undefined],
    ]);
    assert.deepEqual(written.slice(2), [['ses_1', 'cancelled']]);
  });

  describe('are held', () => {
    const mine = { status: 'running', attempt: 1, attempts: 2, lease: { owner: 'me', expires_at: new Date(NOON) } };
    for (const [what, current] of Object.entries({
      'when somebody else has them': { ...mine, lease: { owner: 'other', expires_at: new Date(NOON) } },
      'when they have ended': { ...mine, status: 'cancelled' },
      'when they are gone': undefined,
    })) {
      it(`no longer ${what}`, async () => {
        await assert.rejects(bench(current).service.renew('ses_1', 'me', 1), LeaseLost);
        await assert.rejects(bench(current).service.finish('ses_1', 'me', { status: 'passed' }), LeaseLost);
      });
    }

    it('until they are given back, for others to take at once', async () => {
      const { service, transaction } = bench(mine);
      await service.release('ses_1', 'me');
      assert.deepEqual(transaction.update.firstCall.args[1].lease, { owner: 'me', expires_at: new Date(NOON) });
      const others = bench({ ...mine, lease: { owner: 'other', expires_at: new Date(NOON) } });
      await others.service.release('ses_1', 'me');
      assert.equal(others.transaction.update.callCount, 0);
    });

    it('to their end, in one write with the last checkpoint; of that nothing is written when they are not held', async () => {
      const last = { checkpoint: { id: 'chk_1', session_id: 'ses_1' }, outcome: { status: 'passed' as const } };
      const { service, transaction } = bench(mine);
      await service.finish('ses_1', 'me', { status: 'passed' }, last);
      assert.deepEqual(
        transaction.update.args.map(([ref, { status }]) => [ref, status]),
        [
          ['sessions/ses_1', 'passed'],
          ['checkpoints/chk_1', 'passed'],
        ],
      );
      const others = bench({ ...mine, status: 'cancelled' });
      await assert.rejects(others.service.finish('ses_1', 'me', { status: 'passed' }, last), LeaseLost);
      assert.equal(others.transaction.update.callCount, 0);
    });

    it('to their end, which the run awaits further when another attempt follows', async () => {
      for (const [status, awaited] of [
        ['passed', false],
        ['failed', true],
      ] as const) {
        const { service, transaction } = bench(mine);
        await service.finish('ses_1', 'me', { status });
        assert.equal(transaction.update.firstCall.args[1].awaited, awaited);
      }
    });
  });
});
