import type { Static, TProperties } from 'typebox';
import { commit } from './commit.ts';
import { contract } from './contract.ts';
import { Type } from './type.ts';

const id = Type.String({ minLength: 1 });
const time = Type.String({ format: 'date-time' });
const count = Type.Integer({ minimum: 0 });
const optional = Type.Optional;

/** The envelope: CloudEvents 1.0, JSON format. */
export const cloudEvent = contract(
  'cloud-event',
  Type.Object({
    specversion: Type.Literal('1.0'),
    id,
    source: id,
    type: id,
    subject: id,
    time,
    datacontenttype: Type.Literal('application/json'),
    dataschema: optional(Type.String()),
    data: Type.Record(Type.String(), Type.Unknown()),
  }),
);
export type CloudEvent = Static<typeof cloudEvent.schema>;

const event = <P extends TProperties>(type: string, fields: P) =>
  contract(`event-${type}`, Type.Object({ user_id: id, ...fields }, { additionalProperties: false }));

const session = {
  session_id: id,
  run_id: id,
  test_id: id,
  test_name: Type.String(),
  attempt: Type.Integer({ minimum: 1 }),
};

const change = {
  run_id: id,
  test_id: id,
  test_name: Type.String(),
  content_hash: Type.String(),
  /** The test was another one when it was judged before. */
  content_changed: Type.Boolean(),
};

const command = {
  session_id: id,
  /** A live session has neither a run nor a test. */
  run_id: optional(id),
  test_id: optional(id),
  checkpoint_id: id,
  /** Its name. */
  checkpoint: optional(Type.String()),
  position: count,
  command: id,
  /** The element that it named, as written; variables are filled in, secrets hidden. */
  target: optional(Type.String()),
  target_strategy: optional(Type.String()),
  status: Type.Enum(['passed', 'failed', 'error', 'skipped']),
  executed_at: time,
  duration_ms: count,
  error_type: optional(Type.String()),
  healed: Type.Boolean(),
  attempt: Type.Integer({ minimum: 1 }),
  browser: optional(Type.String()),
  region: Type.String(),
};

/** Requests that were not let in, brought together; `various` where they were of too many kinds to be told apart. */
const refused = {
  function: id,
  route: Type.String(),
  method: Type.String(),
  ip_hash: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  first_at: time,
  last_at: time,
};

