import type { ReportData } from '../../shared/analytics/report-data.ts';
import { type ObjectStore, whereThere } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { version } from '../../shared/platform/version.ts';
import { renderMonthlyUsage } from '../../shared/reports/monthly-usage.ts';
import {
  DUE,
  dueOf,
  type StatisticsReport,
  showing,
  statisticsObject,
} from '../../shared/reports/statistics-object.ts';
import { renderWeeklyPerformance } from '../../shared/reports/weekly-performance.ts';

export interface Services {
  readonly data: ReportData;
  readonly reports: ObjectStore;
}

const DAY_MS = 86_400_000;

/**
 * Writes the reports of the last whole week and month, unless they are there: a run that was missed is made up for. Those
 * that were deleted since they showed data of an erased user are written anew.
 */
export async function reportStatistics(_input: unknown, services: Services & Base): Promise<void> {
  const { reports, clock } = services;
  const due = await reports.list(DUE);
  for (const asking of due) {
    const { report, period } = dueOf(asking) ?? {};
    if (report && period) await write(report, period, services);
    await reports.delete(asking);
  }
  const last = { weekly_performance: lastWeek(clock.now()), monthly_usage: lastMonth(clock.now()) };
  for (const [report, period] of Object.entries(last) as [StatisticsReport, string][]) {
    if (!(await whereThere(reports.stat(statisticsObject(report, period))))) await write(report, period, services);
  }
}

async function write(report: StatisticsReport, period: string, services: Services & Base): Promise<void> {
  const { reports, log } = services;
  const object = statisticsObject(report, period);
  const { html, users } = await pages[report](period, services);
  await reports.put(object, html, { contentType: 'text/html; charset=utf-8', metadata: showing(users) });
  log.info('a report was written', { object });
}

/** How each report is made, and whose data it shows. */
const pages: Record<StatisticsReport, (period: string, services: Services & Base) => Promise<Page>> = {
  async weekly_performance(week, { data, clock }) {
    const of = await data.week(week);
    return { html: renderWeeklyPerformance(of, made(clock)), users: [...of.flaky, ...of.slow].map(({ user }) => user) };
  },
  async monthly_usage(month, { data, clock }) {
    const of = await data.month(month);
    return { html: renderMonthlyUsage(of, made(clock)), users: of.users.map(({ user }) => user) };
  },
};

interface Page {
  readonly html: string;
  readonly users: readonly string[];
}

const made = (clock: Base['clock']) => ({ generatedAt: new Date(clock.now()).toISOString(), version });

/** The Monday of the last week that is over, in UTC. */
export function lastWeek(now: number): string {
  const day = Math.floor(now / DAY_MS);
  // The first day of the epoch was a Thursday.
  const monday = day - ((day + 3) % 7);
  return new Date((monday - 7) * DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the last month that is over, in UTC. */
export function lastMonth(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);
}
