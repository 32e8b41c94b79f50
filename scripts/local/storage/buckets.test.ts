import assert from 'node:assert/strict';
import type { CreateBucketRequest } from '@google-cloud/storage';
import { startStorage, type TestStorage, withCode } from './testing.ts';

describe('buckets of the local Cloud Storage', () => {
  let test: TestStorage;

  before(async () => {
    test = await startStorage();
  });

  after(() => test.close());

  it('are made once', async () => {
    const [bucket] = await test.storage.createBucket('made', { location: 'us-central1', nearline: true });
    const [metadata] = await bucket.getMetadata();
    assert.equal(metadata.location, 'US-CENTRAL1');
    assert.equal(metadata.storageClass, 'NEARLINE');
    assert.equal(metadata.metageneration, '1');
    await assert.rejects(test.storage.createBucket('made'), withCode(409));
    await assert.rejects(test.storage.createBucket('Not a name'), withCode(400));
    await bucket.file('inherits').save('x', { resumable: false });
    assert.equal((await bucket.file('inherits').getMetadata())[0].storageClass, 'NEARLINE');
  });

  it('are found, listed, and gone when deleted', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await test.storage.createBucket(name);
    const [all] = await test.storage.getBuckets({ prefix: 'list-' });
    assert.deepEqual(
      all.map((bucket) => bucket.name),
      ['list-a', 'list-b', 'list-c'],
    );
    const [first, next] = await test.storage.getBuckets({ prefix: 'list-', maxResults: 2, autoPaginate: false });
    const [second, end] = await test.storage.getBuckets({ ...next, autoPaginate: false });
    assert.deepEqual([first.length, second.length, end], [2, 1, null]);
    assert.deepEqual(await test.storage.bucket('list-a').exists(), [true]);
    await test.storage.bucket('list-a').delete();
    assert.deepEqual(await test.storage.bucket('list-a').exists(), [false]);
    await assert.rejects(test.storage.bucket('list-a').getMetadata(), {
      message: 'The specified bucket does not exist.',
    });
    await assert.rejects(test.storage.bucket('list-a').delete(), withCode(404));
  });

  it('take patches of labels, versioning, CORS and lifecycle', async () => {
    const [bucket] = await test.storage.createBucket('patched', { labels: { a: '1' } });
    await bucket.setMetadata({ labels: { b: '2' }, versioning: { enabled: true } });
    await bucket.setCorsConfiguration([{ origin: ['*'], method: ['GET'], maxAgeSeconds: 60 }]);
    await bucket.addLifecycleRule({ action: { type: 'Delete' }, condition: { age: 1 } });
    const [metadata] = await bucket.getMetadata();
    assert.deepEqual(metadata.labels, { a: '1', b: '2' });
    assert.deepEqual(metadata.versioning, { enabled: true });
    assert.equal(metadata.cors?.[0]?.maxAgeSeconds, 60);
    assert.deepEqual(metadata.lifecycle?.rule, [{ action: { type: 'Delete' }, condition: { age: 1 } }]);
    await bucket.setMetadata({ lifecycle: null, labels: { a: null } });
    const [cleared] = await bucket.getMetadata();
    assert.deepEqual([cleared.lifecycle, cleared.labels], [undefined, { b: '2' }]);
    await assert.rejects(bucket.setMetadata({ labels: {} }, { ifMetagenerationMatch: 1 }), withCode(412));
  });

  it('refuse settings that they do not act on', async () => {
    const refused = [
      { website: { mainPageSuffix: 'index.html' } },
      { billing: { requesterPays: true } },
      { lifecycle: { rule: [{ action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } }] } },
      { lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { phaseOfMoon: 1 } }] } },
    ];
    for (const settings of refused)
      await assert.rejects(test.storage.createBucket('refused', settings as CreateBucketRequest), withCode(501));
  });

  it('let every caller do everything', async () => {
    const [bucket] = await test.storage.createBucket('allowed');
    const [permissions] = await bucket.iam.testPermissions(['storage.objects.get', 'storage.objects.create']);
    assert.deepEqual(permissions, { 'storage.objects.get': true, 'storage.objects.create': true });
  });
});
