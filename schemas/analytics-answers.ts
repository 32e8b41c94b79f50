import type { TSchema } from 'typebox';
import { exportFormats, exportTables } from './analytics.ts';
import { type StatisticName, statistics } from './statistics.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const time = Type.String({ format: 'date-time' });

/** What `GET /v1/analytics/…` answers. */
function statistic(name: StatisticName): { schema: TSchema } {
  const { groupings, measures, about } = statistics[name];
  const fields = Object.entries(measures).map(([measure, description]) => [
    measure,
    Type.Union([Type.Number(), Type.Null()], { description }),
  ]);
  const item = Type.Object(
    {
      key: Type.Union([Type.String(), Type.Null()], {
        description: 'What the group has in common; a day is its date.',
      }),
      label: Type.Optional(Type.String({ description: 'The name of a test.' })),
      ...(Object.fromEntries(fields) as Record<string, TSchema>),
    },
    strict,
  );
  return {
    schema: Type.Object(
      {
        ...{ from: time, to: time, groupBy: Type.Enum([...groupings] as string[]) },
        items: Type.Array(item, { description: `Of ${about}: times in order, others the largest first.` }),
        truncated: Type.Boolean({ description: 'There are more groups than are shown.' }),
        bytesProcessed: Type.Integer({ description: 'What the warehouse read for it.' }),
        cached: Type.Boolean({ description: 'It was answered before, and nothing has come since.' }),
        prices: Type.Optional(Type.Object({ date: Type.String(), region: Type.String() }, strict)),
      },
      strict,
    ),
  };
}

const exported = Type.Object(
  {
    id: Type.String(),
    status: Type.Enum(['pending', 'ready', 'failed']),
    table: Type.Enum([...exportTables]),
    format: Type.Enum([...exportFormats]),
    ...{ from: time, to: time, createdAt: time },
    expiresAt: Type.String({ format: 'date-time', description: 'Until when it can be asked for.' }),
    rows: Type.Optional(Type.Integer()),
    urls: Type.Optional(
      Type.Array(Type.String({ format: 'uri' }), {
        description: 'Where it is fetched from, without a credential, for a quarter of an hour. Large ones have parts.',
      }),
    ),
    error: Type.Optional(Type.String()),
  },
  strict,
);

const reports = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          report: Type.Enum(['weekly_performance', 'monthly_usage']),
          period: Type.String({ format: 'date', description: 'Its first day.' }),
          url: Type.String({ description: 'Where the page is.' }),
        },
        strict,
      ),
    ),
  },
  strict,
);

export const analyticsAnswers = {
  'analytics-reports': { schema: reports },
  'analytics-commands': statistic('commands'),
  'analytics-runs': statistic('runs'),
  'analytics-performance': statistic('performance'),
  'analytics-activity': statistic('activity'),
  'analytics-flaky': statistic('flaky'),
  'analytics-cost': statistic('cost'),
  'analytics-export': { schema: exported },
} as const;
