import { analyticsQueries } from '../../schemas/analytics.ts';
import { type GroupingOf, type StatisticName, statistics } from '../../schemas/statistics.ts';
import type { Answer, Questions, Row } from '../../shared/analytics/questions.ts';
import { readRange } from '../../shared/analytics/range.ts';
import { MOST_GROUPS, type Question } from '../../shared/analytics/statistics.ts';
import { priceList } from '../../shared/cost/prices.ts';
import { sessionCost } from '../../shared/cost/session-cost.ts';
import { type ApiRequest, type Caller, type Route, route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';

export interface Services {
  readonly questions: Questions;
}

interface Query {
  readonly from?: string;
  readonly to?: string;
  readonly groupBy?: string;
  readonly users?: 'mine' | 'all';
}

/** One route a statistic. */
export const statisticRoutes: readonly Route<Services>[] = (Object.keys(statistics) as StatisticName[]).map((name) =>
  route<Services, undefined, 'any'>({
    method: 'GET',
    path: `/v1/analytics/${name}`,
    summary: `Statistics of ${statistics[name].about}.`,
    access: { scope: 'analytics:read' },
    answers: { 200: `analytics-${name}` },
    query: analyticsQueries[name] as never,
    async handle({ query, caller }, { questions, clock }) {
      const question = questionOf(name, { query, caller }, clock.now());
      return { status: 200, body: bodyOf(question, await questions.ask(question)) };
    },
  }),
);

/** @throws AppError permission-denied for everybody's without the right to it; invalid-argument for a wrong range */
function questionOf(
  statistic: StatisticName,
  { query, caller }: Pick<ApiRequest<unknown, Query>, 'query' | 'caller'>,
  now: number,
): Question {
  const groupBy = (query.groupBy ?? statistics[statistic].groupings[0]) as GroupingOf<StatisticName>;
  return { statistic, groupBy, ...readRange(query, now), userId: whoseOf(query.users, caller) };
}

/** The user whose rows are asked for; undefined for everybody's. @throws AppError permission-denied */
export function whoseOf(users: 'mine' | 'all' = 'mine', { userId, scopes }: Caller): string | undefined {
  if (users === 'mine') return userId;
  if (scopes.includes('users:admin')) return undefined;
  throw new AppError('permission-denied', "The rows of all users are for keys with the scope 'users:admin'.");
}

function bodyOf({ statistic, groupBy, from, to }: Question, { rows, bytesProcessed, cached }: Answer) {
  const shown = rows.slice(0, MOST_GROUPS);
  const isCost = statistic === 'cost';
  return {
    ...{ from: from.toISOString(), to: to.toISOString(), groupBy },
    items: groupBy === 'service' ? byService(shown) : shown.map(itemOf),
    truncated: rows.length > MOST_GROUPS,
    ...{ bytesProcessed, cached },
    ...(isCost ? { prices: { ...priceList } } : {}),
  };
}

const itemOf = ({ key = null, label, ...measures }: Row) => ({
  key,
  ...(typeof label === 'string' ? { label } : {}),
  ...measures,
});

/** What the sessions of all groups together cost, by the services that are paid for. */
function byService(rows: readonly Row[]): object[] {
  return rows.flatMap((row) => {
    const { sessions, gbSeconds, operations } = row as Record<string, number>;
    const cost = sessionCost({ gibSeconds: gbSeconds ?? 0, operations: operations ?? 0 });
    const part = (key: string, usd: number) => ({ key, sessions, gbSeconds, operations, usd });
    return [
      part('Cloud Run processor', cost.processor),
      part('Cloud Run memory', cost.memory),
      part('Firestore', cost.operations),
    ].sort((a, b) => b.usd - a.usd);
  });
}
