import assert from 'node:assert/strict';
import sinon from 'sinon';
import { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { listStatisticsReports, readStatisticsReport } from './reports.ts';

describe('reports of statistics', () => {
  function bench() {
    const names = [
      'statistics/monthly_usage/2026-02-01.html',
      'statistics/weekly_performance/2026-03-02.html',
      'statistics/x',
    ];
    const reports = {
      list: sinon.stub().resolves(names),
      get: sinon.stub().callsFake(async (name) => {
        if (!names.includes(name)) throw new AppError('not-found', 'There is none.');
        return Buffer.from('<html>');
      }),
    };
    const services = withBase({ reports } as never) as never;
    const read = (report: string, period: string) =>
      readStatisticsReport.handle(aRequest({ params: { report, period } }), services);
    return { reports, services, read };
  }

  it('are listed, the newest first', async () => {
    const { body } = await listStatisticsReports.handle(aRequest(), bench().services);
    assert.deepEqual(body, {
      items: [
        {
          ...{ report: 'weekly_performance', period: '2026-03-02' },
          url: '/v1/analytics/reports/weekly_performance/2026-03-02',
        },
        { report: 'monthly_usage', period: '2026-02-01', url: '/v1/analytics/reports/monthly_usage/2026-02-01' },
      ],
    });
  });

  it('are pages that run nothing', async () => {
    const { headers, body } = await bench().read('monthly_usage', '2026-02-01');
    assert.equal(String(Buffer.from(body as Uint8Array)), '<html>');
    assert.match(headers?.['content-security-policy'] ?? '', /default-src 'none'.*sandbox/);
  });

  it('that are not there, or are somewhere else, are not found', async () => {
    const { reports, read } = bench();
    await assert.rejects(read('monthly_usage', '2026-01-01'), appError('not-found'));
    for (const period of ['../../run_1/index', '2026-02-01.html', '', 'x'])
      await assert.rejects(read('monthly_usage', period), appError('not-found'));
    assert.equal(reports.get.callCount, 1);
  });

  it('are for administrators', () => {
    for (const { access } of [listStatisticsReports, readStatisticsReport])
      assert.deepEqual(access, { scope: 'users:admin' });
  });
});
