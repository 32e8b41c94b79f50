import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LibraryEntity, RunEntity, TestEntity } from '../../schemas/entities.ts';
import { usedUp } from '../../shared/domain/quotas.ts';
import type { PlannedSession } from '../../shared/domain/sessions.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aDefinition, aLibraryCheckpoint, aRun, aSession, aTest } from '../testing.ts';
import { planRun } from './handler.ts';

describe('plan-run', () => {
  function bench(
    options: { run?: RunEntity | null; tests?: (TestEntity | undefined)[]; checkpoint?: LibraryEntity } = {},
  ) {
    const run = options.run === null ? undefined : (options.run ?? aRun({ status: 'queued' }));
    const runs = {
      get: sinon.stub().resolves(run),
      start: sinon.stub().resolves(),
      fail: sinon.stub().callsFake(async (_id: string, error: string) => ({
        ...run,
        status: 'error',
        error,
        ended_at: new Date(NOON),
      })),
    };
    const tests = { getAll: sinon.stub().resolves(options.tests ?? [aTest()]) };
    const library = {
      find: sinon.stub().resolves(options.checkpoint),
      names: sinon.stub().resolves(['log-in']),
    };
    const sessions = {
      plan: sinon.stub().resolves(),
      ofRun: sinon.stub().resolves([]),
      cancelOfRun: sinon.stub().resolves(1),
    };
    const slots = {
      reserve: sinon.stub().callsFake(async (_run: RunEntity, wanted: number) => wanted),
      share: sinon.stub().resolves(),
      fill: sinon.stub().resolves(),
    };
    const usage = { checkDay: sinon.stub().resolves() };
    const queue = { enqueue: sinon.stub().resolves() };
    const later = { enqueue: sinon.stub().resolves() };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const services = withBase({ runs, tests, library, sessions, slots, usage, queue, later, events } as never);
    return {
      runs,
      tests,
      library,
      sessions,
      slots,
      usage,
      queue,
      later,
      events,
      plan: () => planRun({ eventId: 'e', id: 'run_1', before: undefined, after: {} }, services as never),
      published: () => events.publish.args.flatMap(([list]) => list.map(toCloudEvent)),
    };
  }

  it('writes the sessions, starts the run, and only then puts their tasks on the queue', async () => {
    const { runs, sessions, queue, plan, published } = bench({
      tests: [aTest({ definition: aDefinition({ data: [{ a: 1 }, { a: 2 }] }) })],
    });
    await plan();
    const [planned] = sessions.plan.firstCall.args as [{ session: { id: string; file: string } }[]];
    assert.equal(planned.length, 2);
    assert.equal(planned[0]?.session.file, 'shop/login.yaml');
    assert.deepEqual(runs.start.args, [['run_1', { sessions: 2, checkpoints: 2, steps: 2 }]]);
    assert.deepEqual(
      queue.enqueue.firstCall.args[0],
      planned.map(({ session: { id } }) => ({ to: 'run-session', name: id, payload: { session_id: id } })),
    );
    assert.ok(sessions.plan.calledBefore(runs.start) && runs.start.calledBefore(queue.enqueue));
    assert.deepEqual(
      published().map(({ type, data }) => [type, data]),
      [
        ['run.created', { user_id: 'usr_1', run_id: 'run_1', trigger: 'api', tests: 1 }],
        ['run.started', { user_id: 'usr_1', run_id: 'run_1', sessions: 2 }],
      ],
    );
  });

  it('plans definitions that were sent along', async () => {
    const run = aRun({
      status: 'queued',
      selection: { tests: [], definitions: [aDefinition() as never], variables: {} },
    });
    const { sessions, plan } = bench({ run, tests: [] });
    await plan();
    const [[planned]] = sessions.plan.firstCall.args;
    assert.match(planned.session.test_id, /^tst_[0-9a-f]{26}$/);
    assert.equal(planned.session.file, undefined);
  });

  describe('with what tests use from the library', () => {
    const use = { command: 'control.use', checkpoint: 'log in' };
    const tests = [aTest({ definition: aDefinition({ checkpoints: [{ name: 'One', steps: [use] }] }) }), aTest()];

    it('keeps the steps in the run', async () => {
      const { sessions, library, plan } = bench({ tests, checkpoint: aLibraryCheckpoint({ version: 4 }) });
      await plan();
      const [planned] = sessions.plan.firstCall.args as [{ checkpoints: { steps: unknown[] }[] }[]];
      const steps = [{ command: 'interact.click', target: 'Log in' }];
      assert.deepEqual(planned[0]?.checkpoints[0]?.steps, [{ ...use, checkpoint: 'log in@4', with: {}, steps }]);
      assert.deepEqual(library.find.args, [['log in', 'usr_1']]);
    });

    it('gives up, and says why, when it is not there', async () => {
      const { runs, queue, plan } = bench({ tests });
      await plan();
      const [, message] = runs.fail.firstCall.args;
      const wanted = "The test 'Log in' cannot be run. The library has no checkpoint 'log in'. Did you mean 'log-in'?";
      assert.equal(message, wanted);
      assert.equal(queue.enqueue.callCount, 0);
    });
  });

  it('asks only for tests of the one who runs them', async () => {
    const { tests, plan } = bench();
    await plan();
    assert.deepEqual(tests.getAll.args, [[['tst_1'], 'usr_1']]);
  });

  it('plans the same sessions, tasks and events when it is told again', async () => {
    const { sessions, queue, plan, published } = bench();
    await plan();
    await plan();
    assert.deepEqual(sessions.plan.args[0], sessions.plan.args[1]);
    assert.deepEqual(queue.enqueue.args[0], queue.enqueue.args[1]);
    assert.equal(new Set(published().map(({ id }) => id)).size, 2);
  });

  it('does not plan a run again that has started, whatever its tests have become: it repeats the tasks and events', async () => {
    const { sessions, queue, runs, tests, plan, published } = bench({ run: aRun({ status: 'running' }) });
    sessions.ofRun.resolves([aSession(), aSession({ id: 'ses_2', status: 'passed' })]);
    await plan();
    assert.equal(sessions.plan.callCount + runs.start.callCount + tests.getAll.callCount, 0);
    assert.deepEqual(
      queue.enqueue.firstCall.args[0].map(({ name }: { name: string }) => name),
      ['ses_1', 'ses_2'],
    );
    assert.deepEqual(
      published().map(({ type }) => type),
      ['run.created', 'run.started'],
    );
  });

  const unfit: Record<string, [(TestEntity | undefined)[], RegExp]> = {
    'does not exist any more': [[undefined], /'tst_1' does not exist any more/],
    'is invalid': [[aTest({ definition: null, status: 'invalid' })], /'tst_1' is invalid/],
    'would be too much': [[aTest({ definition: aDefinition({ data: Array(10_001).fill({}) }) })], /10001 sessions/],
  };
  it('ends a run that is of nothing: nobody would ever end it', async () => {
    const selection = { tests: [], definitions: [], variables: {} };
    const { runs, sessions, plan } = bench({ tests: [], run: aRun({ status: 'queued', selection }) });
    await plan();
    assert.match(runs.fail.firstCall.args[1], /nothing to run/);
    assert.equal(sessions.plan.callCount, 0);
  });

  for (const [what, [tests, message]] of Object.entries(unfit)) {
    it(`ends a run whose test ${what}, and tells everybody who waits`, async () => {
      const { runs, sessions, queue, plan, published } = bench({ tests });
      await plan();
      assert.match(runs.fail.firstCall.args[1], message);
      assert.equal(sessions.plan.callCount + queue.enqueue.callCount, 0);
      const [event] = published();
      assert.deepEqual(
        [event?.type, event?.data.status, event?.time],
        ['run.completed', 'error', '2026-03-04T12:00:00.000Z'],
      );
    });
  }

  it('tells so again when the first time ended before it was told', async () => {
    const run = aRun({ status: 'error', error: "The test 'tst_1' is invalid.", ended_at: new Date(NOON) });
    const { runs, plan, published } = bench({ run });
    runs.fail.resolves(run);
    await plan();
    assert.deepEqual(
      published().map(({ type }) => type),
      ['run.completed'],
    );
  });

  for (const [what, run] of [
    ['is not there', null],
    ['has passed', aRun({ status: 'passed' })],
    ['was cancelled', aRun({ status: 'cancelled' })],
    ['ended in error', aRun({ status: 'error' })],
    ['took too long', aRun({ status: 'error', error: 'too long', timed_out: true })],
  ] as const) {
    it(`leaves a run alone that ${what}`, async () => {
      const { sessions, queue, plan, published } = bench({ run });
      await plan();
      assert.equal(sessions.plan.callCount + queue.enqueue.callCount + published().length, 0);
    });
  }

  it('ends the sessions of a run that was cancelled while it was planned', async () => {
    const { runs, sessions, plan } = bench();
    runs.get.onSecondCall().resolves(aRun({ status: 'cancelled', cancel_requested_at: new Date(NOON) }));
    await plan();
    assert.deepEqual(sessions.cancelOfRun.args, [['run_1']]);
    const other = bench();
    await other.plan();
    assert.deepEqual(other.sessions.cancelOfRun.args, []);
  });

  it('ends a run that is one more than its user may start in a day, and says which quota that is', async () => {
    const { runs, slots, sessions, queue, plan } = bench();
    slots.reserve.rejects(usedUp('runs_a_day', 5, NOON));
    await plan();
    assert.match(runs.fail.firstCall.args[1], /'runsADay' of 5 is used up/);
    assert.equal(sessions.plan.callCount + queue.enqueue.callCount, 0);
    slots.reserve.rejects(new Error('no Firestore'));
    await assert.rejects(plan(), /no Firestore/);
  });

  it('ends a run that nobody asked for when a quota of its user is used up that requests are refused for', async () => {
    for (const trigger of ['schedule', 'event', 'upload'] as const) {
      const { runs, slots, usage, plan } = bench({ run: aRun({ status: 'queued', trigger }) });
      usage.checkDay.rejects(usedUp('stored_megabytes_a_day', 50, NOON));
      await plan();
      assert.match(runs.fail.firstCall.args[1], /'storedMegabytesADay' of 50 is used up/, trigger);
      assert.equal(slots.reserve.callCount, 0);
    }
    for (const trigger of ['api', 'rerun'] as const) {
      const { usage, plan } = bench({ run: aRun({ status: 'queued', trigger }) });
      await plan();
      assert.equal(usage.checkDay.callCount, 0, 'it was looked at when it was asked for');
    }
  });

  it('asks for its end at the time that it is to have ended by, from when it was started', async () => {
    const selection = { ...aRun().selection, runTimeout: 90_000 };
    const run = aRun({ status: 'queued', selection });
    const { runs, later, plan } = bench({ run });
    runs.start.resolves({ ...run, status: 'running', started_at: new Date(NOON - 10_000) });
    await plan();
    const task = { to: 'end-overdue-run', name: 'run_1-overdue', payload: { run_id: 'run_1' } };
    assert.deepEqual(later.enqueue.args, [[[{ ...task, at: new Date(NOON + 80_000) }]]]);
    const other = bench();
    await other.plan();
    assert.equal(other.later.enqueue.callCount, 0);
  });

  describe('for which there are not enough slots', () => {
    const run = aRun({ status: 'queued' });
    const tests = [aTest({ definition: aDefinition({ data: Array.from({ length: 5 }, (_, a) => ({ a })) }) })];
    const held = ({ sessions }: ReturnType<typeof bench>) =>
      (sessions.plan.firstCall.args[0] as PlannedSession[]).map(({ session }) => session.held);
    const enqueued = ({ queue }: ReturnType<typeof bench>) =>
      queue.enqueue.firstCall.args[0].map(({ name }: { name: string }) => name);

    it('holds back what finds none, and has the others hand theirs on', async () => {
      const all = bench({ run, tests });
      all.slots.reserve.resolves(2);
      await all.plan();
      assert.deepEqual(all.slots.reserve.firstCall.args[1], 5);
      assert.deepEqual(held(all), [null, null, 'slot', 'slot', 'slot']);
      const planned = all.sessions.plan.firstCall.args[0] as PlannedSession[];
      assert.ok(planned.every(({ session }) => session.hands_on === 'slot'));
      const ranks = planned.slice(2).map(({ session }) => session.rank ?? '');
      assert.deepEqual([...ranks].sort(), ranks);
      assert.deepEqual(
        enqueued(all),
        planned.slice(0, 2).map(({ session }) => session.id),
      );
      assert.deepEqual(all.slots.share.args, [['usr_1']]);
      assert.ok(all.slots.share.calledAfter(all.sessions.plan));
    });

    it('asks for no more than the run is to have at once, and keeps the turns of the others', async () => {
      const all = bench({ run: { ...run, selection: { ...run.selection, parallel: 3 } }, tests });
      all.slots.reserve.resolves(2);
      await all.plan();
      assert.deepEqual(all.slots.reserve.firstCall.args[1], 3);
      assert.deepEqual(held(all), [null, null, 'slot', 'turn', 'turn']);
    });

    it('marks nothing, and tells nobody, where there are enough', async () => {
      const all = bench({ run, tests });
      await all.plan();
      const planned = all.sessions.plan.firstCall.args[0] as PlannedSession[];
      assert.ok(planned.every(({ session }) => session.hands_on === null && session.rank === undefined));
      assert.equal(all.slots.share.callCount + all.slots.fill.callCount, 0);
    });

    it('is told by one that came while it was planned, and hands on then', async () => {
      const all = bench({ run, tests });
      all.runs.start.resolves({ ...run, status: 'running', contended: true });
      await all.plan();
      assert.deepEqual(all.slots.share.args, [['usr_1']]);
    });

    it('leaves what is held back off the queue when it is told again', async () => {
      const all = bench({ run: aRun({ status: 'running' }) });
      all.sessions.ofRun.resolves([
        aSession({ held: null }),
        aSession({ id: 'ses_2', status: 'queued', held: 'slot' }),
      ]);
      await all.plan();
      assert.deepEqual(enqueued(all), ['ses_1']);
      assert.deepEqual(all.slots.share.args, [['usr_1']]);
    });
  });

  describe('of what did not pass before', () => {
    const tests = [
      aTest({ definition: aDefinition({ data: [{ a: 1 }, { a: 2 }, { a: 3 }] }) }),
      aTest({ id: 'tst_2', content_hash: 'two' }),
    ];
    const run = aRun({ status: 'queued', rerun_of: 'run_0', failed_only: true });
    const rerun = async (...before: ReturnType<typeof aSession>[]) => {
      const all = bench({ run, tests });
      all.sessions.ofRun.resolves(before);
      await all.plan();
      assert.deepEqual(all.sessions.ofRun.args, [['run_0']]);
      const [planned = []] = all.sessions.plan.args[0] ?? [];
      return {
        ...all,
        planned: (planned as PlannedSession[]).map(({ session }) => [session.test_id, session.position]),
      };
    };
    const row = (a: number, status: 'passed' | 'failed' | 'cancelled', more = {}) =>
      aSession({ row: { a }, status, ...more });

    it('tells rows apart that hold the same', async () => {
      const data = [{ a: 1 }, { a: 1 }];
      const all = bench({ run, tests: [aTest({ definition: aDefinition({ data }) }), tests[1] as never] });
      all.sessions.ofRun.resolves([
        row(1, 'failed', { run_id: 'run_0', row_index: 0 }),
        row(1, 'passed', { run_id: 'run_0', row_index: 1 }),
      ]);
      await all.plan();
      const [planned = []] = all.sessions.plan.args[0] ?? [];
      assert.deepEqual(
        (planned as PlannedSession[]).map(({ session }) => session.row_index),
        [0],
      );
    });

    it('plans those tests and rows alone, in their places', async () => {
      const { runs, planned } = await rerun(
        row(1, 'passed'),
        row(2, 'failed', { superseded: true }),
        row(2, 'passed', { attempt: 2 }),
        row(3, 'failed'),
        aSession({ test_id: 'tst_2', status: 'cancelled' }),
      );
      assert.deepEqual(planned, [
        ['tst_1', 2],
        ['tst_2', 3],
      ]);
      assert.equal(runs.start.firstCall.args[1].sessions, 2);
    });

    it('plans all of a run that never had a session', async () => {
      assert.equal((await rerun()).planned.length, 4);
    });

    it('says when nothing of it is there any more', async () => {
      const { runs } = await rerun(aSession({ test_id: 'tst_gone', status: 'failed' }));
      assert.match(runs.fail.firstCall.args[1], /any more/);
    });
  });
});
