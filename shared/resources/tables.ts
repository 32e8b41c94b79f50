import { type ColumnType, defineTable } from '../define/resources.ts';

const column = (type: ColumnType, description: string) => ({ type, description });
const eventId = column('STRING', 'Id of the event that the row was made of; rows are deduplicated on it.');
const userId = column('STRING', 'Whose it is.');

export const commandExecutions = defineTable({
  name: 'command_executions',
  description: 'One row an executed step.',
  partition: 'executed_at',
  cluster: ['user_id', 'command'],
  columns: {
    executed_at: column('TIMESTAMP', 'When the step began.'),
    event_id: eventId,
    user_id: userId,
    session_id: column('STRING', 'Session that executed it.'),
    run_id: column('STRING', 'Run that the session belongs to, if any.'),
    test_id: column('STRING', 'Test that the step is of, if any.'),
    checkpoint_id: column('STRING', 'Checkpoint that the step is of.'),
    position: column('INT64', 'Position in the checkpoint, from 0.'),
    command: column('STRING', 'group.verb.'),
    command_group: column('STRING', 'The group alone.'),
    target_strategy: column('STRING', 'How the target was found.'),
    status: column('STRING', 'passed, failed, error or skipped.'),
    duration_ms: column('INT64', 'Milliseconds.'),
    error_type: column('STRING', 'Kind of error, when there was one.'),
    healed: column('BOOL', 'Whether the target was healed.'),
    attempt: column('INT64', 'Attempt of the test, from 1.'),
    browser: column('STRING', 'Browser and version.'),
    region: column('STRING', 'Where it ran.'),
    checkpoint: column('STRING', "The checkpoint's name."),
    target: column('STRING', 'The element that the step named, as written; variables are filled in, secrets hidden.'),
  },
});

export const testRuns = defineTable({
  name: 'test_runs',
  description: 'One row an ended session of a run.',
  partition: 'ended_at',
  cluster: ['user_id', 'test_id'],
  columns: {
    ended_at: column('TIMESTAMP', 'When the session ended.'),
    event_id: eventId,
    run_id: column('STRING', 'Run.'),
    session_id: column('STRING', 'Session.'),
    test_id: column('STRING', 'Test.'),
    test_name: column('STRING', "The test's name."),
    content_hash: column('STRING', 'SHA-256 of the definition.'),
    user_id: userId,
    status: column('STRING', 'passed, failed, error or cancelled.'),
    trigger: column('STRING', 'What started the run.'),
    attempt: column('INT64', 'From 1.'),
    row: column('INT64', 'Data row, from 0, if any.'),
    checkpoints: column('INT64', 'How many.'),
    steps: column('INT64', 'How many.'),
    passed: column('INT64', 'Steps that passed.'),
    failed: column('INT64', 'Steps that failed or could not be executed.'),
    duration_ms: column('INT64', 'Milliseconds from start to end.'),
    queued_ms: column('INT64', 'Milliseconds from creation to start.'),
    cold_start: column('BOOL', 'Whether the instance had just been started.'),
    gb_seconds: column('FLOAT64', 'Memory times time that the session took.'),
    billable_operations: column('INT64', 'Billable operations of the session itself.'),
  },
});

export const userActivity = defineTable({
  name: 'user_activity',
  description: 'One row a change that a user asked for.',
  partition: 'occurred_at',
  cluster: ['user_id'],
  expiryDays: 400,
  columns: {
    occurred_at: column('TIMESTAMP', 'When.'),
    event_id: eventId,
    user_id: userId,
    action: column('STRING', 'Method and route.'),
    resource: column('STRING', 'Path of the resource.'),
    ip_hash: column('STRING', 'Keyed hash of the address.'),
    user_agent: column('STRING', 'As sent.'),
    status: column('INT64', 'HTTP status.'),
  },
});

export const performanceMetrics = defineTable({
  name: 'performance_metrics',
  description: 'One row a request.',
  partition: 'observed_at',
  cluster: ['function', 'route'],
  expiryDays: 90,
  columns: {
    observed_at: column('TIMESTAMP', 'When the request came.'),
    event_id: eventId,
    function: column('STRING', 'Function.'),
    route: column('STRING', 'Pattern of the route.'),
    method: column('STRING', 'HTTP method.'),
    status: column('INT64', 'HTTP status.'),
    latency_ms: column('INT64', 'Milliseconds.'),
    cold_start: column('BOOL', 'Whether it was the first request of the instance.'),
    memory_mb: column('INT64', 'Resident memory of the instance, in MB.'),
    instance_id: column('STRING', 'Instance.'),
    region: column('STRING', 'Region.'),
    revision: column('STRING', 'Revision of the function.'),
    user_id: column('STRING', 'Who asked; anonymous without a credential.'),
    sampling: column('FLOAT64', 'Share of requests that were recorded then: a row stands for 1 / sampling of them.'),
  },
});
