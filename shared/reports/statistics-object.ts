export const statisticsReports = ['weekly_performance', 'monthly_usage'] as const;
export type StatisticsReport = (typeof statisticsReports)[number];

const OBJECT = /^statistics\/(weekly_performance|monthly_usage)\/(\d{4}-\d{2}-\d{2})\.html$/;

/** Name of a report's object. @param period its first day */
export function statisticsObject(report: StatisticsReport, period: string): string {
  return `statistics/${report}/${period}.html`;
}

/** What report an object is, if it is one. */
export function statisticsOf(object: string): { report: StatisticsReport; period: string } | undefined {
  const [, report, period] = OBJECT.exec(object) ?? [];
  return report && period ? { report: report as StatisticsReport, period } : undefined;
}
