import { type ColumnType, defineTable } from '../define/resources.ts';

/** Tables that scheduled queries keep: each run replaces the days, weeks or months that it is of. All of them are UTC's. */

const column = (type: ColumnType, description: string) => ({ type, description });
const userId = column('STRING', 'Whose it is.');
const day = column('DATE', 'The day, in UTC.');
const week = column('DATE', 'The Monday that the week begins with, in UTC.');
const p50 = column('INT64', 'Median of the milliseconds, about.');
const p95 = column('INT64', '95th percentile of the milliseconds, about.');
const p99 = column('INT64', '99th percentile of the milliseconds, about.');

export const dailyCommandStats = defineTable({
  name: 'daily_command_stats',
  description: 'One row a day, user and command: how often, how well and how fast.',
  partition: 'day',
  cluster: ['user_id', 'command'],
  columns: {
    day,
    user_id: userId,
    command: column('STRING', 'group.verb.'),
    command_group: column('STRING', 'The group alone.'),
    executions: column('INT64', 'Steps that were executed: all but the skipped.'),
    passed: column('INT64', 'Of these, those that passed.'),
    failed: column('INT64', 'Of these, those whose expectation did not hold.'),
    errors: column('INT64', 'Of these, those that could not be executed.'),
    skipped: column('INT64', 'Steps that were not executed.'),
    healed: column('INT64', 'Steps whose target was healed.'),
    sessions: column('INT64', 'Sessions with such a step.'),
    success_rate: column('FLOAT64', 'Passed of executed, 0 to 1.'),
    p50_ms: p50,
    p95_ms: p95,
    p99_ms: p99,
  },
});

export const weeklyPerformance = defineTable({
  name: 'weekly_performance',
  description: "One row a week, function and route: how the API's requests were answered.",
  partition: 'week',
  cluster: ['function', 'route'],
  columns: {
    week,
    function: column('STRING', 'Function.'),
    route: column('STRING', 'Pattern of the route.'),
    method: column('STRING', 'HTTP method.'),
    requests: column('INT64', 'Recorded requests.'),
    users: column('INT64', 'Users who asked.'),
    client_errors: column('INT64', 'Answers 400 to 499.'),
    server_errors: column('INT64', 'Answers from 500.'),
    error_rate: column('FLOAT64', 'Answers from 500 of all, 0 to 1.'),
    cold_starts: column('INT64', 'Requests that an instance was started for.'),
    p50_ms: p50,
    p95_ms: p95,
    p99_ms: p99,
    most_memory_mb: column('INT64', 'Most resident memory of an instance, in MB.'),
  },
});

export const monthlyUsage = defineTable({
  name: 'monthly_usage',
  description: 'One row a month and user: what was run, how well, and what it cost.',
  partition: 'month',
  cluster: ['user_id'],
  columns: {
    month: column('DATE', 'The first day of the month, in UTC.'),
    user_id: userId,
    active_days: column('INT64', 'Days on which a session ended.'),
    runs: column('INT64', 'Runs.'),
    tests: column('INT64', 'Different tests.'),
    sessions: column('INT64', 'Sessions that ended, retries among them.'),
    steps: column('INT64', 'Steps of these.'),
    passed: column('INT64', 'Sessions that passed.'),
    failed: column('INT64', 'Sessions that failed.'),
    errors: column('INT64', 'Sessions that could not be executed.'),
    success_rate: column('FLOAT64', 'Passed of passed, failed and not executed, 0 to 1.'),
    flaky_rate: column('FLOAT64', 'Tests that passed and did not with the same content, of all, 0 to 1.'),
    duration_ms: column('INT64', 'Milliseconds of all sessions.'),
    gb_seconds: column('FLOAT64', 'Memory times time of all sessions.'),
    billable_operations: column('INT64', 'Billable operations of all sessions.'),
    usd: column('FLOAT64', 'US dollars at list prices, as if nothing were free.'),
  },
});

export const weeklyCost = defineTable({
  name: 'weekly_cost',
  description: 'One row a week, user and service of Google Cloud: what was used, at list prices.',
  partition: 'week',
  cluster: ['user_id', 'service'],
  columns: {
    week,
    user_id: userId,
    service: column('STRING', 'Cloud Run memory, processor or requests; or Firestore.'),
    unit: column('STRING', 'What the amount counts.'),
    amount: column('FLOAT64', 'How much was used.'),
    usd: column('FLOAT64', 'US dollars at list prices, as if nothing were free.'),
  },
});

export const flakyTests = defineTable({
  name: 'flaky_tests',
  description: 'One row a day and test that, with one and the same content, passed and did not in the 7 days to then.',
  partition: 'day',
  cluster: ['user_id', 'test_id'],
  columns: {
    day: column('DATE', 'The last of the seven days, in UTC.'),
    user_id: userId,
    test_id: column('STRING', 'Test.'),
    test_name: column('STRING', "The test's name, as it was last."),
    content_hash: column('STRING', 'SHA-256 of the definition.'),
    sessions: column('INT64', 'Sessions that passed, failed or could not be executed.'),
    passed: column('INT64', 'Of these, those that passed.'),
    not_passed: column('INT64', 'Of these, the others.'),
    flaky_rate: column('FLOAT64', 'The rarer verdict of all, 0 to 0.5.'),
    first_at: column('TIMESTAMP', 'When the first of the sessions ended.'),
    last_at: column('TIMESTAMP', 'When the last of the sessions ended.'),
  },
});

export const slowSteps = defineTable({
  name: 'slow_steps',
  description: 'One row a week and step of a test, the hundred slowest of each user, with the week before beside it.',
  partition: 'week',
  cluster: ['user_id', 'test_id'],
  columns: {
    week,
    user_id: userId,
    test_id: column('STRING', 'Test.'),
    checkpoint: column('STRING', "The checkpoint's name."),
    position: column('INT64', 'Position in the checkpoint, from 0.'),
    command: column('STRING', 'group.verb.'),
    executions: column('INT64', 'How often it was executed.'),
    p50_ms: p50,
    p95_ms: p95,
    before_p50_ms: column('INT64', 'Median of the week before; null when it was not executed then.'),
    slower_by: column('FLOAT64', 'Share by which the median grew: 0.5 is half as long again.'),
  },
});

export const commandTransitions = defineTable({
  name: 'command_transitions',
  description: 'How often a command follows the two before it in a session, by day and user.',
  partition: 'day',
  cluster: ['user_id', 'previous'],
  columns: {
    day,
    user_id: userId,
    before_previous: column('STRING', 'The command before the previous one; empty when there was none.'),
    previous: column('STRING', 'The command before; empty at the start of a session.'),
    command: column('STRING', 'The command that followed.'),
    count: column('INT64', 'How often.'),
    begins: column('BOOL', 'Whether a session, or a checkpoint of a run, began with the command.'),
    before_previous_target: column('STRING', 'The element that the command before the previous one named, if any.'),
    previous_target: column('STRING', 'The element that the command before named, if any.'),
  },
});
