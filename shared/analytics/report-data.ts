import type { BigQuery } from '@google-cloud/bigquery';
import type { Table } from '../define/resources.ts';
import { defineService, reads } from '../define/service.ts';
import * as statistics from '../resources/statistics-tables.ts';
import * as tables from '../resources/tables.ts';
import { rowsOnce } from './rows-once.ts';

/** What a week's report of performance is made of. */
export interface WeekData {
  /** The Monday. */
  readonly week: string;
  readonly days: readonly Day[];
  /** Routes of the week, the most asked first; and the week before in all. */
  readonly routes: readonly RouteWeek[];
  readonly total: Pick<Day, 'requests' | 'errors' | 'p95'>;
  readonly before: Pick<Day, 'requests' | 'errors' | 'p95'> | undefined;
  /** Of whose tests, as `user`. */
  readonly flaky: readonly { user: string; name: string; sessions: number; notPassed: number }[];
  readonly slow: readonly {
    user: string;
    test: string;
    checkpoint: string;
    command: string;
    p95: number;
    slowerBy: number | null;
  }[];
  readonly cost: readonly ServiceCost[];
}

/** Requests of a day. Durations are milliseconds. */
export interface Day {
  readonly day: string;
  readonly requests: number;
  readonly errors: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface RouteWeek {
  readonly route: string;
  readonly requests: number;
  readonly errorRate: number;
  readonly coldStarts: number;
  readonly p50: number;
  readonly p95: number;
}

/** US dollars of a service in a week or month. */
export interface ServiceCost {
  readonly period: string;
  readonly service: string;
  readonly usd: number;
}

/** What a month's summary of usage is made of. */
export interface MonthData {
  /** The first day. */
  readonly month: string;
  readonly days: readonly { day: string; passed: number; failed: number; errors: number }[];
  /** Of all users together, this month's last; at most twelve. */
  readonly months: readonly MonthTotals[];
  readonly users: readonly (Omit<MonthTotals, 'month'> & { user: string })[];
  readonly cost: readonly ServiceCost[];
}

export interface MonthTotals {
  readonly month: string;
  readonly runs: number;
  readonly sessions: number;
  readonly steps: number;
  readonly passed: number;
  readonly judged: number;
  readonly gbSeconds: number;
  readonly usd: number;
}

/** Reads what reports are made of: of all users, for who runs the platform. */
export interface ReportData {
  /** @param week the Monday, `2026-03-02` */
  week(week: string): Promise<WeekData>;
  /** @param month its first day, `2026-03-01` */
  month(month: string): Promise<MonthData>;
}

const read = [
  ...[statistics.weeklyPerformance, statistics.monthlyUsage, statistics.weeklyCost],
  ...[statistics.flakyTests, statistics.slowSteps, tables.testRuns, tables.performanceMetrics],
];
const quantile = (nth: number) => `APPROX_QUANTILES(latency_ms, 100)[SAFE_OFFSET(${nth})]`;

/** Rows from one date until before another. */
function within(table: Table, from: string, to: string): string {
  return rowsOnce(table, `${table.partition} >= TIMESTAMP(${from}) AND ${table.partition} < TIMESTAMP(${to})`);
}

const thisWeek = (table: Table): string => within(table, '@start', 'DATE_ADD(@start, INTERVAL 7 DAY)');
const inAll = `COUNT(*) AS requests, COUNTIF(status >= 500) AS errors, ${quantile(95)} AS p95`;

const WEEK = {
  days: `SELECT FORMAT_TIMESTAMP('%F', observed_at) AS day, COUNT(*) AS requests, COUNTIF(status >= 500) AS errors,
    ${quantile(50)} AS p50, ${quantile(95)} AS p95, ${quantile(99)} AS p99
    FROM ${thisWeek(tables.performanceMetrics)} GROUP BY day ORDER BY day`,
  total: `SELECT ${inAll} FROM ${thisWeek(tables.performanceMetrics)}`,
  before: `SELECT ${inAll} FROM ${within(tables.performanceMetrics, 'DATE_SUB(@start, INTERVAL 7 DAY)', '@start')}`,
  routes: `SELECT CONCAT(method, ' ', route) AS route, requests, error_rate AS errorRate, cold_starts AS coldStarts, p50_ms AS p50, p95_ms AS p95
    FROM analytics.weekly_performance WHERE week = @start ORDER BY requests DESC, route LIMIT 20`,
  flaky: `SELECT user_id AS user, test_name AS name, sessions, not_passed AS notPassed FROM analytics.flaky_tests
    WHERE day = DATE_ADD(@start, INTERVAL 6 DAY) ORDER BY flaky_rate DESC, test_name LIMIT 10`,
  slow: `SELECT s.user_id AS user, COALESCE(n.test_name, s.test_id) AS test, s.checkpoint, s.command, s.p95_ms AS p95, s.slower_by AS slowerBy
    FROM analytics.slow_steps AS s
    LEFT JOIN (SELECT test_id, MAX_BY(test_name, ended_at) AS test_name FROM ${thisWeek(tables.testRuns)} GROUP BY test_id) AS n
    ON n.test_id = s.test_id
    WHERE s.week = @start ORDER BY p95 DESC, test LIMIT 10`,
  cost: `SELECT CAST(week AS STRING) AS period, service, SUM(usd) AS usd FROM analytics.weekly_cost
    WHERE week > DATE_SUB(@start, INTERVAL 56 DAY) AND week <= @start GROUP BY period, service ORDER BY period, service`,
};

const totals = `SUM(runs) AS runs, SUM(sessions) AS sessions, SUM(steps) AS steps, SUM(passed) AS passed,
    SUM(passed + failed + errors) AS judged, SUM(gb_seconds) AS gbSeconds, SUM(usd) AS usd`;

const MONTH = {
  days: `SELECT FORMAT_TIMESTAMP('%F', ended_at) AS day, COUNTIF(status = 'passed') AS passed, COUNTIF(status = 'failed') AS failed, COUNTIF(status = 'error') AS errors
    FROM ${within(tables.testRuns, '@start', 'DATE_ADD(@start, INTERVAL 1 MONTH)')} GROUP BY day ORDER BY day`,
  months: `SELECT FORMAT_DATE('%Y-%m', month) AS month, ${totals} FROM analytics.monthly_usage
    WHERE month > DATE_SUB(@start, INTERVAL 12 MONTH) AND month <= @start GROUP BY month ORDER BY month`,
  users: `SELECT user_id AS user, ${totals} FROM analytics.monthly_usage
    WHERE month = @start GROUP BY user ORDER BY usd DESC, user LIMIT 50`,
  cost: `SELECT CAST(week AS STRING) AS period, service, SUM(usd) AS usd FROM analytics.weekly_cost
    WHERE week >= DATE_TRUNC(@start, ISOWEEK) AND week < DATE_ADD(@start, INTERVAL 1 MONTH) GROUP BY period, service ORDER BY period, service`,
};

export const reportData = defineService(
  read.map((resource) => reads(resource)),
  ({ clients, config }): ReportData => ({
    async week(week) {
      const read = await answers(await clients.bigquery(), WEEK, week, config.analyticsBytesLimit);
      const [[total], [before]] = [read.total, read.before] as unknown as [[WeekData['total']], [WeekData['total']]];
      return { ...read, week, total, before: before.requests > 0 ? before : undefined } as unknown as WeekData;
    },
    async month(month) {
      const read = await answers(await clients.bigquery(), MONTH, month, config.analyticsBytesLimit);
      return { month, ...read } as unknown as MonthData;
    },
  }),
);

async function answers<Names extends string>(
  bigquery: BigQuery,
  statements: Readonly<Record<Names, string>>,
  start: string,
  bytesLimit: number,
): Promise<Record<Names, readonly object[]>> {
  const params = { start: bigquery.date(start) };
  const maximumBytesBilled = String(bytesLimit);
  const asked = Object.entries<string>(statements).map(async ([name, query]) => {
    const [rows] = await bigquery.query({ query, params, maximumBytesBilled });
    return [name, rows] as const;
  });
  return Object.fromEntries(await Promise.all(asked)) as unknown as Record<Names, readonly object[]>;
}
