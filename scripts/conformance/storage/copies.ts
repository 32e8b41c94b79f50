import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

const MIB = 1024 * 1024;

export function copies({ bucket, file, saved, newBucket, request }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const path = (from: string, verb: string, to: string, query = '') =>
    `/storage/v1/b/${bucket.name}/o/${from}/${verb}/b/${bucket.name}/o/${to}?${query}`;
  const post = (to: string, body?: object) =>
    request(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

  method('objects.rewrite', {
    'copies bytes and metadata': async () => {
      const source = await saved();
      await source.setMetadata({ contentType: 'text/csv', metadata: { a: '1' } });
      const target = file();
      await source.copy(target);
      const [metadata] = await target.getMetadata();
      assert.equal(String((await target.download())[0]), 'hello');
      assert.equal(metadata.contentType, 'text/csv');
      assert.deepEqual(metadata.metadata, { a: '1' });
      assert.notEqual(metadata.generation, source.metadata.generation);
    },
    'copies into another bucket, in its storage class': async () => {
      const other = await newBucket({ storageClass: 'NEARLINE' });
      const target = other.file('copy');
      await (await saved()).copy(target);
      assert.equal((await target.getMetadata())[0].storageClass, 'NEARLINE');
    },
    'sets other metadata when it is given some': async () => {
      const source = await saved();
      await source.setMetadata({ metadata: { a: '1' } });
      const target = file();
      await source.copy(target, { metadata: { b: '2' } });
      assert.deepEqual((await target.getMetadata())[0].metadata, { b: '2' });
    },
    'changes the storage class in place': async () => {
      const target = await saved();
      await target.setStorageClass('coldline');
      assert.equal((await target.getMetadata())[0].storageClass, 'COLDLINE');
    },
    'says how much it has done': async () => {
      const { name } = await saved();
      const answer = JSON.parse(await answers(await post(path(name, 'rewriteTo', file().name)), 200));
      assert.equal(answer.kind, 'storage#rewriteResponse');
      assert.equal(answer.done, true);
      assert.equal(answer.totalBytesRewritten, '5');
      assert.equal(answer.objectSize, '5');
      assert.equal(answer.resource.size, '5');
    },
    'takes several calls when it is told to go in steps': async () => {
      const source = file();
      await source.save(Buffer.alloc(2 * MIB + 1, 'a'), { resumable: false });
      const target = file();
      const body = { storageClass: 'NEARLINE' };
      const step = async (token?: string) => {
        const query = `maxBytesRewrittenPerCall=${MIB}${token ? `&rewriteToken=${encodeURIComponent(token)}` : ''}`;
        return JSON.parse(await answers(await post(path(source.name, 'rewriteTo', target.name, query), body), 200));
      };
      const first = await step();
      assert.deepEqual([first.done, first.totalBytesRewritten], [false, String(MIB)]);
      assert.deepEqual(await target.exists(), [false]);
      const second = await step(first.rewriteToken);
      assert.deepEqual([second.done, second.totalBytesRewritten], [false, String(2 * MIB)]);
      const third = await step(second.rewriteToken);
      assert.equal(third.done, true);
      assert.equal(third.resource.storageClass, 'NEARLINE');
    },
    'refuses a token of another rewrite, and steps of no MiB': async () => {
      const { name } = await saved();
      await answers(await post(path(name, 'rewriteTo', file().name, 'rewriteToken=other')), 400);
      await answers(await post(path(name, 'rewriteTo', file().name, 'maxBytesRewrittenPerCall=1000')), 400);
    },
    'checks preconditions of source and destination': async () => {
      const { name, metadata } = await saved();
      const target = await saved();
      const run = (query: string) => post(path(name, 'rewriteTo', target.name, query));
      await answers(await run('ifSourceGenerationMatch=1'), 412);
      await answers(await run('ifSourceMetagenerationMatch=9'), 412);
      await answers(await run('ifGenerationMatch=0'), 412);
      await answers(await run('ifMetagenerationMatch=9'), 412);
      await answers(await run(`ifSourceGenerationMatch=${metadata.generation}&ifMetagenerationMatch=1`), 200);
    },
    'answers 404 for a source that does not exist': () => fails(file().copy(file()), 404, /No such object/),
  });

  method('objects.copy', {
    'copies the generation that is named': async () => {
      const source = await saved();
      const query = `sourceGeneration=${source.metadata.generation}`;
      const made = JSON.parse(await answers(await post(path(source.name, 'copyTo', file().name, query)), 200));
      assert.equal(made.kind, 'storage#object');
      await answers(await post(path(source.name, 'copyTo', file().name, 'sourceGeneration=1')), 404);
    },
    'sets the metadata of its body': async () => {
      const { name } = await saved();
      const body = { contentType: 'text/html', metadata: { b: '2' } };
      const made = JSON.parse(await answers(await post(path(name, 'copyTo', file().name), body), 200));
      assert.deepEqual([made.contentType, made.metadata], ['text/html', { b: '2' }]);
    },
  });

  method('objects.move', {
    'gives an object another name': async () => {
      const source = await saved();
      const target = file();
      await source.moveFileAtomic(target);
      assert.deepEqual(await source.exists(), [false]);
      assert.equal(String((await target.download())[0]), 'hello');
    },
    'refuses the name that it has': async () => {
      const source = await saved();
      await fails(source.moveFileAtomic(source.name), 400);
    },
  });

  method('objects.compose', {
    'joins objects in their order': async () => {
      const parts = [await saved('one '), await saved('two '), await saved('three')];
      const target = file();
      await bucket.combine(parts, target);
      assert.equal(String((await target.download())[0]), 'one two three');
      const [metadata] = await target.getMetadata();
      assert.equal(metadata.componentCount, 3);
      assert.equal(metadata.md5Hash, undefined);
      assert.ok(metadata.crc32c);
    },
    'adds to an object, and counts its components': async () => {
      const target = await saved('one ');
      // The client names the generation that it knows of: each time anew.
      for (const part of ['two', '!']) {
        await bucket.combine([bucket.file(target.name), await saved(part)], bucket.file(target.name));
      }
      assert.equal(String((await target.download())[0]), 'one two!');
      assert.equal((await target.getMetadata())[0].componentCount, 3);
    },
    'takes metadata of the destination': async () => {
      const target = file();
      const body = {
        sourceObjects: [{ name: (await saved()).name }],
        destination: { contentType: 'text/html', metadata: { a: '1' } },
      };
      await answers(await post(`/storage/v1/b/${bucket.name}/o/${target.name}/compose`, body), 200);
      const [metadata] = await target.getMetadata();
      assert.deepEqual([metadata.contentType, metadata.metadata], ['text/html', { a: '1' }]);
    },
    'checks the generations of its sources and its destination': async () => {
      const source = await saved();
      const target = file();
      const run = (ifGenerationMatch: string, query = '') =>
        post(`/storage/v1/b/${bucket.name}/o/${target.name}/compose${query}`, {
          sourceObjects: [{ name: source.name, objectPreconditions: { ifGenerationMatch } }],
        });
      await answers(await run('1'), 412);
      await answers(await run(String(source.metadata.generation), '?ifGenerationMatch=7'), 412);
      await answers(await run(String(source.metadata.generation), '?ifGenerationMatch=0'), 200);
    },
    'refuses more than 32 sources, and none': async () => {
      const { name } = await saved();
      const run = (count: number) =>
        post(`/storage/v1/b/${bucket.name}/o/${file().name}/compose`, { sourceObjects: Array(count).fill({ name }) });
      await answers(await run(33), 400, /33|32/);
      await answers(await run(0), 400);
      await answers(await run(32), 200);
    },
    'answers 404 for a source that does not exist': () => fails(bucket.combine([file(), file()], file()), 404),
  });
  return all;
}
