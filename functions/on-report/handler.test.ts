import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aRun } from '../testing.ts';
import { onReport } from './handler.ts';

describe('on-report', () => {
  const object = (name: string) => ({
    eventId: 'e',
    bucket: 'virtuoso-reports',
    name,
    generation: '1',
    contentType: undefined,
    size: 1,
    metadata: {},
  });
  function bench(run = aRun({ status: 'passed', ended_at: new Date(5) }) as ReturnType<typeof aRun> | undefined) {
    const runs = { get: sinon.stub().resolves(run), setReport: sinon.stub().resolves() };
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const news = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const platform = testPlatform({ environment: { PUBLIC_URL: 'https://api.example' } });
    return { runs, events, news, platform, services: withBase({ runs, events, news } as never, platform) as never };
  }

  it('puts the links on the run and says that the report is ready', async () => {
    const { runs, events, services } = bench();
    await onReport(object('run_1/manifest.json'), services);
    const report = {
      html: 'https://api.example/v1/runs/run_1/report.html',
      json: 'https://api.example/v1/runs/run_1/report.json',
      junit: 'https://api.example/v1/runs/run_1/report.xml',
      manifest: 'gs://virtuoso-reports/run_1/manifest.json',
    };
    assert.deepEqual(runs.setReport.args, [['run_1', report]]);
    const [event] = events.publish.firstCall.args[0];
    assert.ok(event);
    assert.deepEqual(toCloudEvent(event).data, { user_id: 'usr_1', run_id: 'run_1', ...report });
  });

  it('says the same when it is told again', async () => {
    const { events, services } = bench();
    await onReport(object('run_1/manifest.json'), services);
    await onReport(object('run_1/manifest.json'), services);
    const [one, two] = events.publish.args.map(([[event]]) => event && toCloudEvent(event));
    assert.deepEqual(one, two);
  });

  it('tells of a report of statistics, the same however often it is written', async () => {
    const { runs, news, services } = bench();
    for (const _ of [1, 2]) await onReport(object('statistics/weekly_performance/2026-03-02.html'), services);
    const [one, two] = news.publish.args.map(([[event]]) => event && toCloudEvent(event));
    assert.deepEqual(one, two);
    assert.deepEqual(one?.data, {
      ...{ user_id: 'usr_bootstrap', report: 'weekly_performance', period: '2026-03-02' },
      object: 'gs://virtuoso-reports/statistics/weekly_performance/2026-03-02.html',
    });
    assert.equal(runs.get.callCount, 0);
  });

  for (const name of ['run_1/index.html', 'manifest.json', 'exports/manifest.json', 'run_1/x/manifest.json']) {
    it(`leaves ${name} alone`, async () => {
      const { runs, services } = bench();
      await onReport(object(name), services);
      assert.equal(runs.get.callCount, 0);
    });
  }

  it('lets the report of a run be that is gone', async () => {
    const { runs, events, platform } = bench();
    runs.get.resolves(undefined);
    await onReport(object('run_1/manifest.json'), withBase({ runs, events } as never, platform) as never);
    assert.equal(runs.setReport.callCount, 0);
    assert.equal(platform.lines[0]?.severity, 'WARNING');
  });
});
