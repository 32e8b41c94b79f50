import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bucket } from '@google-cloud/storage';
import { startStorage, type TestStorage, withCode } from './testing.ts';

const DAY_MS = 24 * 3600 * 1000;

describe('versions and lifecycle of the local Cloud Storage', () => {
  let test: TestStorage;

  beforeEach(async () => {
    test = await startStorage();
  });

  afterEach(() => test.close());

  const blobs = () => {
    const folder = join(test.cloud.folder, 'objects');
    return readdirSync(folder).flatMap((name) => readdirSync(join(folder, name))).length;
  };
  const save = (bucket: Bucket, name: string, text = name) => bucket.file(name).save(text, { resumable: false });
  const versions = async (bucket: Bucket) =>
    (await bucket.getFiles({ versions: true }))[0].map(
      (file) => `${file.name}${file.metadata.timeDeleted ? ' (old)' : ''}`,
    );

  it('keep replaced and deleted objects where the bucket says so', async () => {
    const [bucket] = await test.storage.createBucket('versioned', { versioning: { enabled: true } });
    await save(bucket, 'a', 'first');
    const [{ generation }] = await bucket.file('a').getMetadata();
    await save(bucket, 'a', 'second');
    assert.deepEqual(await versions(bucket), ['a (old)', 'a']);
    const old = bucket.file('a', { generation: Number(generation) });
    assert.equal(String((await old.download())[0]), 'first');
    await bucket.file('a').delete();
    assert.deepEqual(await versions(bucket), ['a (old)', 'a (old)']);
    await assert.rejects(bucket.file('a').getMetadata(), withCode(404));
    const types = test.cloud.changes.map((change) => change.type);
    assert.deepEqual(types, ['finalized', 'archived', 'finalized', 'archived']);

    await old.copy(bucket.file('a'));
    assert.equal(String((await bucket.file('a').download())[0]), 'first');
    await old.delete();
    assert.equal((await versions(bucket)).length, 2);
    await assert.rejects(bucket.delete(), withCode(409));
  });

  it('are not kept elsewhere, nor their bytes', async () => {
    const [bucket] = await test.storage.createBucket('plain');
    await save(bucket, 'a', 'first');
    await save(bucket, 'a', 'second');
    assert.deepEqual(await versions(bucket), ['a']);
    assert.equal(blobs(), 1);
    await bucket.file('a').copy(bucket.file('b'));
    await bucket.file('a').delete();
    assert.equal(blobs(), 1);
    await bucket.file('b').delete();
    assert.equal(blobs(), 0);
  });

  it('delete by age below a prefix', async () => {
    const [bucket] = await test.storage.createBucket('aged', {
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 30, matchesPrefix: ['tests/'] } }] },
    });
    await save(bucket, 'tests/old');
    await save(bucket, 'other');
    await save(bucket, 'tests/pinned');
    await bucket.file('tests/pinned').setMetadata({ temporaryHold: true });
    test.cloud.clock.advance(29 * DAY_MS);
    await save(bucket, 'tests/new');
    assert.equal((await versions(bucket)).length, 4);
    test.cloud.clock.advance(DAY_MS + 2 * 3600 * 1000);
    assert.deepEqual(await versions(bucket), ['other', 'tests/new', 'tests/pinned']);
    const last = test.cloud.changes.at(-1);
    assert.equal(last?.kind === 'object' && `${last.type} ${last.name}`, 'deleted tests/old');
  });

  it('keep the newest versions only', async () => {
    const [bucket] = await test.storage.createBucket('newest', {
      versioning: { enabled: true },
      lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { numNewerVersions: 2 } }] },
    });
    for (const text of ['1', '2', '3', '4']) await save(bucket, 'a', text);
    test.cloud.clock.advance(2 * 3600 * 1000);
    assert.deepEqual(await versions(bucket), ['a (old)', 'a']);
  });

  it('move old objects to a colder class, never back', async () => {
    const [bucket] = await test.storage.createBucket('cooling');
    await bucket.addLifecycleRule({
      action: { type: 'SetStorageClass', storageClass: 'COLDLINE' },
      condition: { age: 90 },
    });
    await save(bucket, 'warm');
    await save(bucket, 'frozen');
    await bucket.file('frozen').setStorageClass('archive');
    test.cloud.clock.advance(91 * DAY_MS);
    assert.equal((await bucket.file('warm').getMetadata())[0].storageClass, 'COLDLINE');
    assert.equal((await bucket.file('frozen').getMetadata())[0].storageClass, 'ARCHIVE');
  });

  it('survive a restart, with generations that still rise', async () => {
    const [bucket] = await test.storage.createBucket('lasting', { versioning: { enabled: true } });
    test.cloud.clock.advance(10 * DAY_MS);
    await save(bucket, 'a', 'first');
    await test.close({ keep: true });
    test = await startStorage({ folder: test.cloud.folder });
    const again = test.storage.bucket('lasting');
    await save(again, 'a', 'second');
    const [files] = await again.getFiles({ versions: true });
    const [first, second] = files.map((file) => Number(file.metadata.generation));
    assert.ok((first ?? 0) < (second ?? 0));
    assert.equal(String((await again.file('a').download())[0]), 'second');
  });
});
