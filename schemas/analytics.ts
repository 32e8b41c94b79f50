import { type Static, Type } from 'typebox';
import { contract } from './contract.ts';

const count = 'A count.';
const share = 'From 0 to 1; null when there was none.';
const milliseconds = 'Milliseconds, about; null when there was none.';

/**
 * What can be asked of the warehouse: what each statistic can be grouped by, the first by default, and what it tells of
 * each group.
 */
export const statistics = {
  commands: {
    about: 'the steps that were executed',
    groupings: ['command', 'group', 'status', 'strategy', 'browser', 'user', 'day', 'week', 'month'],
    measures: {
      ...{ executions: count, passed: count, failed: count, errors: count, skipped: count, healed: count },
      ...{ successRate: share, p50Ms: milliseconds, p95Ms: milliseconds, p99Ms: milliseconds },
    },
  },
  runs: {
    about: 'the sessions of runs that ended',
    groupings: ['day', 'week', 'month', 'test', 'status', 'trigger', 'user'],
    measures: {
      ...{ runs: count, sessions: count, passed: count, failed: count, errors: count, cancelled: count },
      ...{ successRate: share, steps: count, coldStarts: count },
      ...{ p50Ms: milliseconds, p95Ms: milliseconds, queuedP95Ms: milliseconds },
    },
  },
  performance: {
    about: 'the requests to this API',
    groupings: ['route', 'function', 'status', 'revision', 'user', 'hour', 'day', 'week', 'month'],
    measures: {
      ...{ requests: count, clientErrors: count, serverErrors: count, errorRate: share, coldStarts: count },
      ...{ p50Ms: milliseconds, p95Ms: milliseconds, p99Ms: milliseconds },
    },
  },
  activity: {
    about: 'the requests that may have changed something',
    groupings: ['day', 'week', 'month', 'action', 'status', 'user'],
    measures: { actions: count, refused: count, resources: count },
  },
  flaky: {
    about: 'the tests that, with one and the same content, passed and did not',
    groupings: ['test', 'content'],
    measures: { sessions: count, passed: count, notPassed: count, flakyRate: share },
  },
  cost: {
    about: 'the list price of the sessions of runs, in US dollars, as if nothing were free',
    groupings: ['day', 'week', 'month', 'service', 'test', 'run', 'user'],
    measures: {
      ...{ sessions: count, gbSeconds: 'Memory times time.', operations: 'Document operations.' },
      usd: 'US dollars.',
    },
  },
} as const satisfies Readonly<
  Record<string, { about: string; groupings: readonly string[]; measures: Readonly<Record<string, string>> }>
>;

export type StatisticName = keyof typeof statistics;
export type GroupingOf<S extends StatisticName> = (typeof statistics)[S]['groupings'][number];
export type MeasureOf<S extends StatisticName> = keyof (typeof statistics)[S]['measures'] & string;

const strict = { additionalProperties: false } as const;
const moment = (description: string) =>
  Type.Optional(Type.Union([Type.String({ format: 'date' }), Type.String({ format: 'date-time' })], { description }));

const range = {
  from: moment('First day (UTC), or an RFC 3339 time. Default: six days before the last.'),
  to: moment('Last day (UTC), which counts whole, or a time, which does not count itself. Default: today.'),
  users: Type.Optional(
    Type.Enum(['mine', 'all'], { description: "Whose: your own by default; 'all' is for administrators." }),
  ),
};

const question = <const S extends StatisticName>(name: S) => {
  const { groupings } = statistics[name];
  const groupBy = Type.Optional(Type.Enum([...groupings] as string[], { description: `Default: ${groupings[0]}.` }));
  return contract(`analytics-${name}-query`, Type.Object({ ...range, groupBy }, strict));
};

/** Queries of `GET /v1/analytics/…`. */
export const analyticsQueries = {
  commands: question('commands'),
  runs: question('runs'),
  performance: question('performance'),
  activity: question('activity'),
  flaky: question('flaky'),
  cost: question('cost'),
};

export const exportFormats = ['csv', 'parquet'] as const;
/** The tables that rows are exported of. */
export const exportTables = ['command_executions', 'test_runs', 'user_activity', 'performance_metrics'] as const;

/** Body of `POST /v1/analytics/exports`. */
export const exportRequest = contract(
  'export-request',
  Type.Object(
    {
      table: Type.Enum([...exportTables], { description: 'Whose rows are exported.' }),
      format: Type.Optional(
        Type.Enum([...exportFormats], {
          description: 'Default: csv. There, text that spreadsheets take for a formula has an apostrophe before it.',
        }),
      ),
      ...range,
    },
    strict,
  ),
);
export type ExportRequest = Static<typeof exportRequest.schema>;

/** Payload of a task for the function that writes exports. */
export const exportTask = contract('export-task', Type.Object({ export_id: Type.String({ minLength: 1 }) }, strict));
