import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../local/cloud.ts';
import { openLocalCloud } from '../portable/cloud.ts';
import { exportAll } from '../portable/export.ts';
import { importAll } from '../portable/import.ts';
import { differences } from '../portable/verify.ts';
import { apiOf } from './api.ts';
import { type PageServer, startPages } from './page-server.ts';
import { type SuiteCloud, startSuite } from './suite-cloud.ts';

const TEST = 'name: Stays\nsteps:\n  - navigate: /\n  - assert: Welcome\n';

/** The failures of the runbooks, as they would go: what is destroyed is destroyed, and brought back as an operator would. */
describe('what is brought back after a failure', function () {
  this.timeout(240_000);
  let root: string;
  let pages: PageServer;
  let suite: SuiteCloud | undefined;
  let key = '';
  let testId = '';
  let runId = '';
  const folder = (name: string) => join(root, name);

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'virtuoso-rehearsal-'));
    pages = await startPages({ '/': () => '<!doctype html><title>Shop</title><h1>Welcome</h1>' });
    suite = await startSuite({ data: folder('region-1') });
    const { body } = await suite.call('POST', '/v1/api-keys', {
      name: 'ci',
      scopes: ['tests:read', 'tests:write', 'runs:read', 'runs:write'],
    });
    key = (body as { key: string }).key;
    testId = await suite.upload('stays.yaml', TEST);
    runId = (await suite.start([testId], { baseUrl: pages.origin })).id;
    assert.equal((await suite.ended(runId)).status, 'passed');
    await suite.cloud.runSchedule('ingest-analytics');
    await suite.cloud.settle();
    const stores = openLocalCloud(suite.cloud.origin);
    await exportAll(stores, folder('backup'), { keys: true });
    await stores.close();
  });
  after(async () => {
    await suite?.close();
    await pages?.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Restores the backup to a data folder that nobody holds. */
  async function restoreTo(name: string, existing: 'refuse' | 'replace' = 'refuse'): Promise<void> {
    const cloud = await startCloud({ data: folder(name), functions: [] });
    const stores = openLocalCloud(cloud.origin);
    try {
      await importAll(stores, folder('backup'), { existing });
      assert.deepEqual(await differences(stores, folder('backup')), []);
    } finally {
      await stores.close();
      await cloud.close();
    }
  }

  /** Keys, tests, runs and their reports are there, and tests run on. */
  async function assertAlive({ cloud, rows, call }: SuiteCloud): Promise<void> {
    const api = apiOf(cloud.origin, key);
    assert.equal(((await api.call('GET', `/v1/runs/${runId}`)).body as { status: string }).status, 'passed');
    const { status, body } = await api.call('GET', `/v1/runs/${runId}/report.html`);
    assert.deepEqual([status, /Stays/.test(String(body))], [200, true]);
    const [before] = await rows(`SELECT COUNT(*) AS count FROM analytics.test_runs WHERE run_id = '${runId}'`);
    assert.equal(before?.count, 1);
    const { id } = await api.start([testId], { baseUrl: pages.origin });
    assert.equal((await api.ended(id)).status, 'passed');
    assert.equal((await call('GET', '/health')).status, 200);
  }

  it('data that was changed by mistake is as it was, and what was done since stays', async () => {
    const { google, cloud } = suite as SuiteCloud;
    await google.firestore.doc(`tests/${testId}`).update({ name: 'spoilt', status: 'invalid' });
    await google.firestore.doc(`runs/${runId}`).delete();
    await google.firestore.doc('library/own').set({ user_id: 'usr_1', name: 'since' });
    await google.storage.bucket('virtuoso-reports').file(`${runId}/index.html`).save('spoilt');
    await suite?.close();
    assert.ok(cloud);
    await restoreTo('region-1', 'replace');
    suite = await startSuite({ data: folder('region-1') });
    await assertAlive(suite);
    assert.equal((await suite.google.firestore.doc('library/own').get()).get('name'), 'since');
  });

  it('a region that is lost goes on in another one, from the backup', async () => {
    await suite?.close();
    await rm(folder('region-1'), { recursive: true });
    await restoreTo('region-2');
    suite = await startSuite({ data: folder('region-2') });
    await assertAlive(suite);
  });
});
