import assert from 'node:assert/strict';
import { cloudEvent, type EventData, type EventType, eventData } from './events.ts';

const session = {
  user_id: 'usr_1',
  session_id: 'ses_1',
  run_id: 'run_1',
  test_id: 'tst_1',
  test_name: 'A',
  attempt: 1,
};
const time = '2026-03-04T12:00:00.000Z';
const command = {
  user_id: 'usr_1',
  session_id: 'ses_1',
  run_id: 'run_1',
  test_id: 'tst_1',
  checkpoint_id: 'chk_1',
  position: 0,
  command: 'interact.click',
  status: 'passed' as const,
  executed_at: time,
  duration_ms: 12,
  healed: false,
  attempt: 1,
  region: 'us-central1',
};

const change = {
  user_id: 'usr_1',
  run_id: 'run_1',
  test_id: 'tst_1',
  test_name: 'A',
  content_hash: 'abc',
  content_changed: false,
};

/** The type of this table says that no event is without a sample. */
const samples: { [T in EventType]: EventData<T> } = {
  'test.imported': { user_id: 'usr_1', test_id: 'tst_1', name: 'A', version: 1, content_hash: 'abc' },
  'test.rejected': { user_id: 'usr_1', test_id: 'tst_1', name: 'a.yaml', problems: 3 },
  'test.became_failing': change,
  'test.recovered': { ...change, failing_since: time },
  'test.flaky': change,
  'webhook.ping': { user_id: 'usr_1', webhook_id: 'whk_1' },
  'webhook.disabled': { user_id: 'usr_1', webhook_id: 'whk_1', host: 'hooks.example', reason: 'It is gone.' },
  'user.created': { user_id: 'usr_2', by: 'usr_1', role: 'viewer' },
  'user.changed': { user_id: 'usr_2', by: 'usr_1', role: 'viewer', disabled: true },
  'api_key.created': { user_id: 'usr_1', by: 'usr_1', key_id: 'key_1', prefix: 'vrt_abcdef', scopes: ['tests:read'] },
  'auth.denied': {
    ...{ user_id: 'anonymous', reason: 'unauthenticated', function: 'runs', route: '/v1/runs', method: 'POST' },
    ...{ ip_hash: 'h', count: 3, first_at: time, last_at: time },
  },
  'rate_limit.exceeded': {
    ...{ user_id: 'usr_1', limit: 'run', function: 'runs', route: '/v1/runs', method: 'POST' },
    ...{ ip_hash: 'h', count: 3, first_at: time, last_at: time },
  },
  'user.deleted': { user_id: 'usr_2', by: 'usr_1' },
  'api_key.revoked': { user_id: 'usr_1', by: 'usr_1', key_id: 'key_1', prefix: 'vrt_abcdef' },
  'run.created': { user_id: 'usr_1', run_id: 'run_1', trigger: 'api', tests: 2 },
  'run.started': { user_id: 'usr_1', run_id: 'run_1', sessions: 2 },
  'run.completed': {
    user_id: 'usr_1',
    run_id: 'run_1',
    status: 'failed',
    sessions: 2,
    passed: 1,
    failed: 1,
    error: 0,
    duration_ms: 5,
  },
  'run.cancelled': { user_id: 'usr_1', run_id: 'run_1', sessions: 2 },
  'session.started': session,
  'session.resumed': { ...session, resumed: 1 },
  'session.opened': { user_id: 'usr_1', session_id: 'ses_1' },
  'session.closed': {
    ...{ user_id: 'usr_1', session_id: 'ses_1', reason: 'expired', commands: 3 },
    ...{ passed: 2, failed: 1, resumed: 0, duration_ms: 5 },
  },
  'session.completed': {
    ...session,
    content_hash: 'abc',
    status: 'passed',
    trigger: 'api',
    row: 0,
    checkpoints: 1,
    steps: 2,
    passed: 2,
    failed: 0,
    duration_ms: 10,
    queued_ms: 2,
    cold_start: true,
    gb_seconds: 0.02,
    billable_operations: 7,
    ended_at: time,
  },
  'checkpoint.completed': {
    user_id: 'usr_1',
    session_id: 'ses_1',
    run_id: 'run_1',
    checkpoint_id: 'chk_1',
    name: 'Log in',
    position: 0,
    status: 'skipped',
    steps: 0,
  },
  'report.ready': { user_id: 'usr_1', run_id: 'run_1', html: '/h', json: '/j', junit: '/x', manifest: 'gs://b/m' },
  'command.executed': command,
  'command.healed': {
    user_id: 'usr_1',
    session_id: 'ses_1',
    run_id: 'run_1',
    test_id: 'tst_1',
    checkpoint_id: 'chk_1',
    position: 0,
    command: 'interact.click',
    from: '#buy',
    to: 'button "Buy now" #order',
    confidence: 0.87,
    evidence: ['same name'],
    attempt: 1,
  },
  'command.failed': {
    ...command,
    status: 'failed',
    error_type: 'timeout',
    target_strategy: 'role',
    browser: 'chromium 1',
  },
  'statistics.reported': {
    ...{ user_id: 'usr_1', report: 'weekly_performance', period: '2026-03-02' },
    object: 'gs://virtuoso-reports/statistics/weekly_performance/2026-03-02.html',
  },
  'dead_letter.received': { user_id: 'usr_1', what: 'task dlv_1-0', from: 'webhook-delivery', reason: 'not taken' },
  'budget.alert': { user_id: 'usr_1', level: 'warning', month: '2026-03', budget_usd: 500, spent_usd: 512.3 },
  'request.completed': {
    user_id: 'anonymous',
    function: 'runs',
    route: '/v1/runs',
    method: 'GET',
    path: '/v1/runs',
    status: 200,
    latency_ms: 3,
    cold_start: false,
    memory_mb: 90,
    instance_id: 'i',
    region: 'r',
    revision: 'v',
    ip_hash: '',
    user_agent: '',
    observed_at: time,
  },
};

describe('the events', () => {
  for (const [type, data] of Object.entries(samples)) {
    it(`${type} is accepted as it is published, and with nothing more or less`, () => {
      const contract = eventData[type as EventType];
      assert.deepEqual(contract.problems(data), []);
      assert.equal(contract.accepts({ ...data, more: 1 }), false);
      const { user_id: _user, ...nobodys } = data;
      assert.equal(contract.accepts(nobodys), false);
    });
  }

  it('have an envelope by CloudEvents 1.0', () => {
    const envelope = {
      specversion: '1.0',
      id: 'evt_1',
      source: 'virtuoso',
      type: 'run.started',
      subject: 'runs/run_1',
      time,
      datacontenttype: 'application/json',
      data: {},
    };
    assert.equal(cloudEvent.accepts(envelope), true);
    assert.equal(cloudEvent.accepts({ ...envelope, traceparent: 'an extension' }), true);
    for (const name of Object.keys(envelope)) {
      const { [name as 'id']: _left, ...rest } = envelope;
      assert.equal(cloudEvent.accepts(rest), false, name);
    }
    assert.equal(cloudEvent.accepts({ ...envelope, data: 'text' }), false);
  });
});
