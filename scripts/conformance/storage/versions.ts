import assert from 'node:assert/strict';
import type { Bucket } from '@google-cloud/storage';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails } from './clients.ts';

export function versions({ newBucket, saved, bucket: plain }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  let made: Promise<Bucket> | undefined;
  let count = 0;
  const versioned = async () => {
    made ??= newBucket({ versioning: { enabled: true } });
    const bucket = await made;
    const name = `v${count++}`;
    const generations: number[] = [];
    for (const text of ['one', 'two']) {
      const file = bucket.file(name);
      await file.save(text, { resumable: false });
      generations.push(Number(file.metadata.generation));
    }
    const [first = 0, second = 0] = generations;
    return { bucket, name, first, second, file: bucket.file(name) };
  };
  const live = async (bucket: Bucket, name: string, all: boolean) => {
    const [files] = await bucket.getFiles({ prefix: name, versions: all });
    return files.filter((file) => file.name === name).map(({ metadata }) => Number(metadata.generation));
  };

  method('object versioning', {
    'keeps what is overwritten': async () => {
      const { bucket, name, first, second } = await versioned();
      assert.deepEqual(await live(bucket, name, true), [first, second]);
      assert.deepEqual(await live(bucket, name, false), [second]);
      assert.equal(String((await bucket.file(name, { generation: first }).download())[0]), 'one');
    },
    'says when a version became noncurrent': async () => {
      const { bucket, name, first, second } = await versioned();
      const [old] = await bucket.file(name, { generation: first }).getMetadata();
      assert.ok(old.timeDeleted);
      assert.equal((await bucket.file(name, { generation: second }).getMetadata())[0].timeDeleted, undefined);
    },
    'keeps what is deleted': async () => {
      const { bucket, name, file, first, second } = await versioned();
      await file.delete();
      assert.deepEqual(await file.exists(), [false]);
      assert.deepEqual(await live(bucket, name, true), [first, second]);
      assert.equal(String((await bucket.file(name, { generation: second }).download())[0]), 'two');
    },
    'deletes a generation for good': async () => {
      const { bucket, name, first, second } = await versioned();
      await bucket.file(name, { generation: first }).delete();
      assert.deepEqual(await live(bucket, name, true), [second]);
      await fails(bucket.file(name, { generation: first }).getMetadata(), 404, /#\d+/);
    },
    'deletes the live generation for good when it is named': async () => {
      const { bucket, name, first, second } = await versioned();
      await bucket.file(name, { generation: second }).delete();
      assert.deepEqual(await live(bucket, name, false), []);
      assert.deepEqual(await live(bucket, name, true), [first]);
    },
    'brings a version back by a copy of it': async () => {
      const { bucket, name, file, first } = await versioned();
      await bucket.file(name, { generation: first }).copy(bucket.file(name));
      assert.equal(String((await file.download())[0]), 'one');
      assert.equal((await live(bucket, name, true)).length, 3);
    },
    'changes the metadata of a noncurrent version': async () => {
      const { bucket, name, file, first } = await versioned();
      await bucket.file(name, { generation: first }).setMetadata({ metadata: { old: 'yes' } });
      assert.deepEqual((await bucket.file(name, { generation: first }).getMetadata())[0].metadata, { old: 'yes' });
      assert.equal((await file.getMetadata())[0].metadata, undefined);
    },
    'lets an object be made where only noncurrent versions are, by ifGenerationMatch=0': async () => {
      const { file } = await versioned();
      await file.delete();
      await file.save('three', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    },
    'keeps nothing where it is off': async () => {
      const target = await saved('one');
      const first = Number(target.metadata.generation);
      await target.save('two', { resumable: false });
      await fails(plain.file(target.name, { generation: first }).getMetadata(), 404);
      assert.equal((await live(plain, target.name, true)).length, 1);
    },
  });
  return all;
}
