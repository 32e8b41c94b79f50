import assert from 'node:assert/strict';
import { runReport } from '../../schemas/report.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { reportFrom } from './from-entities.ts';

const at = new Date('2026-03-04T09:05:10Z');
const stamps = { created_at: at, updated_at: at, user_id: 'usr_1', run_id: 'run_1', test_id: 'tst_1' };

const result = (given: Partial<StepResult> = {}): StepResult => ({
  command: 'misc.log',
  index: 0,
  status: 'passed',
  started_at: at.toISOString(),
  duration_ms: 1,
  console: 0,
  network: { requests: 0, failed: 0 },
  ...given,
});

function report(steps: Step[], results: StepResult[], selection: object = {}) {
  return reportFrom({
    run: {
      ...stamps,
      id: 'run_1',
      selection: { tests: ['tst_1'], definitions: [], variables: {}, ...selection },
      status: 'passed',
      trigger: 'api',
      totals: { sessions: 1, passed: 1, failed: 0, error: 0, checkpoints: 1, steps: steps.length },
    },
    sessions: [
      {
        session: {
          ...stamps,
          ...{
            id: 'ses_1',
            test_name: 'A',
            content_hash: 'h',
            tags: [],
            kind: 'run',
            status: 'passed',
            trigger: 'api',
          },
          ...{ config: {}, variables: {}, position: 0, attempt: 1, attempts: 1, superseded: false, awaited: false },
          ...{ resumed: 0, checkpoint_count: 1, step_count: 1, passed_steps: 1, failed_steps: 0, expires_at: at },
        } as never,
        checkpoints: [
          {
            ...stamps,
            ...{
              id: 'chk_1',
              session_id: 'ses_1',
              position: 0,
              name: 'One',
              phase: 'main',
              status: 'passed',
              attempt: 1,
            },
            steps,
            results,
          } as never,
        ],
      },
    ],
    version: '0.1.0',
    href: (name) => `gs://artifacts/${name}`,
  });
}

describe('the report of a run', () => {
  it('tells what each step kept, and where', () => {
    const artifacts: StepResult['artifacts'] = [
      { kind: 'expected', name: 'ses_1/0/a-expected.png' },
      { kind: 'download', name: 'ses_1/0/prices.csv' },
    ];
    const made = report([{ command: 'misc.log', text: 'x' }], [result({ artifacts })]);
    assert.deepEqual(runReport.problems(made), []);
    const step = made.sessions[0]?.checkpoints[0]?.steps[0];
    assert.deepEqual(step?.artifacts, [
      { kind: 'expected', name: 'ses_1/0/a-expected.png', href: 'gs://artifacts/ses_1/0/a-expected.png' },
      { kind: 'download', name: 'ses_1/0/prices.csv', href: 'gs://artifacts/ses_1/0/prices.csv' },
    ]);
    assert.ok(step.result && !('artifacts' in step.result));
  });

  it('does not tell what a step writes as a secret, reached or not, inside another or not', () => {
    const secret: Step = { command: 'interact.write', target: '#pin', text: 'hunter2', secret: true };
    const steps: Step[] = [
      secret,
      { command: 'control.loop', times: 2, steps: [secret] },
      { command: 'interact.write', target: '#name', text: 'ada' },
      secret,
    ];
    const made = report(steps, [result()]);
    assert.doesNotMatch(JSON.stringify(made), /hunter2/);
    const written = made.sessions[0]?.checkpoints[0]?.steps.map(({ step }) => step.text);
    assert.deepEqual(written, ['••••••', undefined, 'ada', '••••••']);
  });

  it('names the environment', () => {
    assert.equal(report([], [], { environment: 'staging' }).run.environment, 'staging');
    assert.ok(!('environment' in report([], []).run));
  });
});
