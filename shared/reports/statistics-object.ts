export const statisticsReports = ['weekly_performance', 'monthly_usage'] as const;
export type StatisticsReport = (typeof statisticsReports)[number];

const OBJECT = /^statistics\/(weekly_performance|monthly_usage)\/(\d{4}-\d{2}-\d{2})\.html$/;

/** Name of a report's object. @param period its first day */
export function statisticsObject(report: StatisticsReport, period: string): string {
  return `statistics/${report}/${period}.html`;
}

/** Metadata of a report's object: the users whose data it shows, by themselves or by the names of their tests. */
const SHOWN = 'shows';

/** Notes on a report's object whose data it shows, for the day that one of them is erased. */
export function showing(users: readonly string[]): Record<string, string> {
  return { [SHOWN]: [...new Set(users)].join(' ') };
}

/** Whether a report shows data of a user; one that does not say whose it shows may. */
export function shows(metadata: Readonly<Record<string, unknown>>, userId: string): boolean {
  const users = metadata[SHOWN];
  return typeof users !== 'string' || users.split(' ').includes(userId);
}

/** Below it are the objects that ask for reports. */
export const DUE = 'statistics/due/';

/** Name of the object that asks for a report to be written anew. */
export const dueObject = (report: StatisticsReport, period: string): string =>
  statisticsObject(report, period).replace('statistics/', DUE);

/** What report an object asks for, if it is one that does. */
export const dueOf = (object: string): ReturnType<typeof statisticsOf> =>
  object.startsWith(DUE) ? statisticsOf(object.replace(DUE, 'statistics/')) : undefined;

/** What report an object is, if it is one. */
export function statisticsOf(object: string): { report: StatisticsReport; period: string } | undefined {
  const [, report, period] = OBJECT.exec(object) ?? [];
  return report && period ? { report: report as StatisticsReport, period } : undefined;
}
