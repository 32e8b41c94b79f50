import assert from 'node:assert/strict';
import { type GroupingOf, type StatisticName, statistics } from '../../schemas/statistics.ts';
import { type Questions, questions, type Row } from '../../shared/analytics/questions.ts';
import { reportData } from '../../shared/analytics/report-data.ts';
import { MOST_GROUPS, type Question } from '../../shared/analytics/statistics.ts';
import { sessionCost } from '../../shared/cost/session-cost.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { type TestPlatform, testPlatform } from '../../shared/platform/testing.ts';
import { renderMonthlyUsage } from '../../shared/reports/monthly-usage.ts';
import { renderWeeklyPerformance } from '../../shared/reports/weekly-performance.ts';
import { resources } from '../../shared/resources/index.ts';
import { readScheduledQueries } from '../deploy/scheduled-queries.ts';
import { startBigquery, type TestBigquery } from './bigquery/testing.ts';
import { provisionWarehouse } from './host/provision-http.ts';

describe('a question to the warehouse', function () {
  this.timeout(120_000);
  let bigquery: TestBigquery;
  let service: Questions;
  let platform: TestPlatform;
  const documents = new Map<string, Record<string, unknown>>();
  const firestore = {
    collection: () => ({
      doc: (id: string) => ({
        get: async () => ({
          exists: documents.has(id),
          get: (field: string) => {
            const value = documents.get(id)?.[field];
            return value instanceof Date ? { toMillis: () => value.getTime() } : value;
          },
        }),
        set: async (value: Record<string, unknown>) => void documents.set(id, value),
      }),
    }),
  };
  const platformWith = (environment: Record<string, string> = {}) =>
    testPlatform({
      environment,
      clients: { bigquery: async () => bigquery.client, firestore: async () => firestore },
    });
  const tables = resources.tables.map(
    ({ expiryDays: _, ...table }: (typeof resources.tables)[number] & { expiryDays?: number }) => table,
  );

  before(async () => {
    bigquery = await startBigquery();
    const place = { origin: bigquery.cloud.origin, project: 'virtuoso-local', region: 'us-central1' };
    await provisionWarehouse({ ...place, resources: { ...resources, tables } } as never);
    const insert = (table: string, rows: readonly object[]) =>
      bigquery.client
        .dataset('analytics')
        .table(table)
        .insert([...rows]);
    const step = (n: number, more: object) => ({
      ...{
        event_id: `c${n}`,
        user_id: 'usr_1',
        session_id: 'ses_1',
        command: 'interact.click',
        command_group: 'interact',
      },
      ...{
        status: 'passed',
        duration_ms: n * 10,
        healed: n === 1,
        target_strategy: 'role',
        browser: 'chromium',
        ...more,
      },
    });
    await insert('command_executions', [
      step(1, { executed_at: '2026-02-28T23:59:59.999Z' }),
      step(2, { executed_at: '2026-03-01T00:00:00Z' }),
      step(3, { executed_at: '2026-03-01T23:59:59Z', status: 'failed' }),
      step(4, { executed_at: '2026-03-02T01:00:00+02:00', status: 'skipped' }),
      step(5, {
        executed_at: '2026-03-02T00:00:00Z',
        command: 'wait.time',
        command_group: 'wait',
        target_strategy: null,
      }),
      step(6, { executed_at: '2026-03-01T12:00:00Z', user_id: 'usr_2' }),
    ]);
    const session = (n: number, more: object) => ({
      ...{ event_id: `s${n}`, user_id: 'usr_1', run_id: 'run_1', session_id: `ses_${n}`, test_id: 'tst_1' },
      ...{
        test_name: `Buy ${n}`,
        content_hash: 'h',
        status: 'passed',
        trigger: 'api',
        steps: 3,
        duration_ms: 1000 * n,
      },
      ...{ queued_ms: 5, cold_start: false, gb_seconds: n, billable_operations: 10, ...more },
    });
    await insert('test_runs', [
      session(1, { ended_at: '2026-03-01T00:00:00Z' }),
      session(2, { ended_at: '2026-03-01T10:00:00Z', status: 'failed', cold_start: true }),
      session(3, { ended_at: '2026-03-02T10:00:00Z', test_id: 'tst_2', status: 'cancelled', run_id: 'run_2' }),
      session(4, { ended_at: '2026-03-01T10:00:00Z', user_id: 'usr_2', test_id: 'tst_3' }),
    ]);
    const request = (n: number, more: object) => ({
      ...{ event_id: `p${n}`, user_id: 'usr_1', function: 'runs', route: '/v1/runs', method: 'GET', status: 200 },
      ...{ latency_ms: n, cold_start: n === 1, revision: 'r1', observed_at: '2026-03-01T10:30:00Z', ...more },
    });
    await insert('performance_metrics', [
      ...[request(1, {}), request(2, { status: 404 }), request(3, { status: 503, method: 'POST' })],
      request(4, { user_id: 'usr_2' }),
    ]);
    await insert('user_activity', [
      {
        event_id: 'a1',
        user_id: 'usr_1',
        occurred_at: '2026-03-01T10:30:00Z',
        action: 'POST /v1/runs',
        status: 202,
        resource: '/v1/runs',
      },
      {
        event_id: 'a2',
        user_id: 'usr_1',
        occurred_at: '2026-03-01T10:30:01Z',
        action: 'POST /v1/runs',
        status: 400,
        resource: '/v1/runs',
      },
    ]);
  });
  after(() => bigquery.close());
  beforeEach(() => {
    documents.clear();
    platform = platformWith();
    service = questions.make(platform);
  });

  const march = { from: new Date('2026-03-01'), to: new Date('2026-03-03'), userId: 'usr_1' as string | undefined };
  const ask = (statistic: StatisticName, groupBy: string, more: Partial<Question> = {}) =>
    service.ask({ ...march, statistic, groupBy: groupBy as GroupingOf<StatisticName>, ...more });
  const table = (rows: readonly Row[], ...columns: string[]) => rows.map((row) => columns.map((name) => row[name]));

  it('can be asked of every statistic by every grouping, and has every measure', async () => {
    for (const [name, { groupings, measures }] of Object.entries(statistics)) {
      for (const groupBy of groupings) {
        const { rows, bytesProcessed } = await ask(name as StatisticName, groupBy);
        assert.ok(rows.length > 0 && bytesProcessed > 0, `${name} by ${groupBy}`);
        for (const { key, label, ...values } of rows) {
          assert.ok(key === null || typeof key === 'string', `${name} by ${groupBy}`);
          assert.deepEqual(Object.keys(values), Object.keys(measures), `${name} by ${groupBy}`);
          assert.equal(typeof label, ['test', 'content'].includes(groupBy) ? 'string' : 'undefined');
          for (const value of Object.values(values)) assert.ok(value === null || typeof value === 'number');
        }
      }
    }
  });

  it("counts in days of UTC, the first whole and the end not, and nobody else's rows", async () => {
    const { rows } = await ask('commands', 'day');
    const columns = ['key', 'executions', 'passed', 'failed', 'skipped', 'successRate', 'p50Ms'];
    assert.deepEqual(table(rows, ...columns), [
      ['2026-03-01', 2, 1, 1, 1, 0.5, 20],
      ['2026-03-02', 1, 1, 0, 0, 1, 50],
    ]);
    const everybody = await ask('commands', 'user', { userId: undefined });
    assert.deepEqual(table(everybody.rows, 'key', 'executions'), [
      ['usr_1', 3],
      ['usr_2', 1],
    ]);
    assert.deepEqual(table((await ask('commands', 'week')).rows, 'key'), [['2026-02-23'], ['2026-03-02']]);
    assert.deepEqual((await ask('commands', 'day', { userId: "usr_1' OR '1'='1" })).rows, []);
  });

  it('of runs, requests, activity and flaky tests counts what they are about', async () => {
    assert.deepEqual(
      table((await ask('runs', 'test')).rows, 'key', 'label', 'runs', 'sessions', 'successRate', 'cancelled'),
      [
        ['tst_1', 'Buy 2', 1, 2, 0.5, 0],
        ['tst_2', 'Buy 3', 1, 1, null, 1],
      ],
    );
    const performance = (await ask('performance', 'route')).rows;
    assert.deepEqual(table(performance, 'key', 'requests', 'clientErrors', 'serverErrors', 'errorRate', 'coldStarts'), [
      ['GET /v1/runs', 2, 1, 0, 0, 1],
      ['POST /v1/runs', 1, 0, 1, 1, 0],
    ]);
    assert.deepEqual(table((await ask('performance', 'hour')).rows, 'key', 'requests'), [['2026-03-01T10:00Z', 3]]);
    assert.deepEqual(table((await ask('activity', 'action')).rows, 'key', 'actions', 'refused', 'resources'), [
      ['POST /v1/runs', 2, 1, 1],
    ]);
    assert.deepEqual(
      table((await ask('flaky', 'test')).rows, 'key', 'label', 'sessions', 'passed', 'notPassed', 'flakyRate'),
      [['tst_1', 'Buy 2', 2, 1, 1, 0.5]],
    );
  });

  it('of cost has the price of the table, the dearest first', async () => {
    const { rows } = await ask('cost', 'run');
    const usd = (gibSeconds: number, operations: number) => sessionCost({ gibSeconds, operations }).total;
    assert.deepEqual(table(rows, 'key', 'gbSeconds', 'operations'), [
      ['run_1', 3, 20],
      ['run_2', 3, 10],
    ]);
    const found = rows.map((row) => Number(row.usd));
    for (const [n, expected] of [usd(3, 20), usd(3, 10)].entries())
      assert.ok(Math.abs((found[n] ?? 0) / expected - 1) < 1e-9, `${found[n]} is not ${expected}`);
  });

  it('is answered from memory, then from the cache, until its table changes or some minutes have passed', async () => {
    const asked = { groupBy: 'status', statistic: 'commands' } as const;
    const first = await service.ask({ ...march, ...asked });
    assert.equal(first.cached, false);
    const again = await service.ask({ ...march, ...asked });
    assert.deepEqual([again.cached, again.rows], [true, first.rows]);
    assert.equal(documents.size, 1);

    const elsewhere = questions.make(platformWith());
    assert.equal((await elsewhere.ask({ ...march, ...asked })).cached, true);
    assert.equal((await elsewhere.ask({ ...march, ...asked, userId: 'usr_2' })).cached, false);

    platform.clock.time += 6 * 60_000;
    assert.equal((await service.ask({ ...march, ...asked })).cached, false);

    bigquery.cloud.clock.advance(1000);
    const row = { event_id: 'late', user_id: 'usr_1', executed_at: '2026-03-01T10:00:00Z', status: 'error' };
    await bigquery.client.dataset('analytics').table('command_executions').insert([row]);
    const changed = await service.ask({ ...march, ...asked });
    assert.equal(changed.cached, false);
    assert.ok(changed.rows.some(({ key }) => key === 'error'));
  });

  it('is answered although the cache cannot be used', async () => {
    const broken = testPlatform({
      clients: { bigquery: async () => bigquery.client, firestore: async () => assert.fail('gone') },
    });
    const { rows } = await questions.make(broken).ask({ ...march, statistic: 'runs', groupBy: 'status' });
    assert.ok(rows.length > 0);
    assert.ok(broken.lines.some(({ severity }) => severity === 'WARNING'));
  });

  it('reads the partitions of its range, and the columns that it needs', async () => {
    const bytesOf = async (statistic: StatisticName, groupBy: string, from: string) =>
      (await ask(statistic, groupBy, { from: new Date(from) })).bytesProcessed;
    for (const [statistic, groupBy] of [
      ['commands', 'day'],
      ['flaky', 'test'],
      ['cost', 'run'],
    ] as const) {
      const [oneDay, all] = [
        await bytesOf(statistic, groupBy, '2026-03-02'),
        await bytesOf(statistic, groupBy, '2026-02-01'),
      ];
      assert.ok(oneDay < all, `${statistic}: ${oneDay} of ${all} bytes`);
    }
    const [narrow, wide] = [await bytesOf('cost', 'day', '2026-02-01'), await bytesOf('runs', 'test', '2026-02-01')];
    assert.ok(narrow < wide, `${narrow} and ${wide} bytes`);
  });

  it('that would read more than is allowed is refused, and nothing is billed', async () => {
    const limited = questions.make(platformWith({ ANALYTICS_BYTES_LIMIT: '1' }));
    const billed = bigquery.cloud.meter.get('bigquery.query_bytes');
    await assert.rejects(limited.ask({ ...march, statistic: 'runs', groupBy: 'test' }), (error) => {
      assert.ok(error instanceof AppError && error.code === 'unprocessable');
      assert.match(error.message, /ask for less time/);
      return true;
    });
    assert.equal(bigquery.cloud.meter.get('bigquery.query_bytes'), billed);
  });

  it('gives one group more than is shown, so that it is known that there are more', async () => {
    const rows = Array.from({ length: MOST_GROUPS + 5 }, (_, n) => ({
      ...{
        event_id: `m${n}`,
        user_id: 'usr_9',
        executed_at: '2026-03-01T10:00:00Z',
        command: `c${n}`,
        status: 'passed',
      },
    }));
    await bigquery.client.dataset('analytics').table('command_executions').insert(rows);
    assert.equal((await ask('commands', 'command', { userId: 'usr_9' })).rows.length, MOST_GROUPS + 1);
  });

  it('reads what the reports of a week and of a month are made of', async () => {
    const data = reportData.make(platform);
    for (const { sql } of readScheduledQueries(resources.scheduledQueries))
      for (const date of ['2026-03-02', '2026-04-01'])
        await bigquery.rows(sql, { params: { run_date: bigquery.client.date(date) } });

    const week = await data.week('2026-02-23');
    assert.deepEqual(week.total, { requests: 4, errors: 1, p95: 4 });
    assert.deepEqual(week.days, [{ day: '2026-03-01', requests: 4, errors: 1, p50: 2, p95: 4, p99: 4 }]);
    assert.deepEqual(
      week.routes.map(({ route, requests, coldStarts }) => [route, requests, coldStarts]),
      [
        ['GET /v1/runs', 3, 1],
        ['POST /v1/runs', 1, 0],
      ],
    );
    assert.equal(week.before, undefined);
    assert.equal((await data.week('2026-03-02')).before?.requests, 4);
    assert.deepEqual(week.flaky, [{ user: 'usr_1', name: 'Buy 2', sessions: 2, notPassed: 1 }]);
    assert.deepEqual(
      week.cost.map(({ period, service }) => [period, service]),
      [
        ['2026-02-23', 'Cloud Run memory'],
        ['2026-02-23', 'Cloud Run processor'],
        ['2026-02-23', 'Cloud Run requests'],
        ['2026-02-23', 'Firestore'],
      ],
    );
    assert.deepEqual(
      week.slow.map(({ user, test }) => [user, test]),
      week.slow.map(({ test }) => ['usr_1', test]),
    );
    assert.match(renderWeeklyPerformance(week, { generatedAt: '2026-03-02', version: '1' }), /Buy 2/);

    const month = await data.month('2026-03-01');
    assert.deepEqual(month.days[0], { day: '2026-03-01', passed: 2, failed: 1, errors: 0 });
    assert.deepEqual(
      month.users.map(({ user, sessions, passed, judged }) => [user, sessions, passed, judged]),
      [
        ['usr_1', 3, 1, 2],
        ['usr_2', 1, 1, 1],
      ],
    );
    assert.deepEqual(
      month.months.map(({ month: name, runs, steps }) => [name, runs, steps]),
      [['2026-03', 3, 12]],
    );
    assert.match(renderMonthlyUsage(month, { generatedAt: '2026-04-01', version: '1' }), /usr_1/);
  });
});
