import type { GroupingOf, MeasureOf, StatisticName } from '../../schemas/statistics.ts';
import { usdOf, VCPUS_PER_GIB } from '../cost/session-cost.ts';
import type { Table } from '../define/resources.ts';
import { commandExecutions, performanceMetrics, testRuns, userActivity } from '../resources/tables.ts';
import { rowsOnce } from './rows-once.ts';

/** How a statistic is asked of a table. Every text here is ours: what users give goes into parameters. */
interface Statistic<S extends StatisticName = StatisticName> {
  readonly table: Table;
  readonly groupings: Readonly<Record<GroupingOf<S>, Grouping>>;
  readonly measures: Readonly<Record<MeasureOf<S>, string>>;
  /** What the largest group has most of. */
  readonly largest: MeasureOf<S>;
}

interface Grouping {
  /** SQL of the key, a STRING. */
  readonly key: string;
  readonly label?: string;
  /** Keys are times: in their order, not the largest group first. */
  readonly times?: true;
}

const by = (column: string): Grouping => ({ key: column });
const byNumber = (column: string): Grouping => ({ key: `CAST(${column} AS STRING)` });
const byTime = (format: string, time: string): Grouping => ({
  key: `FORMAT_TIMESTAMP('${format}', ${time})`,
  times: true,
});
/** Days, the Mondays of weeks, and months, in UTC. */
const calendar = (time: string) => ({
  day: byTime('%F', time),
  week: { key: `CAST(DATE_TRUNC(DATE(${time}), ISOWEEK) AS STRING)`, times: true as const },
  month: byTime('%Y-%m', time),
});
const test: Grouping = { key: 'test_id', label: 'MAX_BY(test_name, ended_at)' };
const user = by('user_id');
const percentile = (column: string, nth: number) => `APPROX_QUANTILES(${column}, 100)[SAFE_OFFSET(${nth})]`;
const executed = "IF(status = 'skipped', NULL, duration_ms)";
const judged = "COUNTIF(status IN ('passed', 'failed', 'error'))";

type Statistics = { readonly [S in StatisticName]: Statistic<S> };

export const statisticsSql: Statistics = {
  commands: {
    table: commandExecutions,
    largest: 'executions',
    groupings: {
      ...{ command: by('command'), group: by('command_group'), status: by('status'), strategy: by('target_strategy') },
      ...{ browser: by('browser'), user, ...calendar('executed_at') },
    },
    measures: {
      executions: "COUNTIF(status != 'skipped')",
      passed: "COUNTIF(status = 'passed')",
      failed: "COUNTIF(status = 'failed')",
      errors: "COUNTIF(status = 'error')",
      skipped: "COUNTIF(status = 'skipped')",
      healed: 'COUNTIF(healed)',
      successRate: "SAFE_DIVIDE(COUNTIF(status = 'passed'), COUNTIF(status != 'skipped'))",
      p50Ms: percentile(executed, 50),
      p95Ms: percentile(executed, 95),
      p99Ms: percentile(executed, 99),
    },
  },
  runs: {
    table: testRuns,
    largest: 'sessions',
    groupings: { ...calendar('ended_at'), test, status: by('status'), trigger: by('trigger'), user },
    measures: {
      runs: 'COUNT(DISTINCT run_id)',
      sessions: 'COUNT(*)',
      passed: "COUNTIF(status = 'passed')",
      failed: "COUNTIF(status = 'failed')",
      errors: "COUNTIF(status = 'error')",
      cancelled: "COUNTIF(status = 'cancelled')",
      successRate: `SAFE_DIVIDE(COUNTIF(status = 'passed'), ${judged})`,
      steps: 'COALESCE(SUM(steps), 0)',
      coldStarts: 'COUNTIF(cold_start)',
      p50Ms: percentile('duration_ms', 50),
      p95Ms: percentile('duration_ms', 95),
      queuedP95Ms: percentile('queued_ms', 95),
    },
  },
  performance: {
    table: performanceMetrics,
    largest: 'requests',
    groupings: {
      ...{ route: { key: "CONCAT(method, ' ', route)" }, function: by('function'), status: byNumber('status') },
      ...{ revision: by('revision'), user, hour: byTime('%FT%H:00Z', 'observed_at'), ...calendar('observed_at') },
    },
    measures: {
      requests: 'COUNT(*)',
      clientErrors: 'COUNTIF(status BETWEEN 400 AND 499)',
      serverErrors: 'COUNTIF(status >= 500)',
      errorRate: 'SAFE_DIVIDE(COUNTIF(status >= 500), COUNT(*))',
      coldStarts: 'COUNTIF(cold_start)',
      p50Ms: percentile('latency_ms', 50),
      p95Ms: percentile('latency_ms', 95),
      p99Ms: percentile('latency_ms', 99),
    },
  },
  activity: {
    table: userActivity,
    largest: 'actions',
    groupings: { ...calendar('occurred_at'), action: by('action'), status: byNumber('status'), user },
    measures: {
      actions: 'COUNT(*)',
      refused: 'COUNTIF(status >= 400)',
      resources: 'COUNT(DISTINCT resource)',
    },
  },
  flaky: {
    table: testRuns,
    largest: 'flakyRate',
    groupings: { test, content: { key: 'content_hash', label: 'MAX_BY(test_name, ended_at)' } },
    measures: {
      sessions: 'SUM(sessions)',
      passed: 'SUM(passed)',
      notPassed: 'SUM(sessions - passed)',
      flakyRate: 'SUM(LEAST(passed, sessions - passed)) / SUM(sessions)',
    },
  },
  cost: {
    table: testRuns,
    largest: 'usd',
    groupings: {
      ...{ ...calendar('ended_at'), test, run: by('run_id'), user },
      // The parts of the price are told apart when it is known.
      service: by("''"),
    },
    measures: {
      sessions: 'COUNT(*)',
      gbSeconds: 'COALESCE(SUM(gb_seconds), 0)',
      operations: 'COALESCE(SUM(billable_operations), 0)',
      usd: `COALESCE(SUM(gb_seconds), 0) * ${usdOf('run.mib_ms') + VCPUS_PER_GIB * usdOf('run.vcpu_ms')} + COALESCE(SUM(billable_operations), 0) * ${usdOf('firestore.write')}`,
    },
  },
};

