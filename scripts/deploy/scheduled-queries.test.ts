import assert from 'node:assert/strict';
import { functions } from '../../functions/index.ts';
import { runSession } from '../../functions/run-session/index.ts';
import { sessionCost, VCPUS_PER_GIB } from '../../shared/cost/session-cost.ts';
import type { Table } from '../../shared/define/resources.ts';
import { resources } from '../../shared/resources/index.ts';
import { plain } from '../local/bigquery/plain.ts';
import { startBigquery, type TestBigquery } from '../local/bigquery/testing.ts';
import { parseSchedule } from '../local/data-transfer/schedule.ts';
import { provisionWarehouse } from '../local/host/provision-http.ts';
import { readQueryFile, readScheduledQueries } from './scheduled-queries.ts';

const queries = readScheduledQueries(resources.scheduledQueries);

describe('the files of scheduled queries', () => {
  it('say when they run, what they keep and how they write, in words', () => {
    for (const { name, description, schedule, write, period, sql } of queries) {
      parseSchedule(schedule);
      assert.match(description, /^[A-Z].*\.$/, name);
      assert.match(write, /^MERGE, replaces the /, name);
      assert.ok(schedule.startsWith({ day: 'every day', week: 'every monday', month: '1 of month' }[period]), name);
      assert.doesNotMatch(sql, /\{\{|--/, name);
    }
  });

  it('that lack something are refused with what it is', () => {
    const whole = '-- It counts.\n-- schedule: every day 01:00\n-- destination: t\n-- write: MERGE\n-- period: day\n';
    assert.equal(readQueryFile('q', `${whole}SELECT {{vCPUs a GiB}}\n`).sql, `SELECT ${VCPUS_PER_GIB}`);
    assert.throws(() => readQueryFile('q', whole.replace('-- write: MERGE\n', '')), /q\.sql.*-- write: …/);
    assert.throws(() => readQueryFile('q', whole.replace('period: day', 'period: year')), /day, week, month, not year/);
    assert.throws(() => readQueryFile('q', `${whole}SELECT {{usd}}`), /no value for \{\{usd\}\}/);
  });

  it('count the processors that a session has', () => {
    assert.ok(functions.includes(runSession));
    assert.equal(`${runSession.cpu / VCPUS_PER_GIB}Gi`, runSession.memory);
  });
});

/** A step's command. */
const of = (command: string, more = {}) => ({ command, command_group: command.split('.')[0] ?? '', ...more });

/** Rows of a table, written as what differs from one row to the next. */
type Rows = readonly Record<string, string | number | boolean>[];

describe('a scheduled query', function () {
  this.timeout(120_000);
  let bigquery: TestBigquery;
  before(async () => {
    bigquery = await startBigquery();
    // The data is of days that have been kept long enough.
    const tables = resources.tables.map(({ expiryDays: _, ...table }: Table) => table);
    const place = { origin: bigquery.cloud.origin, project: 'virtuoso-local', region: 'us-central1' };
    await provisionWarehouse({ ...place, resources: { ...resources, tables } } as never);
  });
  after(() => bigquery.close());
  afterEach(async () => {
    for (const { name } of resources.tables) await bigquery.rows(`TRUNCATE TABLE analytics.${name}`);
  });

  const insert = async (table: string, rows: Rows) =>
    void (await bigquery.client.dataset('analytics').table(table).insert(rows));
  const run = async (name: string, date: string) => {
    const { sql } = queries.find((query) => query.name === name) ?? assert.fail(name);
    await bigquery.rows(sql, { params: { run_date: bigquery.client.date(date) } });
  };
  const read = async (sql: string) =>
    (await bigquery.rows(sql)).map((row) => Object.values(row).map((value) => plain(value)));

  const steps = (list: readonly (readonly [time: string, more?: Record<string, string | number | boolean>])[]) =>
    insert(
      'command_executions',
      list.map(([time, more], n) => ({
        ...{ executed_at: time, event_id: `evt_${n}`, user_id: 'usr_1', session_id: 'ses_1', checkpoint_id: 'chk_1' },
        ...{ position: n, command: 'interact.click', command_group: 'interact', status: 'passed', duration_ms: 100 },
        ...{ healed: false, attempt: 1, test_id: 'tst_1', checkpoint: 'One', ...more },
      })),
    );
  const sessions = (list: readonly (readonly [time: string, more?: Record<string, string | number | boolean>])[]) =>
    insert(
      'test_runs',
      list.map(([time, more], n) => ({
        ...{ ended_at: time, event_id: `evt_${n}`, user_id: 'usr_1', run_id: 'run_1', session_id: `ses_${n}` },
        ...{ test_id: 'tst_1', test_name: 'Buy', content_hash: 'h', status: 'passed', steps: 3, duration_ms: 10 },
        ...{ gb_seconds: 2, billable_operations: 10, ...more },
      })),
    );
  const requests = (list: readonly (readonly [time: string, more?: Record<string, string | number | boolean>])[]) =>
    insert(
      'performance_metrics',
      list.map(([time, more], n) => ({
        ...{ observed_at: time, event_id: `evt_${n}`, user_id: 'usr_1', function: 'runs', route: '/v1/runs' },
        ...{ method: 'GET', status: 200, latency_ms: 10, cold_start: false, memory_mb: 90, ...more },
      })),
    );

  it('of commands counts each event once, in the day of UTC, and knows executed from skipped', async () => {
    await steps([
      ['2026-03-06T23:59:59.999Z', { duration_ms: 7 }],
      ['2026-03-07T00:00:00Z', { duration_ms: 10 }],
      // 23:30 in New York of the day before: the seventh in UTC.
      ['2026-03-06T23:30:00-05:00', { duration_ms: 30, status: 'failed', session_id: 'ses_2' }],
      ['2026-03-08T01:30:00+02:00', { duration_ms: 20, healed: true }],
      ['2026-03-07T12:00:00Z', { status: 'skipped', duration_ms: 9999 }],
      ['2026-03-07T12:00:00Z', { user_id: 'usr_2', status: 'error' }],
      ['2026-03-08T23:59:59.999999Z', { command: 'wait.time', command_group: 'wait' }],
      ['2026-03-09T00:00:00Z'],
    ]);
    // The same event once more, after BigQuery has forgotten its insertId.
    const again = { event_id: 'evt_1', executed_at: '2026-03-07T00:00:00Z', user_id: 'usr_1', status: 'passed' };
    await insert('command_executions', [{ ...again, command: 'interact.click', session_id: 'ses_1', duration_ms: 10 }]);
    await run('daily_command_stats', '2026-03-09');
    const all = 'day, user_id, command, executions, passed, failed, errors, skipped, healed, sessions, success_rate';
    assert.deepEqual(
      await read(`SELECT ${all}, p50_ms, p99_ms FROM analytics.daily_command_stats ORDER BY day, user_id`),
      [
        ['2026-03-07', 'usr_1', 'interact.click', 3, 2, 1, 0, 1, 1, 2, 2 / 3, 20, 30],
        ['2026-03-07', 'usr_2', 'interact.click', 1, 0, 0, 1, 0, 0, 1, 0, 100, 100],
        ['2026-03-08', 'usr_1', 'wait.time', 1, 1, 0, 0, 0, 0, 1, 1, 100, 100],
      ],
    );
  });

  it('of transitions sees a session over midnight as one, and what was skipped not at all', async () => {
    await steps([
      ['2026-03-07T23:59:58Z', of('navigate.to')],
      ['2026-03-07T23:59:59Z', of('interact.click')],
      ['2026-03-08T00:00:00Z', of('interact.type', { status: 'skipped' })],
      ['2026-03-08T00:00:01Z', of('assert.exists')],
      ['2026-03-08T00:00:00Z', of('navigate.to', { session_id: 'ses_2', user_id: 'usr_2' })],
    ]);
    await run('command_transitions', '2026-03-09');
    assert.deepEqual(
      await read(
        'SELECT day, user_id, before_previous, previous, command, count FROM analytics.command_transitions ORDER BY day, user_id, previous',
      ),
      [
        ['2026-03-07', 'usr_1', '', '', 'navigate.to', 1],
        ['2026-03-07', 'usr_1', '', 'navigate.to', 'interact.click', 1],
        ['2026-03-08', 'usr_1', 'navigate.to', 'interact.click', 'assert.exists', 1],
        ['2026-03-08', 'usr_2', '', '', 'navigate.to', 1],
      ],
    );
  });

  it('of transitions tells what the commands before were done to, and where checkpoints of runs begin', async () => {
    const second = (n: number) => `2026-03-08T10:00:0${n}Z`;
    const live = { session_id: 'ses_9', user_id: 'usr_2' };
    await steps([
      [second(0), of('navigate.to', { checkpoint_id: 'chk_1', run_id: 'run_1' })],
      [second(1), of('interact.click', { checkpoint_id: 'chk_1', run_id: 'run_1', target: 'Buy' })],
      [second(2), of('interact.click', { checkpoint_id: 'chk_2', run_id: 'run_1', target: 'Pay' })],
      [second(3), of('wait.url', { checkpoint_id: 'chk_2', run_id: 'run_1' })],
      [second(0), of('interact.hover', { ...live, checkpoint_id: 'cmd_1', target: 'Menu' })],
      [second(1), of('interact.click', { ...live, checkpoint_id: 'cmd_2', target: 'Out' })],
    ]);
    await run('command_transitions', '2026-03-09');
    assert.deepEqual(
      await read(
        `SELECT command, begins, before_previous_target, previous_target, count FROM analytics.command_transitions
         ORDER BY user_id, previous, before_previous`,
      ),
      [
        ['navigate.to', true, '', '', 1],
        ['wait.url', false, 'Buy', 'Pay', 1],
        ['interact.click', true, '', 'Buy', 1],
        ['interact.click', false, '', '', 1],
        ['interact.hover', true, '', '', 1],
        ['interact.click', false, '', 'Menu', 1],
      ],
    );
  });

  it('of performance is of the week from Monday to Sunday, over the end of a year too', async () => {
    await requests([
      ['2025-12-28T23:59:59Z'],
      ['2025-12-29T00:00:00Z', { latency_ms: 100, cold_start: true, memory_mb: 120 }],
      ['2026-01-01T00:00:00Z', { status: 404, user_id: 'usr_2' }],
      ['2026-01-04T23:59:59.999Z', { status: 503 }],
      ['2026-01-05T00:00:00Z'],
    ]);
    await run('weekly_performance', '2026-01-05');
    const all =
      'week, function, requests, users, client_errors, server_errors, error_rate, cold_starts, p50_ms, p95_ms';
    assert.deepEqual(await read(`SELECT ${all}, most_memory_mb FROM analytics.weekly_performance`), [
      ['2025-12-29', 'runs', 3, 2, 1, 1, 1 / 3, 1, 10, 100, 120],
    ]);
    // Any day of the week gives the week before it.
    await run('weekly_performance', '2026-01-11');
    assert.equal((await read('SELECT week FROM analytics.weekly_performance')).length, 1);
  });

  it('of usage is of a whole month, the shortest too', async () => {
    await sessions([
      ['2024-01-31T23:59:59.999Z'],
      ['2024-02-01T00:00:00Z', { run_id: 'run_2' }],
      ['2024-02-29T23:59:59Z', { status: 'failed', gb_seconds: 3 }],
      ['2024-02-29T12:00:00Z', { test_id: 'tst_2', status: 'cancelled' }],
      ['2024-02-10T12:00:00Z', { user_id: 'usr_2', status: 'error' }],
      ['2024-03-01T00:00:00Z'],
    ]);
    await run('monthly_usage', '2024-03-01');
    const all = 'month, user_id, active_days, runs, tests, sessions, steps, passed, failed, errors, success_rate';
    const rest = 'flaky_rate, duration_ms, gb_seconds, billable_operations, usd';
    const found = await read(`SELECT ${all}, ${rest} FROM analytics.monthly_usage ORDER BY user_id`);
    assert.deepEqual(
      found.map((row) => row.slice(0, -1)),
      [
        ['2024-02-01', 'usr_1', 2, 2, 2, 3, 9, 1, 1, 0, 0.5, 0.5, 30, 7, 30],
        ['2024-02-01', 'usr_2', 1, 1, 1, 1, 3, 0, 0, 1, 0, 0, 10, 2, 10],
      ],
    );
    const usd = [sessionCost({ gibSeconds: 7, operations: 30 }), sessionCost({ gibSeconds: 2, operations: 10 })];
    for (const [n, row] of found.entries())
      assert.ok(Math.abs(Number(row.at(-1)) / (usd[n]?.total ?? 0) - 1) < 1e-9, String(row));
  });

  it('of cost has a row for each service that was used', async () => {
    await sessions([['2026-03-02T00:00:00Z'], ['2026-03-08T23:59:59Z'], ['2026-03-09T00:00:00Z']]);
    // Of the requests of usr_2, a quarter was recorded.
    await requests([['2026-03-02T00:00:00Z'], ['2026-03-03T00:00:00Z', { user_id: 'usr_2', sampling: 0.25 }]]);
    await run('weekly_cost', '2026-03-09');
    const found = await read(
      'SELECT week, user_id, service, amount, unit, usd FROM analytics.weekly_cost ORDER BY user_id, service',
    );
    assert.deepEqual(
      found.map((row) => row.slice(0, -1)),
      [
        ['2026-03-02', 'usr_1', 'Cloud Run memory', 4, 'GiB-seconds'],
        ['2026-03-02', 'usr_1', 'Cloud Run processor', 4, 'vCPU-seconds'],
        ['2026-03-02', 'usr_1', 'Cloud Run requests', 1, 'requests'],
        ['2026-03-02', 'usr_1', 'Firestore', 20, 'writes'],
        ['2026-03-02', 'usr_2', 'Cloud Run requests', 4, 'requests'],
      ],
    );
    const usd = found.filter(([, user, service]) => user === 'usr_1' && service !== 'Cloud Run requests');
    const total = usd.reduce((sum, row) => sum + Number(row.at(-1)), 0);
    assert.ok(Math.abs(total / sessionCost({ gibSeconds: 4, operations: 20 }).total - 1) < 1e-9, String(total));
  });

  it('of flaky tests finds both verdicts of one content, within seven days', async () => {
    const other = { test_id: 'tst_2', content_hash: 'a' };
    await sessions([
      ['2026-03-02T00:00:00Z', { test_name: 'Buy it' }],
      ['2026-03-08T23:59:59Z', { status: 'error' }],
      ['2026-03-03T00:00:00Z'],
      // It was mended in between.
      ['2026-03-03T00:00:00Z', { ...other, status: 'failed' }],
      ['2026-03-04T00:00:00Z', { ...other, content_hash: 'b' }],
      // Cancelled is no verdict; eight days ago is long ago.
      ['2026-03-04T00:00:00Z', { test_id: 'tst_3', status: 'cancelled' }],
      ['2026-03-04T00:00:00Z', { test_id: 'tst_3' }],
      ['2026-03-01T23:59:59Z', { test_id: 'tst_3', status: 'failed' }],
    ]);
    await run('flaky_tests', '2026-03-09');
    const all = 'day, test_id, test_name, content_hash, sessions, passed, not_passed, flaky_rate, first_at, last_at';
    assert.deepEqual(await read(`SELECT ${all} FROM analytics.flaky_tests`), [
      [
        ...['2026-03-08', 'tst_1', 'Buy', 'h', 3, 2, 1, 1 / 3],
        ...['2026-03-02T00:00:00.000Z', '2026-03-08T23:59:59.000Z'],
      ],
    ]);
  });

  it('of slow steps says how much slower they got since the week before', async () => {
    await steps([
      ['2026-02-24T00:00:00Z', { position: 0, duration_ms: 100 }],
      ['2026-03-03T00:00:00Z', { position: 0, duration_ms: 150 }],
      ['2026-03-08T23:00:00Z', { position: 1, duration_ms: 900 }],
      ['2026-03-08T23:00:00Z', { position: 2, duration_ms: 9000, status: 'error' }],
      ['2026-02-15T23:00:00Z', { position: 1, duration_ms: 1 }],
    ]);
    await run('slow_steps', '2026-03-09');
    const all = 'week, test_id, checkpoint, position, executions, p50_ms, p95_ms, before_p50_ms, slower_by';
    assert.deepEqual(await read(`SELECT ${all} FROM analytics.slow_steps ORDER BY p95_ms DESC`), [
      ['2026-03-02', 'tst_1', 'One', 1, 1, 900, 900, null, null],
      ['2026-03-02', 'tst_1', 'One', 0, 1, 150, 150, 100, 0.5],
    ]);
  });

  it('reads the partitions of its time alone', async () => {
    await steps([['2026-03-07T10:00:00Z']]);
    await sessions([['2026-03-07T10:00:00Z']]);
    await requests([['2026-03-07T10:00:00Z']]);
    for (const { name, sql } of queries) {
      const bytesAt = async (date: string) => {
        const params = { run_date: bigquery.client.date(date) };
        const [job] = await bigquery.client.createQueryJob({ query: sql, params, dryRun: true });
        return Number(job.metadata.statistics.totalBytesProcessed);
      };
      const [near, far] = [
        await bytesAt(name === 'monthly_usage' ? '2026-04-01' : '2026-03-09'),
        await bytesAt('2025-03-09'),
      ];
      assert.ok(near > 0 && far === 0, `${name}: ${near} and ${far} bytes`);
    }
  });

  it('that runs again changes nothing; rows that came late are in it then, and what is no more is gone', async () => {
    const dates = ['2026-03-01', '2026-03-08', '2026-03-09'];
    await steps([['2026-03-07T10:00:00Z'], ['2026-02-28T10:00:00Z'], ['2026-03-02T10:00:00Z']]);
    await sessions([
      ['2026-03-07T10:00:00Z'],
      ['2026-03-07T11:00:00Z', { status: 'failed' }],
      ['2026-02-27T10:00:00Z'],
    ]);
    await requests([['2026-03-07T10:00:00Z'], ['2026-02-26T10:00:00Z']]);
    const everything = async () => {
      for (const date of dates) for (const { name } of queries) await run(name, date);
      const tables = queries.map(({ destination }) => destination);
      const list = async (table: string) => (await read(`SELECT * FROM analytics.${table}`)).map(String).sort();
      return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await list(table)] as const)));
    };
    const first = await everything();
    for (const [table, rows] of Object.entries(first)) assert.notDeepEqual(rows, [], table);
    assert.deepEqual(await everything(), first);

    await insert('command_executions', [
      { executed_at: '2026-03-07T11:00:00Z', event_id: 'evt_late', user_id: 'usr_3', command: 'wait.time' },
    ]);
    await run('daily_command_stats', '2026-03-09');
    const users = 'SELECT user_id FROM analytics.daily_command_stats WHERE day = DATE "2026-03-07" ORDER BY user_id';
    assert.deepEqual(await read(users), [['usr_1'], ['usr_3']]);
    await bigquery.rows("DELETE FROM analytics.command_executions WHERE user_id = 'usr_3'");
    await run('daily_command_stats', '2026-03-09');
    assert.deepEqual(await read(users), [['usr_1']]);
  });
});
