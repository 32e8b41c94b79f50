import type { EventData, EventType } from './events.ts';

const run_id = 'run_1fq2k7m8v0c3e5g7j9n1q3s5t7w9';
const session_id = 'ses_1fq2k7n4x0d2f4h6k8m0p2r4t6v8';
const test_id = 'tst_5c8e0g2j4m6p8r0t2w4y6z8b0d';
const webhook_id = 'whk_1fq2k0a9b1d3f5h7k9m1p3r5t7v9';
const user_id = 'usr_1';
const content_hash = '9f2c1e7ab0d34c5689f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6';

const session = { user_id, session_id, run_id, test_id, test_name: 'Log in', attempt: 1 };
const change = { user_id, run_id, test_id, test_name: 'Log in', content_hash, content_changed: false };
const report = `https://api.example.com/v1/runs/${run_id}/report`;

/** What an event of each type that can be subscribed to looks like. */
export const eventExamples = {
  'test.imported': { user_id, test_id, name: 'Log in', version: 2, content_hash },
  'test.rejected': { user_id, test_id, name: 'log-in.yaml', problems: 1 },
  'test.became_failing': change,
  'test.recovered': { ...change, content_changed: true, failing_since: '2026-03-03T07:30:00.000Z' },
  'test.flaky': change,
  'run.created': { user_id, run_id, trigger: 'api', tests: 3 },
  'run.started': { user_id, run_id, sessions: 3 },
  'run.completed': {
    ...{ user_id, run_id, status: 'failed', sessions: 3, passed: 2, failed: 1, error: 0 },
    duration_ms: 41_250,
    commit: {
      ...{ sender: 'github', repository: 'acme/shop', sha: '4f1c0a9e22b7c9d0e1f2a3b4c5d6e7f8a9b0c1d2' },
      ...{ ref: 'cart', url: 'https://github.com/acme/shop/pull/7', pull: 7 },
    },
  },
  'run.cancelled': { user_id, run_id, sessions: 3 },
  'session.started': session,
  'session.resumed': { ...session, resumed: 1 },
  'session.opened': { user_id, session_id },
  'session.closed': {
    ...{ user_id, session_id, reason: 'closed', commands: 12, passed: 11, failed: 1, resumed: 1 },
    duration_ms: 184_000,
  },
  'session.completed': {
    ...session,
    content_hash,
    ...{ status: 'failed', trigger: 'api', checkpoints: 2, steps: 7, passed: 6, failed: 1 },
    ...{ duration_ms: 12_480, queued_ms: 310, cold_start: false, gb_seconds: 24.96, billable_operations: 11 },
    ended_at: '2026-03-04T12:00:00.000Z',
  },
  'report.ready': {
    ...{ user_id, run_id, html: `${report}.html`, json: `${report}.json`, junit: `${report}.xml` },
    manifest: `gs://virtuoso-reports/${run_id}/manifest.json`,
  },
  'webhook.ping': { user_id, webhook_id },
  'webhook.disabled': {
    ...{ user_id, webhook_id, host: 'hooks.example.com', reason: 'The endpoint has been failing for 5 days.' },
  },
} as const satisfies { readonly [T in EventType]?: EventData<T> };
