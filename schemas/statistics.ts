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
