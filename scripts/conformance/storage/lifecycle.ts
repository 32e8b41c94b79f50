import assert from 'node:assert/strict';
import type { Bucket, LifecycleRule } from '@google-cloud/storage';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails } from './clients.ts';

const DAY_MS = 24 * 3600 * 1000;

type Condition = LifecycleRule['condition'];

export function lifecycle({ newBucket }: Clients, { clock }: World): readonly Behaviour[] {
  const { method, all } = collector();
  const remove = (condition: Condition): LifecycleRule => ({ action: { type: 'Delete' }, condition });
  const withRules = (rule: readonly LifecycleRule[], versioned = false) =>
    newBucket({ lifecycle: { rule: [...rule] }, ...(versioned && { versioning: { enabled: true } }) });
  const put = (bucket: Bucket, ...names: string[]) =>
    Promise.all(names.map((name) => bucket.file(name).save('x', { resumable: false })));
  const names = async (bucket: Bucket, versions = false) => {
    const [files] = await bucket.getFiles({ versions });
    return files.map(({ name }) => name);
  };

  method('lifecycle configuration', {
    'is kept and given back': async () => {
      const bucket = await newBucket();
      await bucket.addLifecycleRule(remove({ age: 30, matchesPrefix: ['tmp/'] }));
      await bucket.addLifecycleRule({
        action: { type: 'SetStorageClass', storageClass: 'nearline' },
        condition: { age: 7 },
      });
      const [metadata] = await bucket.getMetadata();
      assert.equal(metadata.lifecycle?.rule?.length, 2);
      assert.deepEqual(metadata.lifecycle?.rule?.[0]?.condition, { age: 30, matchesPrefix: ['tmp/'] });
    },
    'is removed by null': async () => {
      const bucket = await withRules([remove({ age: 1 })]);
      await bucket.setMetadata({ lifecycle: null });
      assert.equal((await bucket.getMetadata())[0].lifecycle, undefined);
    },
    'is refused without a condition': () => fails(withRules([remove({})]), 400),
  });
  if (!clock) return all;

  method('lifecycle rules', {
    'delete by age': async () => {
      const bucket = await withRules([remove({ age: 10 })]);
      await put(bucket, 'old');
      clock.advance(6 * DAY_MS);
      await put(bucket, 'new');
      assert.deepEqual(await names(bucket), ['new', 'old']);
      clock.advance(5 * DAY_MS);
      assert.deepEqual(await names(bucket), ['new']);
    },
    'delete what was created before a date': async () => {
      const date = new Date(clock.now() + 2 * DAY_MS).toISOString().slice(0, 10);
      const bucket = await withRules([remove({ createdBefore: date })]);
      await put(bucket, 'before');
      clock.advance(3 * DAY_MS);
      await put(bucket, 'after');
      clock.advance(DAY_MS);
      assert.deepEqual(await names(bucket), ['after']);
    },
    'concern only names with a prefix and a suffix': async () => {
      const bucket = await withRules([remove({ age: 1, matchesPrefix: ['tmp/'], matchesSuffix: ['.log', '.txt'] })]);
      await put(bucket, 'tmp/a.log', 'tmp/b.png', 'c.log');
      clock.advance(2 * DAY_MS);
      assert.deepEqual(await names(bucket), ['c.log', 'tmp/b.png']);
    },
    'keep the newest versions': async () => {
      const bucket = await withRules([remove({ numNewerVersions: 2 })], true);
      for (let version = 0; version < 4; version++) await put(bucket, 'x');
      clock.advance(DAY_MS);
      assert.equal((await names(bucket, true)).length, 2);
    },
    'delete versions that have been noncurrent for days': async () => {
      const bucket = await withRules([remove({ daysSinceNoncurrentTime: 5 })], true);
      await put(bucket, 'x');
      clock.advance(10 * DAY_MS);
      await put(bucket, 'x');
      clock.advance(4 * DAY_MS);
      assert.equal((await names(bucket, true)).length, 2);
      clock.advance(2 * DAY_MS);
      assert.equal((await names(bucket, true)).length, 1);
    },
    'make live objects noncurrent where versions are kept': async () => {
      const bucket = await withRules([remove({ age: 1, isLive: true })], true);
      await put(bucket, 'x');
      clock.advance(2 * DAY_MS);
      assert.deepEqual([await names(bucket), await names(bucket, true)], [[], ['x']]);
    },
    'concern only noncurrent versions by isLive=false': async () => {
      const bucket = await withRules([remove({ age: 1, isLive: false })], true);
      await put(bucket, 'x');
      await put(bucket, 'x');
      clock.advance(2 * DAY_MS);
      assert.deepEqual(await names(bucket, true), ['x']);
    },
    'move to a colder class, and say when': async () => {
      const rule = { action: { type: 'SetStorageClass' as const, storageClass: 'COLDLINE' }, condition: { age: 3 } };
      const bucket = await withRules([rule]);
      await put(bucket, 'x');
      clock.advance(4 * DAY_MS);
      const [metadata] = await bucket.file('x').getMetadata();
      assert.equal(metadata.storageClass, 'COLDLINE');
      assert.notEqual(metadata.timeStorageClassUpdated, metadata.timeCreated);
    },
    'prefer deleting to moving': async () => {
      const move = { action: { type: 'SetStorageClass' as const, storageClass: 'ARCHIVE' }, condition: { age: 1 } };
      const bucket = await withRules([move, remove({ age: 1 })]);
      await put(bucket, 'x');
      clock.advance(2 * DAY_MS);
      assert.deepEqual(await names(bucket), []);
    },
    'leave objects under a hold alone': async () => {
      const bucket = await withRules([remove({ age: 1 })]);
      await put(bucket, 'free', 'held');
      await bucket.file('held').setMetadata({ temporaryHold: true });
      clock.advance(2 * DAY_MS);
      assert.deepEqual(await names(bucket), ['held']);
      await bucket.file('held').setMetadata({ temporaryHold: false });
    },
  });
  return all;
}
