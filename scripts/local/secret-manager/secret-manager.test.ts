import assert from 'node:assert/strict';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { credentials, status } from '@grpc/grpc-js';
import { crc32c } from '../plumbing/crc32c.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createSecretManager } from './index.ts';

const PARENT = 'projects/virtuoso-local';

function clientOf(cloud: TestCloud): SecretManagerServiceClient {
  return new SecretManagerServiceClient({
    projectId: 'virtuoso-local',
    apiEndpoint: '127.0.0.1',
    port: cloud.port,
    sslCreds: credentials.createInsecure(),
  });
}

describe('the local Secret Manager', () => {
  let detection: string | undefined;
  let cloud: TestCloud;
  let client: SecretManagerServiceClient;

  before(async () => {
    detection = process.env.METADATA_SERVER_DETECTION;
    // The client would look for a metadata server on the network otherwise.
    process.env.METADATA_SERVER_DETECTION = 'none';
    cloud = await startServices([createSecretManager]);
    client = clientOf(cloud);
  });

  after(async () => {
    if (detection === undefined) delete process.env.METADATA_SERVER_DETECTION;
    else process.env.METADATA_SERVER_DETECTION = detection;
    await client.close();
    await cloud.close();
  });

  const create = async (secretId: string, secret = {}) =>
    (await client.createSecret({ parent: PARENT, secretId, secret: { replication: { automatic: {} }, ...secret } }))[0];
  const add = async (secretId: string, text: string) =>
    (
      await client.addSecretVersion({ parent: `${PARENT}/secrets/${secretId}`, payload: { data: Buffer.from(text) } })
    )[0];
  const access = async (secretId: string, version: string) => {
    const [answer] = await client.accessSecretVersion({ name: `${PARENT}/secrets/${secretId}/versions/${version}` });
    return String(answer.payload?.data);
  };
  const code = (expected: status) => (error: { code?: number }) => error.code === expected;

  it('creates a secret once', async () => {
    const secret = await create('one', { labels: { env: 'test' }, annotations: { 'any/key': 'Any value' } });
    assert.equal(secret.name, `${PARENT}/secrets/one`);
    assert.deepEqual(secret.labels, { env: 'test' });
    assert.ok(secret.etag);
    assert.ok(Math.abs(Number(secret.createTime?.seconds) * 1000 - Date.now()) < 5000);
    assert.deepEqual((await client.getSecret({ name: secret.name ?? '' }))[0], secret);
    await assert.rejects(create('one'), code(status.ALREADY_EXISTS));
  });

  it('refuses bad names and secrets without replication', async () => {
    await assert.rejects(create('a.b'), code(status.INVALID_ARGUMENT));
    await assert.rejects(create('bare', { replication: null }), code(status.INVALID_ARGUMENT));
    await assert.rejects(create('loud', { labels: { LOUD: 'x' } }), code(status.INVALID_ARGUMENT));
    const name = 'projects/p/locations/europe-west1/secrets/s';
    await assert.rejects(client.getSecret({ name }), code(status.UNIMPLEMENTED));
  });

  it('refuses by name the fields it does not act on', async () => {
    await assert.rejects(create('tagged', { tags: { a: 'b' } }), /tags is not supported locally/);
    const replication = { automatic: { customerManagedEncryption: { kmsKeyName: 'k' } } };
    await assert.rejects(create('keyed', { replication }), /customerManagedEncryption is not supported locally/);
  });

  it('adds versions and gives back the latest or a numbered one', async () => {
    await create('versions');
    await assert.rejects(access('versions', 'latest'), code(status.NOT_FOUND));
    assert.equal((await add('versions', 'first')).name, `${PARENT}/secrets/versions/versions/1`);
    await add('versions', 'second');
    assert.equal(await access('versions', 'latest'), 'second');
    assert.equal(await access('versions', '1'), 'first');
    await assert.rejects(access('versions', '3'), code(status.NOT_FOUND));
    await assert.rejects(access('no-such', 'latest'), code(status.NOT_FOUND));
  });

  it('checks the checksum of a payload and gives one back', async () => {
    await create('checked');
    const parent = `${PARENT}/secrets/checked`;
    const data = Buffer.from('payload');
    await assert.rejects(
      client.addSecretVersion({ parent, payload: { data, dataCrc32c: 1 } }),
      code(status.INVALID_ARGUMENT),
    );
    const [version] = await client.addSecretVersion({ parent, payload: { data, dataCrc32c: crc32c(data) } });
    assert.equal(version.clientSpecifiedPayloadChecksum, true);
    const [answer] = await client.accessSecretVersion({ name: version.name ?? '' });
    assert.equal(String(answer.payload?.dataCrc32c), String(crc32c(data)));
  });

  it('refuses an empty payload and one above 64 KiB', async () => {
    await create('sized');
    await assert.rejects(add('sized', ''), code(status.INVALID_ARGUMENT));
    await assert.rejects(add('sized', 'x'.repeat(65_537)), code(status.INVALID_ARGUMENT));
    await add('sized', 'x'.repeat(65_536));
  });

  it('disables, enables and destroys a version', async () => {
    await create('states');
    const name = (await add('states', 'value')).name ?? '';
    assert.equal((await client.disableSecretVersion({ name }))[0].state, 'DISABLED');
    await assert.rejects(access('states', 'latest'), code(status.FAILED_PRECONDITION));
    await assert.rejects(access('states', '1'), /is in DISABLED state/);
    await client.enableSecretVersion({ name });
    assert.equal(await access('states', '1'), 'value');
    const [destroyed] = await client.destroySecretVersion({ name });
    assert.equal(destroyed.state, 'DESTROYED');
    assert.ok(destroyed.destroyTime);
    await assert.rejects(access('states', '1'), code(status.FAILED_PRECONDITION));
    await assert.rejects(client.enableSecretVersion({ name }), code(status.FAILED_PRECONDITION));
    const row = cloud.store.get('SELECT payload FROM secrets_versions WHERE secret = ?', `${PARENT}/secrets/states`);
    assert.equal(row?.payload, null);
  });

  it('updates what the mask names, and finds versions by alias', async () => {
    await create('aliased', { labels: { keep: 'me' } });
    await add('aliased', 'old');
    await add('aliased', 'new');
    const name = `${PARENT}/secrets/aliased`;
    const update = (secret: object, paths: string[]) =>
      client.updateSecret({ secret: { name, ...secret }, updateMask: { paths } });
    const [updated] = await update({ versionAliases: { stable: 1 } }, ['version_aliases']);
    assert.deepEqual(updated.labels, { keep: 'me' });
    assert.equal(await access('aliased', 'stable'), 'old');
    await assert.rejects(access('aliased', 'unknown'), code(status.NOT_FOUND));
    await assert.rejects(update({ versionAliases: { broken: 9 } }, ['version_aliases']), code(status.NOT_FOUND));
    await assert.rejects(update({}, ['replication']), code(status.INVALID_ARGUMENT));
    await assert.rejects(update({}, []), code(status.INVALID_ARGUMENT));
    await assert.rejects(update({ etag: '"stale"', labels: {} }, ['labels']), code(status.FAILED_PRECONDITION));
    const [relabelled] = await update({ etag: updated.etag, labels: { now: 'this' } }, ['labels']);
    assert.deepEqual(relabelled.labels, { now: 'this' });
    assert.notEqual(relabelled.etag, updated.etag);
  });

  it('lists secrets and versions newest first, in pages, filtered', async () => {
    for (const id of ['list-a', 'list-b', 'list-c'])
      await create(id, { labels: { list: id === 'list-b' ? 'even' : 'odd' } });
    const [first, , page] = await client.listSecrets(
      { parent: PARENT, pageSize: 2, filter: 'name:list-' },
      { autoPaginate: false },
    );
    assert.deepEqual(
      first.map((secret) => secret.name?.split('/').pop()),
      ['list-c', 'list-b'],
    );
    assert.equal(page.totalSize, 3);
    const [every] = await client.listSecrets({ parent: PARENT, pageSize: 1, filter: 'labels.list=odd' });
    assert.deepEqual(
      every.map((secret) => secret.name?.split('/').pop()),
      ['list-c', 'list-a'],
    );

    for (const text of ['1', '2', '3']) await add('list-a', text);
    const parent = `${PARENT}/secrets/list-a`;
    await client.disableSecretVersion({ name: `${parent}/versions/2` });
    const [enabled] = await client.listSecretVersions({ parent, filter: 'state:ENABLED' });
    assert.deepEqual(
      enabled.map((version) => version.name?.split('/').pop()),
      ['3', '1'],
    );
    await assert.rejects(client.listSecretVersions({ parent, filter: 'no_such=b' }), code(status.INVALID_ARGUMENT));
  });

  it('deletes a secret with its versions, and starts at 1 when it is created again', async () => {
    await create('gone');
    await add('gone', 'x');
    const name = `${PARENT}/secrets/gone`;
    await assert.rejects(client.deleteSecret({ name, etag: '"stale"' }), code(status.FAILED_PRECONDITION));
    await client.deleteSecret({ name });
    await assert.rejects(client.getSecret({ name }), code(status.NOT_FOUND));
    await create('gone');
    assert.match((await add('gone', 'y')).name ?? '', /versions\/1$/);
  });

  it('deletes a secret when its time to live is over', async () => {
    await create('short', { ttl: { seconds: 60 } });
    await add('short', 'x');
    cloud.clock.advance(61_000);
    await assert.rejects(access('short', 'latest'), code(status.NOT_FOUND));
  });

  it('refuses methods it does not have', async () => {
    await assert.rejects(client.getIamPolicy({ resource: `${PARENT}/secrets/one` }), code(status.UNIMPLEMENTED));
  });

  it('counts every access', async () => {
    const before = cloud.meter.get('secretmanager.access') ?? 0;
    await create('metered');
    await add('metered', 'x');
    await access('metered', 'latest');
    assert.equal(cloud.meter.get('secretmanager.access'), before + 1);
  });

  it('still has its secrets after a restart', async () => {
    const first = await startServices([createSecretManager]);
    const client = clientOf(first);
    const parent = `${PARENT}/secrets/kept`;
    await client.createSecret({ parent: PARENT, secretId: 'kept', secret: { replication: { automatic: {} } } });
    await client.addSecretVersion({ parent, payload: { data: Buffer.from('still here') } });
    await client.close();
    await first.close({ keep: true });

    const again = await startServices([createSecretManager], { folder: first.folder });
    const other = clientOf(again);
    const [answer] = await other.accessSecretVersion({ name: `${parent}/versions/latest` });
    assert.equal(String(answer.payload?.data), 'still here');
    await other.close();
    await again.close();
  });
});
