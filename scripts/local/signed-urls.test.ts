import assert from 'node:assert/strict';
import { Storage } from '@google-cloud/storage';
import { createMetadata } from './metadata/index.ts';
import { startServices, type TestCloud } from './plumbing/testing.ts';
import { createStorage } from './storage/index.ts';

describe('signed URLs of a function without a key', () => {
  const variables = ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION', 'STORAGE_EMULATOR_HOST'];
  const saved = variables.map((name) => [name, process.env[name]] as const);
  let cloud: TestCloud;

  before(async () => {
    cloud = await startServices([createMetadata, createStorage]);
    process.env.GCE_METADATA_HOST = `127.0.0.1:${cloud.port}`;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    process.env.STORAGE_EMULATOR_HOST = cloud.origin;
  });

  after(async () => {
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await cloud.close();
  });

  it('are signed by the IAM API at the signing endpoint, and accepted', async () => {
    const storage = new Storage({ projectId: 'virtuoso-local' });
    const [bucket] = await storage.createBucket('reports');
    await bucket.file('run_1/index.html').save('<h1>', { resumable: false });
    const [url] = await bucket.file('run_1/index.html').getSignedUrl({
      version: 'v4',
      action: 'read',
      expires: Date.now() + 60_000,
      signingEndpoint: `${cloud.origin}/v1/projects/-/serviceAccounts/`,
    });
    assert.ok(url.startsWith(`${cloud.origin}/reports/run_1/index.html?`));
    assert.match(url, /X-Goog-Credential=virtuoso%40virtuoso-local\.iam\.gserviceaccount\.com/);
    assert.equal(await (await fetch(url)).text(), '<h1>');
    assert.equal((await fetch(url.replace('index.html', 'other.html'))).status, 403);
  });
});