/** The data of every event type, snake_case. */
export const eventData = {
  'test.imported': event('test.imported', { test_id: id, name: Type.String(), version: count, content_hash: id }),
  'test.rejected': event('test.rejected', { test_id: id, name: Type.String(), problems: count }),
  /** It failed, and had not before. */
  'test.became_failing': event('test.became_failing', change),
  /** It passed, and had failed before. */
  'test.recovered': event('test.recovered', { ...change, failing_since: time }),
  /** It passed only when tried again, and had not needed that before. */
  'test.flaky': event('test.flaky', change),
  'run.created': event('run.created', { run_id: id, trigger: id, tests: count }),
  'run.started': event('run.started', { run_id: id, sessions: count }),
  'run.completed': event('run.completed', {
    run_id: id,
    status: Type.Enum(['passed', 'failed', 'error', 'cancelled']),
    sessions: count,
    passed: count,
    failed: count,
    error: count,
    duration_ms: count,
    /** The commit that a sender outside started it for. */
    commit: optional(commit.schema),
  }),
  'run.cancelled': event('run.cancelled', { run_id: id, sessions: count }),
  'session.started': event('session.started', session),
  'session.resumed': event('session.resumed', { ...session, resumed: count }),
  'session.completed': event('session.completed', {
    ...session,
    content_hash: Type.String(),
    status: Type.Enum(['passed', 'failed', 'error', 'cancelled']),
    trigger: Type.String(),
    row: optional(count),
    checkpoints: count,
    steps: count,
    passed: count,
    failed: count,
    duration_ms: count,
    queued_ms: count,
    cold_start: Type.Boolean(),
    gb_seconds: Type.Number(),
    billable_operations: count,
    ended_at: time,
  }),
  /** A live session's first command has opened its browser. */
  'session.opened': event('session.opened', { session_id: id }),
  'session.closed': event('session.closed', {
    session_id: id,
    reason: Type.Enum(['closed', 'expired']),
    commands: count,
    passed: count,
    failed: count,
    resumed: count,
    duration_ms: count,
  }),
  'checkpoint.completed': event('checkpoint.completed', {
    session_id: id,
    run_id: id,
    checkpoint_id: id,
    name: Type.String(),
    position: count,
    status: Type.Enum(['passed', 'failed', 'error', 'skipped']),
    steps: count,
  }),
  'report.ready': event('report.ready', {
    run_id: id,
    html: Type.String(),
    json: Type.String(),
    junit: Type.String(),
    manifest: Type.String(),
  }),
  /** Somebody wants to see whether the endpoint works: for that webhook alone. */
  'webhook.ping': event('webhook.ping', { webhook_id: id }),
  /** An endpoint is sent nothing any more: for the other webhooks of its owner. */
  'webhook.disabled': event('webhook.disabled', { webhook_id: id, host: Type.String(), reason: Type.String() }),
  'command.executed': event('command.executed', command),
  'command.failed': event('command.failed', command),
  /** Beside the event of the step itself: what was used in place of an element that was no longer found. */
  'command.healed': event('command.healed', {
    session_id: id,
    run_id: optional(id),
    test_id: optional(id),
    checkpoint_id: id,
    position: count,
    command: id,
    from: Type.String(),
    to: Type.String(),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    evidence: Type.Array(Type.String()),
    attempt: Type.Integer({ minimum: 1 }),
  }),
  'user.created': event('user.created', { by: id, role: Type.String() }),
  'user.changed': event('user.changed', { by: id, role: Type.String(), disabled: Type.Boolean() }),
  /** Everything of theirs is gone. */
  'user.deleted': event('user.deleted', { by: id }),
  'api_key.created': event('api_key.created', { by: id, key_id: id, prefix: Type.String(), scopes: Type.Array(id) }),
  'api_key.revoked': event('api_key.revoked', { by: id, key_id: id, prefix: Type.String() }),
  'auth.denied': event('auth.denied', { reason: id, ...refused }),
  'rate_limit.exceeded': event('rate_limit.exceeded', { limit: id, ...refused }),
  /** A report of statistics was written: it is of all users, and for who runs the platform. */
  'statistics.reported': event('statistics.reported', {
    report: Type.Enum(['weekly_performance', 'monthly_usage']),
    /** Its first day. */
    period: Type.String({ format: 'date' }),
    object: Type.String(),
  }),
  /** A message or a task that nobody could handle is kept; what it is, what gave it up, and why. */
  'dead_letter.received': event('dead_letter.received', { what: id, from: id, reason: Type.String() }),
  /** What was spent this month has reached a budget. */
  'budget.alert': event('budget.alert', {
    level: Type.Enum(['warning', 'critical']),
    month: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
    budget_usd: Type.Number({ minimum: 0 }),
    spent_usd: Type.Number({ minimum: 0 }),
  }),
  'request.completed': event('request.completed', {
    function: id,
    route: Type.String(),
    method: Type.String(),
    path: Type.String(),
    status: Type.Integer(),
    latency_ms: count,
    cold_start: Type.Boolean(),
    memory_mb: count,
    instance_id: id,
    region: Type.String(),
    revision: Type.String(),
    ip_hash: Type.String(),
    user_agent: Type.String(),
    observed_at: time,
    /** false: it is told for what it may have changed, and is none of the sample that performance is measured by. */
    measured: optional(Type.Boolean()),
    /** Share of requests that were measured then. */
    sampling: optional(Type.Number({ minimum: 0, maximum: 1 })),
  }),
};
export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = Static<(typeof eventData)[T]['schema']>;
