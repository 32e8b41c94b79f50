import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import { type StatisticsReport, statisticsObject, statisticsOf } from '../../shared/reports/statistics-object.ts';

export interface ReportServices {
  readonly reports: ObjectStore;
}

/** What the page may do in a browser: it says so itself, and needs its own style alone. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
};

/** The reports of statistics are of all users: for who runs the platform. */
export const readStatisticsReport = route<ReportServices>({
  method: 'GET',
  path: '/v1/analytics/reports/:report/:period',
  summary: "A week's performance or a month's usage as a page, by its first day: of all users.",
  access: { scope: 'users:admin' },
  answers: { 200: 'page' },
  async handle({ params }, { reports }) {
    const name = statisticsObject(params.report as StatisticsReport, params.period ?? '');
    if (!statisticsOf(name))
      throw new AppError('not-found', 'There is no such report: GET /v1/analytics/reports lists them.');
    return { status: 200, headers: HEADERS, body: new Uint8Array(await reports.get(name)) };
  },
});

/** Lists which there are, the newest first. */
export const listStatisticsReports = route<ReportServices>({
  method: 'GET',
  path: '/v1/analytics/reports',
  summary: 'Lists the reports of statistics, the newest first.',
  access: { scope: 'users:admin' },
  answers: { 200: 'analytics-reports' },
  async handle(_request, { reports }) {
    const found = (await reports.list('statistics/')).flatMap((name) => statisticsOf(name) ?? []);
    const items = found
      .sort((a, b) => (a.period < b.period ? 1 : -1))
      .map(({ report, period }) => ({ report, period, url: `/v1/analytics/reports/${report}/${period}` }));
    return { status: 200, body: { items } };
  },
});
