import type { MonthData, MonthTotals } from '../analytics/report-data.ts';
import { formatDuration } from './format.ts';
import { barPlot, linePlot } from './plots.ts';
import { costPlot } from './service-cost.ts';
import { compared, type Headline, renderStatisticsPage, type StatisticsPage, table } from './statistics-page.ts';
import { formatUsd } from './usd.ts';

const count = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const than = 'the month before';

/** The monthly usage summary as an HTML page of its own. */
export function renderMonthlyUsage(data: MonthData, made: Pick<StatisticsPage, 'generatedAt' | 'version'>): string {
  const days = everyDay(data);
  const labels = days.map(({ day }) => String(Number(day.slice(8))));
  const { months } = data;
  return renderStatisticsPage({
    ...made,
    title: 'Monthly usage',
    period: new Date(data.month).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    headlines: headlinesOf(data),
    sections: [
      {
        title: 'Sessions',
        words: 'How the sessions of each day ended.',
        body: barPlot({
          about: 'Sessions of each day that passed, failed, or could not be executed.',
          labels,
          series: [
            { name: 'Passed', tone: 'passed', values: days.map(({ passed }) => passed) },
            { name: 'Failed', tone: 'failed', values: days.map(({ failed }) => failed) },
            { name: 'Not executed', tone: 'error', values: days.map(({ errors }) => errors) },
          ],
          format: count,
        }),
      },
      {
        title: 'Success, month by month',
        body: linePlot({
          about: 'Share of sessions that passed, by month.',
          labels: months.map(({ month }) => month),
          series: [{ name: 'Passed', tone: 'passed', values: months.map(successOf) }],
          format: percent,
        }),
      },
      {
        title: 'Cost, month by month',
        words: 'At list prices, as if nothing were free.',
        body: barPlot({
          about: 'US dollars of each month.',
          labels: months.map(({ month }) => month),
          series: [{ name: 'Sessions', tone: 'one', values: months.map(({ usd }) => usd) }],
          format: formatUsd,
        }),
      },
      {
        title: 'Cost by service',
        words: 'Of the weeks that reach into the month, by the Mondays they begin with.',
        body: costPlot(data.cost, 'US dollars of each week, by service.'),
      },
      {
        title: 'Users',
        body: table(
          ['User', 'Runs', 'Sessions', 'Steps', 'Passed', 'GiB-time', 'Cost'],
          data.users.map((one) => [
            ...[one.user, count(one.runs), count(one.sessions), count(one.steps), shareOf(successOf(one))],
            ...[formatDuration(one.gbSeconds * 1000), formatUsd(one.usd)],
          ]),
          'Nobody ran anything.',
        ),
      },
    ],
  });
}

const successOf = ({ passed, judged }: Pick<MonthTotals, 'passed' | 'judged'>): number | null =>
  judged === 0 ? null : passed / judged;
const shareOf = (share: number | null): string => (share === null ? '–' : percent(share));

function headlinesOf({ month, months, users }: MonthData): Headline[] {
  const now = months.find((one) => one.month === month.slice(0, 7));
  const before = months.find((one) => one.month === monthBefore(month));
  const figure = (name: string, of: 'runs' | 'sessions' | 'steps'): Headline => ({
    ...{ name, value: count(now?.[of] ?? 0) },
    ...compared(now?.[of] ?? null, before?.[of] ?? null, { than }),
  });
  const [success, earlier] = [now, before].map((one) => (one ? successOf(one) : null)) as [
    number | null,
    number | null,
  ];
  return [
    ...[figure('Runs', 'runs'), figure('Sessions', 'sessions'), figure('Steps', 'steps')],
    { name: 'Passed', value: shareOf(success), ...compared(success, earlier, { than, better: 'more' }) },
    { name: 'Users', value: count(users.length) },
    {
      ...{ name: 'Cost', value: formatUsd(now?.usd ?? 0) },
      ...compared(now?.usd ?? null, before?.usd ?? null, { than, better: 'less' }),
    },
  ];
}

function monthBefore(month: string): string {
  const date = new Date(month);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return date.toISOString().slice(0, 7);
}

/** Every day of the month, those without a session too. */
function everyDay({ month, days }: MonthData): MonthData['days'] {
  const known = new Map(days.map((day) => [day.day, day]));
  const end = new Date(month);
  end.setUTCMonth(end.getUTCMonth() + 1);
  const length = Math.round((end.getTime() - Date.parse(month)) / 86_400_000);
  return Array.from({ length }, (_, n) => {
    const day = new Date(Date.parse(month) + n * 86_400_000).toISOString().slice(0, 10);
    return known.get(day) ?? { day, passed: 0, failed: 0, errors: 0 };
  });
}
