import type { Day, WeekData } from '../analytics/report-data.ts';
import { formatDuration } from './format.ts';
import type { Markup } from './markup.ts';
import { barPlot, linePlot, rankPlot } from './plots.ts';
import { costPlot } from './service-cost.ts';
import {
  compared,
  type Headline,
  nothing,
  renderStatisticsPage,
  type StatisticsPage,
  table,
} from './statistics-page.ts';
import { formatUsd } from './usd.ts';

const DAY_MS = 86_400_000;
const count = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
const percent = (share: number): string => `${share === 0 ? 0 : (share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
const than = 'the week before';

/** The weekly performance report as an HTML page of its own. */
export function renderWeeklyPerformance(data: WeekData, made: Pick<StatisticsPage, 'generatedAt' | 'version'>): string {
  const days = everyDay(data);
  const labels = days.map(({ day }) => weekday(day));
  const { routes } = data;
  return renderStatisticsPage({
    ...made,
    title: 'Weekly performance',
    period: `${data.week} to ${dayAfter(data.week, 6)}`,
    headlines: headlinesOf(data),
    sections: [
      {
        title: 'Requests',
        words: 'How many requests the API answered each day; errors are answers from 500.',
        body: barPlot({
          about: 'Requests of each day, errors apart.',
          labels,
          series: [
            { name: 'Answered', tone: 'one', values: days.map(({ requests, errors }) => requests - errors) },
            { name: 'Errors', tone: 'failed', values: days.map(({ errors }) => errors) },
          ],
          format: count,
        }),
      },
      {
        title: 'Latency',
        words:
          'How long requests took: half of them no longer than the median, 95 and 99 of a hundred no longer than the others.',
        body: linePlot({
          about: 'Median, 95th and 99th percentile of the latency of each day.',
          labels,
          series: [
            { name: 'Median', tone: 'one', values: days.map(({ p50 }) => p50) },
            { name: '95th percentile', tone: 'two', values: days.map(({ p95 }) => p95) },
            { name: '99th percentile', tone: 'three', values: days.map(({ p99 }) => p99) },
          ],
          format: formatDuration,
        }),
      },
      {
        title: 'Slowest routes',
        words: 'By the 95th percentile.',
        body: slowestOf(routes),
      },
      {
        title: 'Routes',
        body: table(
          ['Route', 'Requests', 'Median', '95th', 'Errors', 'Cold starts'],
          routes.map((one) => [
            ...[one.route, count(one.requests), formatDuration(one.p50), formatDuration(one.p95)],
            ...[percent(one.errorRate), count(one.coldStarts)],
          ]),
          'No request was recorded.',
        ),
      },
      {
        title: 'Flaky tests',
        words: 'They passed and did not, with one and the same content, within the week.',
        body: table(
          ['Test', 'Sessions', 'Not passed'],
          data.flaky.map(({ name, sessions, notPassed }) => [name, count(sessions), count(notPassed)]),
          'No test was flaky.',
        ),
      },
      {
        title: 'Slowest steps',
        body: table(
          ['Step', '95th', 'Since the week before'],
          data.slow.map(({ test, checkpoint, command, p95, slowerBy }) => [
            `${test} › ${checkpoint} › ${command}`,
            formatDuration(p95),
            slowerBy === null ? 'new' : `${slowerBy > 0 ? '+' : ''}${(slowerBy * 100).toFixed(0)} %`,
          ]),
          'No step was executed.',
        ),
      },
      {
        title: 'Cost by service',
        words: 'At list prices, as if nothing were free, by the Mondays that weeks begin with.',
        body: costPlot(data.cost, 'US dollars of each week, by service.'),
      },
    ],
  });
}

function slowestOf(routes: WeekData['routes']): Markup {
  if (routes.length === 0) return nothing('No request was recorded.');
  const slowest = [...routes].sort((a, b) => b.p95 - a.p95).slice(0, 8);
  return rankPlot(
    slowest.map(({ route, p95 }) => ({ name: route, value: p95, tone: 'two' })),
    formatDuration,
  );
}

function headlinesOf({ total, routes, before, cost, week }: WeekData): Headline[] {
  const coldStarts = routes.reduce((sum, route) => sum + route.coldStarts, 0);
  const spent = (monday: string) =>
    cost.filter(({ period }) => period === monday).reduce((sum, { usd }) => sum + usd, 0);
  const rate = ({ requests, errors }: WeekData['total']) => (requests === 0 ? 0 : errors / requests);
  return [
    { name: 'Requests', value: count(total.requests), ...compared(total.requests, before?.requests ?? null, { than }) },
    {
      ...{ name: 'Errors', value: percent(rate(total)) },
      ...compared(rate(total), before ? rate(before) : null, { than, better: 'less' }),
    },
    {
      ...{ name: '95th percentile', value: total.p95 === null ? '–' : formatDuration(total.p95) },
      ...compared(total.p95, before?.p95 ?? null, { than, better: 'less' }),
    },
    { name: 'Cold starts', value: count(coldStarts) },
    {
      ...{ name: 'Cost', value: formatUsd(spent(week)) },
      ...compared(spent(week), spent(dayAfter(week, -7)), { than, better: 'less' }),
    },
  ];
}

/** The seven days, those without a request too. */
function everyDay({ week, days }: WeekData): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  return Array.from({ length: 7 }, (_, n) => {
    const day = dayAfter(week, n);
    return known.get(day) ?? { day, requests: 0, errors: 0, p50: null, p95: null, p99: null };
  });
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

const NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const weekday = (day: string): string => `${NAMES[new Date(day).getUTCDay()]} ${Number(day.slice(8))}`;
