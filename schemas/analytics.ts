import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { type StatisticName, statistics } from './statistics.ts';
import { Type } from './type.ts';

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
