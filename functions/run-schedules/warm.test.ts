import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { warmUp } from '../../schemas/warm-up.ts';
import type { NewTask } from '../../shared/platform/task-queues.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aRun, aSchedule, aSuite, aTest } from '../testing.ts';
import { warm } from './warm.ts';

const SECOND = 1000;
const soon = new Date(NOON + 60 * SECOND);
const due = (given: Partial<ScheduleEntity>) => aSchedule({ next_at: soon, ...given });

describe('instances for runs that are due soon', () => {
  function bench(schedules: ScheduleEntity[], environment: Record<string, string> = {}) {
    const dueBetween = sinon.stub().resolves(schedules);
    const enqueue = sinon.stub().resolves();
    const runs = { get: sinon.stub().resolves(undefined) };
    const users = { get: sinon.stub().resolves({ disabled: false }) };
    const suites = {
      get: sinon.stub().resolves(aSuite()),
      testsOf: sinon.stub().callsFake(async ({ tests }) => tests),
    };
    const tests = {
      getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => aTest({ id }))),
      tagged: sinon.stub().resolves(['tst_1', 'tst_2', 'tst_3']),
    };
    const platform = testPlatform({ environment });
    const given = { schedules: { dueBetween }, runs, users, suites, tests, environments: {}, warmUps: { enqueue } };
    const run = () => warm(new Date(NOON), withBase(given, platform) as never);
    const tasks = () => enqueue.args.flatMap(([made]) => made as NewTask[]);
    /** How many instances of each function were asked for. */
    const counts = () => {
      const names = Object.keys(Object.groupBy(tasks(), ({ to }) => to));
      return Object.fromEntries(names.map((name) => [name, tasks().filter(({ to }) => to === name).length]));
    };
    return { dueBetween, enqueue, runs, users, suites, tests, run, tasks, counts };
  }

  it('are asked for half a minute before, each by a task of its own that is named by the time', async () => {
    const { dueBetween, run, tasks } = bench([due({ run: { tests: ['tst_1', 'tst_2'] } })]);
    await run();
    assert.deepEqual(dueBetween.firstCall.args.slice(0, 2), [new Date(NOON), new Date(NOON + 90 * SECOND)]);
    assert.deepEqual(
      tasks().map(({ to, name, at }) => [to, name, at]),
      [
        ['plan-run', 'warm-plan-run-202603041201-0', new Date(NOON + 30 * SECOND)],
        ['run-session', 'warm-run-session-202603041201-0', new Date(NOON + 30 * SECOND)],
        ['run-session', 'warm-run-session-202603041201-1', new Date(NOON + 30 * SECOND)],
      ],
    );
    for (const { payload } of tasks()) assert.deepEqual(warmUp.problems(payload), []);
    assert.deepEqual(tasks()[0]?.payload.data, { until: new Date(NOON + 32 * SECOND).toISOString() });
  });

  it('are asked for at once where the time is nearer than that', async () => {
    const { run, tasks } = bench([due({ next_at: new Date(NOON + 10 * SECOND) })]);
    await run();
    assert.deepEqual(tasks()[0]?.at, new Date(NOON));
  });

  it('are none when nothing is due', async () => {
    const { enqueue, users, run } = bench([]);
    await run();
    assert.equal(enqueue.callCount + users.get.callCount, 0);
  });

  it('are none, and nothing is read, where they are not wanted', async () => {
    const { dueBetween, enqueue, run } = bench([due({})], { WARM_UP_SECONDS: '0' });
    await run();
    assert.equal(dueBetween.callCount + enqueue.callCount, 0);
  });

  const ranBefore = {
    last_run: { run_id: 'run_1', due_at: new Date(NOON - 60 * SECOND) },
    updated_at: new Date(NOON - 3600 * SECOND),
  };

  it('are as many as the run before had sessions', async () => {
    const { runs, run, counts } = bench([due(ranBefore)]);
    runs.get.resolves(aRun({ totals: { ...aRun().totals, sessions: 7 } }));
    await run();
    assert.deepEqual(counts(), { 'plan-run': 1, 'run-session': 7 });
  });

  const cases: readonly (readonly [string, Partial<ScheduleEntity>, number])[] = [
    ['the suite has tests', { run: { suite: 'sui_1' } }, 2],
    ['tests have the tags', { run: { tags: ['nightly'] } }, 3],
    ['tests are named, when it was changed after its last run', { ...ranBefore, updated_at: new Date(NOON) }, 1],
    ['the run may have sessions at once', { run: { tags: ['nightly'], parallel: 2 } }, 2],
  ];
  for (const [what, given, wanted] of cases) {
    it(`are as many as ${what}`, async () => {
      const { runs, run, counts } = bench([due(given)]);
      runs.get.resolves(aRun({ totals: { ...aRun().totals, sessions: 9 } }));
      await run();
      assert.equal(counts()['run-session'], wanted);
    });
  }

  it('are no more than a user may use at once, and none for what cannot run', async () => {
    const { users, suites, run, counts } = bench([
      due({ id: 'sch_1', run: { tags: ['nightly'] } }),
      due({ id: 'sch_2', run: { tags: ['nightly'] } }),
      due({ id: 'sch_3', run: { suite: 'gone' }, user_id: 'usr_2' }),
      due({ id: 'sch_4', user_id: 'usr_3' }),
    ]);
    suites.get.resolves(undefined);
    users.get.withArgs('usr_1').resolves({ disabled: false, quotas: { parallel_sessions: 4 } });
    users.get.withArgs('usr_3').resolves({ disabled: true });
    await run();
    assert.deepEqual(counts(), { 'plan-run': 1, 'run-session': 4 });
  });

  it('are no more than there may be', async () => {
    const many = Array.from({ length: 5 }, (_, n) => due({ ...ranBefore, id: `sch_${n}`, user_id: `usr_${n}` }));
    const { runs, run, counts } = bench(many, { PARALLEL_SESSIONS: '50' });
    runs.get.resolves(aRun({ totals: { ...aRun().totals, sessions: 1000 } }));
    await run();
    assert.deepEqual(counts(), { 'plan-run': 1, 'run-session': 100 });
  });

  it('are asked for by each time of its own', async () => {
    const later = new Date(NOON + 80 * SECOND);
    const { enqueue, run, tasks } = bench([due({}), due({ id: 'sch_2', next_at: later })]);
    await run();
    assert.equal(enqueue.callCount, 2);
    const times = tasks().map(({ at }) => at?.getTime() ?? 0);
    assert.deepEqual([...new Set(times)], [NOON + 30 * SECOND, NOON + 50 * SECOND]);
  });
});
