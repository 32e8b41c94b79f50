import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { SessionEntity } from '../../schemas/entities.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aCheckpoint, aRun, aSession } from '../testing.ts';
import { onSession } from './handler.ts';

describe('on-session', () => {
  function bench() {
    const runs = { settle: sinon.stub().resolves(undefined), failFast: sinon.stub().resolves() };
    const sessions = {
      countAwaited: sinon.stub().resolves(0),
      countVerdicts: sinon.stub().resolves({ passed: 1, failed: 0, error: 0 }),
      planRetry: sinon.stub().resolves(),
    };
    const checkpoints = { ofSession: sinon.stub().resolves([aCheckpoint({ status: 'failed' })]) };
    const slots = { fill: sinon.stub().resolves() };
    const queue = { enqueue: sinon.stub().resolves() };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const services = withBase({ runs, sessions, checkpoints, slots, queue, events } as never);
    return {
      runs,
      sessions,
      slots,
      queue,
      events,
      react: (before: SessionEntity | undefined, after: SessionEntity | undefined) =>
        onSession({ eventId: 'e', id: 'ses_1', before, after } as never, services as never),
      published: () => events.publish.args.flatMap(([list]) => list.map(toCloudEvent)),
    };
  }
  const at = (ms: number) => new Date(NOON + ms);
  const running = aSession({ started_at: at(0) });
  const passed = aSession({ status: 'passed', started_at: at(0), ended_at: at(5000), passed_steps: 1 });
  const failed = aSession({ ...passed, status: 'failed', attempts: 2 });

  it('lets a run that fails fast know of a failure, once no attempt is left', async () => {
    const { runs, react } = bench();
    await react(running, failed);
    assert.deepEqual([runs.failFast.callCount, runs.settle.callCount], [0, 0]);
    for (const status of ['failed', 'error'] as const) await react(running, { ...failed, status, attempt: 2 });
    assert.deepEqual(runs.failFast.args, [
      ['run_1', 'ses_1'],
      ['run_1', 'ses_1'],
    ]);
    sinon.assert.callOrder(runs.failFast, runs.settle);
    await react(running, passed);
    await react(running, { ...passed, status: 'cancelled' });
    assert.equal(runs.failFast.callCount, 2);
  });

  it('tells that a session has started', async () => {
    const { react, published } = bench();
    await react(aSession({ status: 'queued' }), running);
    assert.deepEqual(
      published().map(({ type }) => type),
      ['session.started'],
    );
  });

  it('tells of every time that it was resumed', async () => {
    const { react, published } = bench();
    await react(running, { ...running, resumed: 1 });
    await react({ ...running, resumed: 1 }, { ...running, resumed: 2 });
    assert.deepEqual(
      published().map(({ type, data }) => [type, data.resumed]),
      [
        ['session.resumed', 1],
        ['session.resumed', 2],
      ],
    );
    assert.equal(new Set(published().map(({ id }) => id)).size, 2);
  });

  it('tells how it ended', async () => {
    const { react, published } = bench();
    await react(running, { ...passed, row_index: 2, gb_seconds: 10, billable_operations: 7, cold_start: true });
    const [event] = published();
    assert.equal(event?.type, 'session.completed');
    assert.equal(event?.time, at(5000).toISOString());
    const { status, row, duration_ms, queued_ms, gb_seconds } = event?.data ?? {};
    assert.deepEqual([status, row, duration_ms, queued_ms, gb_seconds], ['passed', 2, 5000, 60_000, 10]);
  });

  it('tells all of it when one change says all of it', async () => {
    const { react, published } = bench();
    await react(aSession({ status: 'queued' }), passed);
    assert.deepEqual(
      published().map(({ type }) => type),
      ['session.started', 'session.completed'],
    );
  });

  it('tells no negative time, although instances have clocks of their own', async () => {
    const { runs, react, published } = bench();
    runs.settle.resolves(aRun({ status: 'passed', started_at: at(9), ended_at: at(5) }));
    await react(running, { ...passed, started_at: at(5001), created_at: at(6000) });
    assert.deepEqual(
      published().map(({ data }) => data.duration_ms),
      [0, 0],
    );
  });

  for (const [what, before, after] of [
    ['renews its lease', running, { ...running, lease: { owner: 'o', expires_at: at(1) } }],
    ['had ended before', passed, { ...passed, superseded: true }],
    ['is deleted', passed, undefined],
    ['is created', undefined, aSession({ status: 'queued' })],
  ] as const) {
    it(`says and does nothing when it ${what}`, async () => {
      const { runs, sessions, react, published } = bench();
      await react(before, after);
      assert.deepEqual(published(), []);
      assert.equal(runs.settle.callCount + sessions.planRetry.callCount, 0);
    });
  }

  it('puts one that was held back on the queue when it is let go, under the same name however often it is told', async () => {
    const { queue, react } = bench();
    const held = aSession({ status: 'queued', held: 'slot' });
    await react(held, { ...held, held: null });
    await react(held, { ...held, held: null });
    const task = { to: 'run-session', name: 'ses_1', payload: { session_id: 'ses_1' } };
    assert.deepEqual(queue.enqueue.args, [[[task]], [[task]]]);
  });

  it('puts none on the queue that only has its turn, or that is cancelled', async () => {
    const { queue, react } = bench();
    await react(aSession({ status: 'queued', held: 'turn' }), aSession({ status: 'queued', held: 'slot' }));
    await react(aSession({ status: 'queued', held: 'slot' }), aSession({ status: 'cancelled', held: null }));
    assert.equal(queue.enqueue.callCount, 0);
  });

  describe('at the end of a session', () => {
    it('settles the run when nothing is awaited any more, and tells its verdict', async () => {
      const { runs, react, published } = bench();
      runs.settle.resolves(aRun({ status: 'passed', started_at: at(0), ended_at: at(6000) }));
      await react(running, passed);
      assert.deepEqual(runs.settle.args, [['run_1', 'ses_1', { passed: 1, failed: 0, error: 0 }]]);
      const event = published().at(-1);
      assert.deepEqual([event?.type, event?.data.status, event?.data.duration_ms], ['run.completed', 'passed', 6000]);
    });

    it('leaves the run open while sessions are awaited', async () => {
      const { runs, sessions, react } = bench();
      sessions.countAwaited.resolves(1);
      await react(running, passed);
      assert.equal(runs.settle.callCount, 0);
    });

    it('is silent when another session has settled the run', async () => {
      const { react, published } = bench();
      await react(running, passed);
      assert.deepEqual(
        published().map(({ type }) => type),
        ['session.completed'],
      );
    });

    it('tells the same verdict when it is told again', async () => {
      const { runs, react, published } = bench();
      runs.settle.resolves(aRun({ status: 'passed', ended_at: at(1) }));
      await react(running, passed);
      await react(running, passed);
      const [first, second] = [published().slice(0, 2), published().slice(2)];
      assert.deepEqual(first, second);
    });

    it('tries again what did not pass, while attempts are left', async () => {
      for (const status of ['failed', 'error'] as const) {
        const { runs, sessions, queue, react } = bench();
        await react(running, { ...failed, status });
        const [previous, next] = sessions.planRetry.firstCall.args;
        assert.equal(previous.id, 'ses_1');
        assert.deepEqual([next.session.attempt, next.session.status], [2, 'queued']);
        assert.deepEqual(queue.enqueue.firstCall.args[0], [
          { to: 'run-session', name: next.session.id, payload: { session_id: next.session.id } },
        ]);
        assert.ok(sessions.planRetry.calledBefore(queue.enqueue));
        assert.equal(runs.settle.callCount, 0);
      }
    });

    it('plans the same attempt when it is told again', async () => {
      const { sessions, queue, react } = bench();
      await react(running, failed);
      await react(running, failed);
      assert.deepEqual(sessions.planRetry.args[0], sessions.planRetry.args[1]);
      assert.deepEqual(queue.enqueue.args[0], queue.enqueue.args[1]);
    });

    for (const [what, after] of [
      ['passed', { ...passed, attempts: 2 }],
      ['was cancelled', aSession({ ...failed, status: 'cancelled' })],
      ['failed for the last time', aSession({ ...failed, attempt: 2 })],
    ] as const) {
      it(`does not try again what ${what}`, async () => {
        const { sessions, react } = bench();
        await react(running, after);
        assert.equal(sessions.planRetry.callCount, 0);
        assert.equal(sessions.countAwaited.callCount, 1);
      });
    }

    describe('that hands its slot on', () => {
      const shared = { ...passed, hands_on: 'slot' as const };

      it('looks who else waits when it found nobody, once the run is settled', async () => {
        const { sessions, slots, react } = bench();
        await react(running, shared);
        assert.deepEqual(slots.fill.args, [['usr_1']]);
        assert.ok(sessions.countAwaited.calledBefore(slots.fill));
      });

      for (const [what, after] of [
        ['has given it to another', { ...shared, passed_to: 'ses_2' }],
        ['is tried again', { ...failed, hands_on: 'slot' }],
        ['was cancelled', { ...shared, status: 'cancelled' }],
        ['need not hand it on', passed],
      ] as const) {
        it(`does not when it ${what}`, async () => {
          const { slots, react } = bench();
          await react(running, after as SessionEntity);
          assert.equal(slots.fill.callCount, 0);
        });
      }
    });

    it('settles nothing when its events cannot be published: it will be told again', async () => {
      const { events, runs, react } = bench();
      events.publish.rejects(new Error('down'));
      await assert.rejects(react(running, passed), /down/);
      assert.equal(runs.settle.callCount, 0);
    });
  });
});
