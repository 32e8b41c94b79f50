import assert from 'node:assert/strict';
import { readXml } from '../../shared/reports/xml.testing.ts';
import { until } from '../local/plumbing/receiver.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { browsersWith, stillRunning } from './processes.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** Runs that are ended before they are done. */
export function cancelling(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    pages = await startPages({
      '/slow': () => pageOf('<p>Slow</p>'),
      '/endless': () => pageOf('<button onclick="for (;;) {}">Start</button>'),
    });
  });
  after(async () => {
    await pages?.close();
  });
  const slow = (name: string) => `test: ${name}\ndo:\n  - nav: /slow\n  - wait: 60000\n  - note: never\n`;
  const startSlow = async (...names: string[]) => {
    const { upload, start } = suite();
    const tests = await Promise.all(names.map((name) => upload(`${name}.yaml`, slow(name))));
    return (await start(tests, { baseUrl: pages.origin, retries: 2 })).id;
  };

  it('stops what runs and never starts what waits; the run is cancelled, with a report that says so', async () => {
    const { call, ended, sessionsOf, cloud } = suite();
    const id = await startSlow('c1', 'c2', 'c3', 'c4');
    await pages.visited('/slow', 1);
    const { status } = await call('POST', `/v1/runs/${id}/cancel`);
    assert.equal(status, 202);
    const run = await ended(id);
    assert.equal(run.status, 'cancelled');
    const sessions = await sessionsOf(id);
    assert.deepEqual(
      sessions.map((session) => [session.status, session.awaited, session.attempt]),
      Array.from({ length: 4 }, () => ['cancelled', false, 1]),
    );
    await cloud.settle();
    assert.ok(pages.visits('/slow') <= 2, 'there are two browsers: the third and fourth never begin');
    const report = await call('GET', `/v1/runs/${id}/report.html`);
    assert.match(String(report.body), /cancelled/i);
    readXml(String((await call('GET', `/v1/runs/${id}/report.xml`)).body));
  });

  it('ends the browsers that are at work, with all their processes, whatever their pages are at', async () => {
    const { call, upload, start, ended, temporary } = suite();
    const source = (name: string) => `test: ${name}\ndo:\n  - nav: /endless\n  - c: Start\n  - c: Start\n`;
    const tests = await Promise.all(['e1', 'e2'].map((name) => upload(`${name}.yaml`, source(name))));
    const { id } = await start(tests, { baseUrl: pages.origin });
    await pages.visited('/endless', 2);
    const { browsers, parts } = browsersWith('TMPDIR', temporary);
    assert.equal(browsers.length, 2);
    await call('POST', `/v1/runs/${id}/cancel`);
    assert.equal((await ended(id)).status, 'cancelled');
    await until(() => stillRunning([...browsers, ...parts]).length === 0);
  });

  it('a run that has ended stays as it is, and nobody ends that of somebody else', async () => {
    const { call, upload, start, ended } = suite();
    const test = await upload('done.yaml', 'test: Done\ndo:\n  - note: done\n');
    const { id } = await start([test]);
    await ended(id);
    const answer = await call('POST', `/v1/runs/${id}/cancel`);
    assert.deepEqual([answer.status, (answer.body as { status: string }).status], [200, 'passed']);
    assert.equal((await call('POST', '/v1/runs/run_0/cancel')).status, 404);
  });

  it('a run that is cancelled at once starts nothing, or ends what it has started', async () => {
    const { call, ended, sessionsOf, cloud } = suite();
    const id = await startSlow('at-once');
    await call('POST', `/v1/runs/${id}/cancel`);
    assert.equal((await ended(id)).status, 'cancelled');
    await cloud.settle();
    for (const session of await sessionsOf(id)) assert.equal(session.status, 'cancelled');
  });
}
