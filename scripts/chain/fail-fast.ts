import assert from 'node:assert/strict';
import { readXml } from '../../shared/reports/xml.testing.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** A run that ends with its first failure. */
export function failFast(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    pages = await startPages({ '/page': () => pageOf('<p>Here</p>') });
  });
  after(async () => {
    await pages?.close();
  });

  it('cancels what has not ended, is failed, and its report says why', async () => {
    const { upload, start, ended, sessionsOf, call, google } = suite();
    const broken = 'test: Broken\nconfig: { timeout: 500 }\ndo:\n  - nav: /page\n  - ch: Never\n';
    const slow = (name: string) => `test: ${name}\ndo:\n  - nav: /page\n  - wait: 60000\n`;
    const tests = await Promise.all([
      upload('ff-slow.yaml', slow('Slow')),
      upload('ff-broken.yaml', broken),
      upload('ff-never.yaml', slow('Never')),
    ]);
    const { id } = await start(tests, { baseUrl: pages.origin, failFast: true });
    const run = await ended(id);
    assert.equal(run.status, 'failed');
    const statuses = (await sessionsOf(id)).map(({ test_name: name, status }) => `${name} ${status}`);
    assert.deepEqual(statuses.sort(), ['Broken failed', 'Never cancelled', 'Slow cancelled']);
    assert.match(String((await call('GET', `/v1/runs/${id}/report.html`)).body), /stopped at the first failure/);
    const junit = readXml(String((await call('GET', `/v1/runs/${id}/report.xml`)).body));
    assert.equal(junit.attributes.failures, '1');
    const log = await google.firestore.collection(`runs/${id}/log`).get();
    const told = log.docs.flatMap((document) => JSON.parse(document.get('events')) as { type: string }[]);
    assert.ok(!told.some(({ type }) => type === 'run.cancelled'));
  });
}
