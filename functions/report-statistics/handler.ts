import type { ReportData } from '../../shared/analytics/report-data.ts';
import { type ObjectStore, whereThere } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { version } from '../../shared/platform/version.ts';
import { renderMonthlyUsage } from '../../shared/reports/monthly-usage.ts';
import { type StatisticsReport, statisticsObject } from '../../shared/reports/statistics-object.ts';
import { renderWeeklyPerformance } from '../../shared/reports/weekly-performance.ts';

export interface Services {
  readonly data: ReportData;
  readonly reports: ObjectStore;
}

const DAY_MS = 86_400_000;

/** Writes the reports of the last whole week and month, unless they are there: a run that was missed is made up for. */
export async function reportStatistics(_input: unknown, services: Services & Base): Promise<void> {
  const { data, reports, clock, log } = services;
  const now = clock.now();
  const made = { generatedAt: new Date(now).toISOString(), version };
  const write = async (report: StatisticsReport, period: string, render: () => Promise<string>) => {
    const name = statisticsObject(report, period);
    if (await whereThere(reports.stat(name))) return;
    await reports.put(name, await render(), { contentType: 'text/html; charset=utf-8' });
    log.info('a report was written', { object: name });
  };
  const [week, month] = [lastWeek(now), lastMonth(now)];
  await write('weekly_performance', week, async () => renderWeeklyPerformance(await data.week(week), made));
  await write('monthly_usage', month, async () => renderMonthlyUsage(await data.month(month), made));
}

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
