import assert from 'node:assert/strict';
import type { CheckpointEntity, RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { planNextAttempt, planRun, type SelectedTest } from './plan.ts';
import { emptyTotals } from './totals.ts';

const NOW = Date.parse('2026-03-04T12:00:00Z');
const step = { command: 'navigate.to', url: '/' };

const aRun = (selection: Partial<RunEntity['selection']> = {}): RunEntity => ({
  id: 'run_1',
  user_id: 'usr_1',
  created_at: new Date(NOW),
  updated_at: new Date(NOW),
  selection: { tests: [], definitions: [], variables: {}, ...selection },
  status: 'queued',
  trigger: 'api',
  totals: emptyTotals,
});

const aTest = (definition: Partial<TestDefinition> = {}): SelectedTest => ({
  testId: 'tst_1',
  contentHash: 'hash',
  definition: {
    name: 'A',
    tags: ['smoke'],
    config: {},
    variables: {},
    data: [],
    setup: [],
    checkpoints: [{ name: 'One', steps: [step, step] }],
    teardown: [],
    ...definition,
  },
});

describe('the plan of a run', () => {
  it('has a session a test, queued, with its checkpoints pending', () => {
    const [planned, ...more] = planRun(aRun(), [{ ...aTest(), file: 'a.yaml' }], NOW);
    assert.deepEqual(more, []);
    const { session, checkpoints } = planned ?? assert.fail();
    assert.equal(session.status, 'queued');
    assert.equal(session.file, 'a.yaml');
    assert.deepEqual([session.position, session.attempt, session.attempts, session.awaited], [0, 1, 1, true]);
    assert.deepEqual([session.checkpoint_count, session.step_count], [1, 2]);
    assert.equal(session.expires_at.toISOString(), '2026-06-02T12:00:00.000Z');
    assert.deepEqual(
      checkpoints.map(({ session_id, position, status, steps, results }) => [
        session_id,
        position,
        status,
        steps.length,
        results,
      ]),
      [[session.id, 0, 'pending', 2, []]],
    );
  });

  it("takes the run's environment before the test's, and says which baselines are written", () => {
    const test = aTest({ environment: 'staging' });
    const sessionOf = (selection: Partial<RunEntity['selection']>) => planRun(aRun(selection), [test], NOW)[0]?.session;
    assert.deepEqual([sessionOf({})?.environment, sessionOf({})?.update_snapshots], ['staging', undefined]);
    const named = sessionOf({ environment: 'live', updateSnapshots: 'changed' });
    assert.deepEqual([named?.environment, named?.update_snapshots], ['live', 'changed']);
  });

  it('is the same when it is made again', () => {
    const plan = () => planRun(aRun(), [aTest(), aTest({ data: [{ a: 1 }, { a: 2 }] })], NOW);
    assert.deepEqual(plan(), plan());
    const ids = plan().flatMap(({ session, checkpoints }) => [session.id, ...checkpoints.map(({ id }) => id)]);
    assert.equal(new Set(ids).size, 6);
  });

  it('of another run has other ids', () => {
    const [one] = planRun(aRun(), [aTest()], NOW);
    const [other] = planRun({ ...aRun(), id: 'run_2' }, [aTest()], NOW);
    assert.notEqual(one?.session.id, other?.session.id);
  });

  it('has a session a data row, each with its row', () => {
    const planned = planRun(aRun(), [aTest(), aTest({ data: [{ city: 'Oslo' }, { city: 'Rome' }] })], NOW);
    assert.deepEqual(
      planned.map(({ session }) => [session.position, session.row_index, session.row]),
      [
        [0, undefined, undefined],
        [1, 0, { city: 'Oslo' }],
        [2, 1, { city: 'Rome' }],
      ],
    );
  });

  it("gives the run's variables precedence over the row's, and those over the test's", () => {
    const run = aRun({ variables: { c: 'run' } });
    const test = aTest({ variables: { a: 'test', b: 'test', c: 'test' }, data: [{ b: 'row', c: 'row' }] });
    const [planned] = planRun(run, [test], NOW);
    assert.deepEqual(planned?.session.variables, { a: 'test', b: 'row', c: 'run', row: { b: 'row', c: 'row' } });
  });

  it("gives the run's base URL, timeout and retries precedence over the test's", () => {
    const test = aTest({ baseUrl: 'https://test.example', config: { timeout: 1, retries: 1, locale: 'de' } });
    const own = planRun(aRun(), [test], NOW)[0]?.session;
    assert.deepEqual([own?.base_url, own?.config.timeout, own?.attempts], ['https://test.example', 1, 2]);
    const run = aRun({ baseUrl: 'https://run.example', timeout: 2, retries: 0 });
    const given = planRun(run, [test], NOW)[0]?.session;
    assert.deepEqual([given?.base_url, given?.config.timeout, given?.attempts], ['https://run.example', 2, 1]);
    assert.equal(given?.config.locale, 'de');
  });

  it('begins with the setup and ends with the teardown', () => {
    const [planned] = planRun(aRun(), [aTest({ setup: [step], teardown: [step] })], NOW);
    assert.deepEqual(
      planned?.checkpoints.map(({ position, phase, name }) => [position, phase, name]),
      [
        [0, 'setup', 'Setup'],
        [1, 'main', 'One'],
        [2, 'teardown', 'Teardown'],
      ],
    );
  });

  it('hands the trace on', () => {
    const [planned] = planRun({ ...aRun(), trace: 't' }, [aTest()], NOW);
    assert.deepEqual([planned?.session.trace, planned?.checkpoints[0]?.trace], ['t', 't']);
  });
});

describe('the next attempt', () => {
  const [first] = planRun(aRun({ retries: 2 }), [aTest({ setup: [step] })], NOW);
  const { session, checkpoints } = first ?? assert.fail();
  const stamps = { created_at: new Date(NOW), updated_at: new Date(NOW) };
  const ended: SessionEntity = {
    ...session,
    ...stamps,
    status: 'failed',
    superseded: false,
    awaited: true,
    resumed: 2,
    passed_steps: 3,
    failed_steps: 1,
    started_at: new Date(NOW),
    ended_at: new Date(NOW),
    lease: { owner: 'o', expires_at: new Date(NOW) },
    error: { type: 't', message: 'm' },
    trace_object: 't.zip',
    browser: 'chromium',
    cold_start: true,
    gb_seconds: 4,
    billable_operations: 9,
  };
  const done: CheckpointEntity[] = checkpoints.map((checkpoint) => ({
    ...checkpoint,
    ...stamps,
    status: 'failed',
    stopped: true,
    state_object: 'state',
    results_object: 'results',
    started_at: new Date(NOW),
  }));
  const next = planNextAttempt(ended, done);

  it('is as if it were the first, but for its number and ids', () => {
    const { id, attempt, created_at: _created, updated_at: _updated, ...rest } = next.session as SessionEntity;
    const { id: firstId, attempt: _attempt, ...expected } = session;
    assert.equal(attempt, 2);
    assert.notEqual(id, firstId);
    assert.deepEqual(rest, expected);
    assert.deepEqual(
      next.checkpoints.map(({ id: _id, session_id: _session, attempt, ...kept }) => [attempt, kept]),
      checkpoints.map(({ id: _id, session_id: _session, attempt: _attempt, ...kept }) => [2, kept]),
    );
    assert.ok(next.checkpoints.every(({ session_id }) => session_id === id));
  });

  it('is the same when it is planned again', () => assert.deepEqual(planNextAttempt(ended, done), next));

  it('is another one after each', () => {
    const third = planNextAttempt({ ...next.session, ...stamps }, done);
    assert.equal(third.session.attempt, 3);
    assert.equal(new Set([session.id, next.session.id, third.session.id]).size, 3);
  });
});
