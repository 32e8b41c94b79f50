import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { ScheduleEntity } from '../../schemas/schedules.ts';
import type { AutomaticRun } from '../../shared/domain/automatic-run.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aSchedule, aSuite, aTest } from '../testing.ts';
import { runSchedules } from './handler.ts';

describe('run-schedules', () => {
  function bench(...pages: ScheduleEntity[][]) {
    const due = sinon.stub().resolves([]);
    pages.forEach((page, at) => void due.onCall(at).resolves(page));
    const start = sinon.stub().resolves({ started: ['run_1'], skipped: undefined });
    const users = { get: sinon.stub().resolves({ disabled: false }) };
    const tests = {
      getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => aTest({ id }))),
      tagged: sinon.stub().resolves([]),
    };
    const suites = {
      get: sinon.stub().resolves(aSuite()),
      testsOf: sinon.stub().callsFake(async ({ tests }) => tests),
    };
    const platform = testPlatform();
    const services = withBase({ schedules: { due, start }, users, tests, suites, environments: {} } as never, platform);
    const run = () => runSchedules({}, services as never);
    const wanted = () => start.args.map(([, , given]) => given as AutomaticRun | undefined);
    return { due, start, users, tests, suites, platform, run, wanted };
  }

  it('starts what is due, of the tests that the suite has by then', async () => {
    const { start, run, wanted, platform } = bench([aSchedule({ run: { suite: 'sui_1', retries: 2 } })]);
    await run();
    const [schedule, now] = start.firstCall.args;
    assert.deepEqual([schedule.id, now], ['sch_1', new Date(NOON)]);
    const [first] = wanted();
    assert.deepEqual(
      [first?.user_id, first?.status, first?.trigger, first?.started_by],
      ['usr_1', 'queued', 'schedule', 'sch_1'],
    );
    const selection = { tests: ['tst_1', 'tst_2'], definitions: [], variables: {}, suite: 'sui_1', retries: 2 };
    assert.deepEqual(first?.selection, selection);
    assert.ok(platform.lines.some(({ run_id, schedule_id }) => run_id === 'run_1' && schedule_id === 'sch_1'));
  });

  it('has a run end in error when what it is to execute is gone', async () => {
    const { suites, run, wanted } = bench([aSchedule({ run: { suite: 'sui_1', variables: { a: 1 } } })]);
    suites.get.resolves(undefined);
    await run();
    const [first] = wanted();
    assert.deepEqual([first?.status, first?.ended_at, first?.selection.tests], ['error', new Date(NOON), []]);
    assert.equal(first?.error, "There is no suite 'sui_1'.");
  });

  it('and says then of every test why it cannot be run', async () => {
    const { tests, run, wanted } = bench([aSchedule({ run: { tests: ['tst_1', 'tst_2'] } })]);
    tests.getAll.resolves([undefined, undefined]);
    await run();
    const gone = "there is no test 'tst_1'; there is no test 'tst_2'";
    assert.equal(wanted()[0]?.error, `Some of the tests cannot be run: ${gone}.`);
  });

  it('starts nothing for who is disabled', async () => {
    const { users, run, wanted } = bench([aSchedule()]);
    users.get.resolves({ disabled: true });
    await run();
    assert.deepEqual(wanted(), [undefined]);
  });

  it('goes on with the others when one cannot be started just now', async () => {
    const { start, run, platform } = bench([aSchedule(), aSchedule({ id: 'sch_2' })]);
    start.onFirstCall().rejects(new AppError('unavailable', 'later'));
    await run();
    assert.deepEqual(start.args.map(([{ id }]) => id).sort(), ['sch_1', 'sch_2']);
    assert.ok(platform.lines.some(({ severity }) => severity === 'ERROR'));
  });

  it('goes on until nothing is due, or nothing can be done about it', async () => {
    const many = Array.from({ length: 200 }, (_, n) => aSchedule({ id: `sch_${n}` }));
    const all = bench(many, many, [aSchedule()]);
    await all.run();
    assert.deepEqual([all.due.callCount, all.start.callCount], [3, 401]);
    const stuck = bench(many, many, many);
    stuck.start.rejects(new Error('broken'));
    await stuck.run();
    assert.equal(stuck.due.callCount, 1);
  });

  it('tells of times that were skipped', async () => {
    const { start, run, platform } = bench([aSchedule()]);
    start.resolves({ started: [], skipped: { due_at: new Date(NOON), reason: 'overlap' } });
    await run();
    assert.ok(platform.lines.some(({ severity, message }) => severity === 'WARNING' && /overlap/.test(message)));
  });
});
