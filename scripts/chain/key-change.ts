import assert from 'node:assert/strict';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { credentials } from '@grpc/grpc-js';
import { keyVersionOf } from '../../shared/platform/cipher.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** Another encryption key, while the suite goes on. */
export function keyChange(suite: () => SuiteCloud): void {
  it('has what is stored sealed anew, and everything goes on', async () => {
    const { call, cloud, google } = suite();
    const environment = { name: 'key-change', secrets: { KEY: 'secret of the environment' } };
    const idempotent = { 'idempotency-key': 'key-change' };
    const made = await call('POST', '/v1/environments', environment, idempotent);
    const { id } = made.body as { id: string };
    const secretManager = new SecretManagerServiceClient({
      ...{ projectId: 'virtuoso-local', apiEndpoint: '127.0.0.1', port: cloud.port },
      sslCreds: credentials.createInsecure(),
    });
    const parent = 'projects/virtuoso-local/secrets/encryption-key';
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    const [added] = await secretManager.addSecretVersion({ parent, payload: { data: Buffer.from(key) } });
    await secretManager.close();
    const version = added.name?.split('/').at(-1);
    assert.equal(await cloud.runSchedule('reencrypt'), 204);
    const sealed = (await google.firestore.doc(`environments/${id}`).get()).get('secrets.KEY') as string;
    assert.equal(keyVersionOf(sealed), version);
    const again = await call('POST', '/v1/environments', environment, idempotent);
    assert.deepEqual([again.headers.get('idempotency-replayed'), again.body], ['true', made.body]);
    assert.equal((await call('DELETE', `/v1/environments/${id}`)).status, 204);
  });
}
