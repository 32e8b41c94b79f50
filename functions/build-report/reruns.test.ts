import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { RunReport } from '../../schemas/report.ts';
import { sessionCost } from '../../shared/cost/session-cost.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { readXml } from '../../shared/reports/xml.testing.ts';
import { aRun, aSession } from '../testing.ts';
import { buildReport } from './handler.ts';

/** The report of the last of some runs, each with its sessions. */
async function reportOf(...given: [RunEntity, SessionEntity[]][]) {
  const runs = { get: async (id: string) => given.find(([run]) => run.id === id)?.[0] };
  const sessions = { ofRun: async (id: string) => given.find(([run]) => run.id === id)?.[1] ?? [] };
  const files = new Map<string, string>();
  const reports = { put: async (name: string, body: Uint8Array) => void files.set(name, Buffer.from(body).toString()) };
  const checkpoints = { ofSession: sinon.stub().resolves([]) };
  const services = withBase({ runs, sessions, checkpoints, artifacts: {}, reports } as never) as never;
  const id = given.at(-1)?.[0].id ?? '';
  const event = { id: 'e', type: 'run.completed', source: '', subject: '', time: '' };
  await buildReport({ ...event, data: { user_id: 'usr_1', run_id: id } }, services);
  const text = (name: string) => files.get(`${id}/${name}`) ?? '';
  return { report: JSON.parse(text('results.json')) as RunReport, text };
}

const ended = { started_at: new Date(NOON), ended_at: new Date(NOON + 5) };
const run = (id: string, given: Partial<RunEntity> = {}) => aRun({ id, ...ended, ...given });
const session = (id: string, runId: string, given: Partial<SessionEntity>) =>
  aSession({
    id,
    run_id: runId,
    test_id: `tst_${given.position}`,
    test_name: `Test ${given.position}`,
    ...ended,
    ...given,
  });
const failedFirst: [RunEntity, SessionEntity[]] = [
  run('run_1', { status: 'failed' }),
  [
    session('ses_a', 'run_1', { position: 0, status: 'failed', superseded: true }),
    session('ses_b', 'run_1', { position: 0, status: 'failed', attempt: 2, billable_operations: 5 }),
    session('ses_c', 'run_1', { position: 1, status: 'passed' }),
  ],
];
const second = run('run_2', { status: 'passed', trigger: 'rerun', rerun_of: 'run_1' });
const passedThen = [
  session('ses_d', 'run_2', { position: 0, status: 'passed', billable_operations: 7, gb_seconds: 4 }),
];

describe('the report of a run of what did not pass before', () => {
  it('has every attempt, counted on, and what passed before, marked with its run', async () => {
    const { report } = await reportOf(failedFirst, [{ ...second, failed_only: true }, passedThen]);
    assert.deepEqual(
      report.sessions.map(({ id, runId, attempt, status }) => [id, runId, attempt, status]),
      [
        ['ses_a', 'run_1', 1, 'failed'],
        ['ses_b', 'run_1', 2, 'failed'],
        ['ses_d', undefined, 3, 'passed'],
        ['ses_c', 'run_1', 1, 'passed'],
      ],
    );
    const { rerunOf, status, totals } = report.run;
    assert.deepEqual([rerunOf, status], ['run_1', 'passed']);
    assert.deepEqual(totals, { sessions: 2, passed: 2, failed: 0, error: 0, checkpoints: 2, steps: 2 });
    assert.equal(report.billableOperations, 7, 'what the earlier run cost was told there');
    assert.equal(report.cost?.usd, sessionCost({ gibSeconds: 4, operations: 7 }).total);
  });

  it('goes back over all runs of which each ran the rest of the one before', async () => {
    const failedAgain = [session('ses_d', 'run_2', { position: 0, status: 'failed' })];
    const third = run('run_3', { status: 'passed', rerun_of: 'run_2', failed_only: true });
    const { report } = await reportOf(
      failedFirst,
      [{ ...second, failed_only: true }, failedAgain],
      [third, [session('ses_e', 'run_3', { position: 0, status: 'passed' })]],
    );
    assert.deepEqual(
      report.sessions.map(({ id, attempt }) => [id, attempt]),
      [
        ['ses_a', 1],
        ['ses_b', 2],
        ['ses_d', 3],
        ['ses_e', 4],
        ['ses_c', 1],
      ],
    );
  });

  it('shows so to people and to CI systems', async () => {
    const { text } = await reportOf(failedFirst, [{ ...second, failed_only: true }, passedThen]);
    assert.match(text('index.html'), /All 2 sessions passed/);
    assert.match(text('index.html'), /of an earlier run/);
    assert.match(text('index.html'), /Runs again<\/dt><dd><bdi>run_1/);
    const { attributes } = readXml(text('junit.xml'));
    assert.deepEqual([attributes.tests, attributes.failures], ['2', '0']);
    assert.match(text('junit.xml'), /name="run" value="run_1"/);
  });

  it('tells rows apart that hold the same', async () => {
    const alike = (id: string, runId: string, row_index: number, status: 'passed' | 'failed') =>
      session(id, runId, { position: row_index, test_id: 'tst_1', row: { a: 1 }, row_index, status });
    const before = [alike('ses_a', 'run_1', 0, 'passed'), alike('ses_b', 'run_1', 1, 'failed')];
    const { report, text } = await reportOf(
      [run('run_1', { status: 'failed' }), before],
      [{ ...second, failed_only: true }, [alike('ses_c', 'run_2', 1, 'passed')]],
    );
    assert.deepEqual(
      report.sessions.map(({ id, attempt, rowIndex }) => [id, attempt, rowIndex]),
      [
        ['ses_a', 1, 0],
        ['ses_b', 1, 1],
        ['ses_c', 2, 1],
      ],
    );
    assert.deepEqual([report.run.totals.sessions, report.run.totals.passed], [2, 2]);
    assert.equal(readXml(text('junit.xml')).attributes.tests, '2');
  });

  it('knows a row by what it holds when it has another place by now', async () => {
    const row = (id: string, runId: string, row_index: number, status: 'passed' | 'failed') =>
      session(id, runId, { position: row_index, test_id: 'tst_1', row: { a: 1 }, row_index, status });
    const { text } = await reportOf(
      [run('run_1', { status: 'failed' }), [row('ses_a', 'run_1', 0, 'failed')]],
      [{ ...second, failed_only: true }, [row('ses_b', 'run_2', 3, 'passed')]],
    );
    const { attributes } = readXml(text('junit.xml'));
    assert.deepEqual([attributes.tests, attributes.failures], ['1', '0']);
  });

  it('has nothing of the run before when all of it was run again', async () => {
    const { report } = await reportOf(failedFirst, [second, passedThen]);
    assert.deepEqual(
      report.sessions.map(({ id, attempt }) => [id, attempt]),
      [['ses_d', 1]],
    );
    assert.deepEqual([report.run.rerunOf, report.run.totals], ['run_1', second.totals]);
  });
});