/** A question whose parts have been checked. */
export interface Question<S extends StatisticName = StatisticName> {
  readonly statistic: S;
  readonly groupBy: GroupingOf<S>;
  readonly from: Date;
  readonly to: Date;
  /** Whose rows; everybody's when absent. */
  readonly userId: string | undefined;
}

/** As many groups are shown. */
export const MOST_GROUPS = 1000;

/** The statement that answers a question, with @from, @to and, for one user's, @user. It asks for one group too many. */
export function statementOf({ statistic, groupBy, userId }: Question): string {
  const { table, groupings, measures, largest } = statisticsSql[statistic] as Statistic;
  const grouping = Object.hasOwn(groupings, groupBy) && (groupings as Readonly<Record<string, Grouping>>)[groupBy];
  if (!grouping) throw new Error(`there is no grouping '${groupBy}' of ${statistic}`);
  const values = Object.entries(measures).map(([name, sql]) => `, ${sql} AS ${name}`);
  const label = grouping.label === undefined ? '' : `, ${grouping.label} AS label`;
  const select = `SELECT ${grouping.key} AS key${label}${values.join('')}`;
  const isFlaky = statistic === 'flaky';
  const rows = rowsOf(table, isFlaky ? FLAKY_CONTENTS : select, userId);
  const source = isFlaky ? `(${FLAKY_CONTENTS} FROM ${rows} ${FLAKY_GROUPS})` : rows;
  const order = grouping.times ? 'key' : `${largest} DESC, key`;
  return `${select} FROM ${source} GROUP BY key ORDER BY ${order} LIMIT ${MOST_GROUPS + 1}`;
}

/** The rows of the range, with the columns that a text of SQL names. */
function rowsOf(table: Table, sql: string, userId: string | undefined): string {
  const { partition, columns } = table;
  const named = Object.keys(columns).filter((column) => new RegExp(`\\b${column}\\b`).test(sql));
  const whose = userId === undefined ? '' : ' AND user_id = @user';
  const where = `${partition} >= @from AND ${partition} < @to${whose}`;
  return rowsOnce(table, where, [...new Set([...named, 'event_id', partition])]);
}

/** Contents of tests that had both verdicts, of rows that follow. */
const FLAKY_CONTENTS =
  "SELECT test_id, content_hash, MAX_BY(test_name, ended_at) AS test_name, MAX(ended_at) AS ended_at, COUNT(*) AS sessions, COUNTIF(status = 'passed') AS passed";
const FLAKY_GROUPS =
  "WHERE status IN ('passed', 'failed', 'error') GROUP BY test_id, content_hash HAVING COUNTIF(status = 'passed') BETWEEN 1 AND COUNT(*) - 1";
