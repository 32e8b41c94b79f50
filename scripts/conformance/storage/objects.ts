import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

export function objects({ bucket, file, saved, request, storage }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const path = (name: string) => `/storage/v1/b/${bucket.name}/o/${encodeURIComponent(name)}`;

  method('objects.get', {
    'answers 404 for an object that does not exist': () => fails(file().getMetadata(), 404, /No such object/),
    'answers 404 for a bucket that does not exist': () =>
      fails(storage.bucket(file('none').name).file('x').getMetadata(), 404),
    'gives only the fields that are asked for': async () => {
      const target = await saved();
      const answer = await request(`${path(target.name)}?fields=name,size`);
      assert.deepEqual(await answer.json(), { name: target.name, size: '5' });
    },
    'finds nothing among the softly deleted, since nothing is': async () => {
      const target = await saved();
      const query = `?softDeleted=true&generation=${target.metadata.generation}`;
      await answers(await request(path(target.name) + query), 404);
    },
  });

  method('objects.patch', {
    'changes what is named and raises the metageneration': async () => {
      const target = await saved();
      await target.setMetadata({ contentType: 'text/html', cacheControl: 'no-cache' });
      await target.setMetadata({ contentLanguage: 'en' });
      const [metadata] = await target.getMetadata();
      assert.equal(metadata.contentType, 'text/html');
      assert.equal(metadata.cacheControl, 'no-cache');
      assert.equal(metadata.contentLanguage, 'en');
      assert.equal(String(metadata.metageneration), '3');
      assert.equal(metadata.generation, target.metadata.generation);
    },
    'merges custom metadata key by key, null removes a key': async () => {
      const target = await saved();
      await target.setMetadata({ metadata: { a: '1', b: '2' } });
      await target.setMetadata({ metadata: { b: null, c: '3' } });
      assert.deepEqual((await target.getMetadata())[0].metadata, { a: '1', c: '3' });
    },
    'removes all custom metadata by null': async () => {
      const target = await saved();
      await target.setMetadata({ metadata: { a: '1' } });
      await answers(await patch(path(target.name), { metadata: null }), 200);
      assert.equal((await target.getMetadata())[0].metadata, undefined);
    },
    'removes a field by null': async () => {
      const target = await saved();
      await target.setMetadata({ cacheControl: 'no-cache' });
      await answers(await patch(path(target.name), { cacheControl: null }), 200);
      assert.equal((await target.getMetadata())[0].cacheControl, undefined);
    },
    'leaves the bytes and their checksums alone': async () => {
      const target = await saved();
      await target.setMetadata({ metadata: { a: '1' } });
      assert.equal(String((await target.download())[0]), 'hello');
    },
    'refuses custom metadata that is no object': async () => {
      const target = await saved();
      await answers(await patch(path(target.name), { metadata: 'text' }), 400);
    },
    'refuses a body that is no JSON': async () => {
      const target = await saved();
      await answers(await request(path(target.name), { method: 'PATCH', body: '{' }), 400);
    },
    'answers 404 for an object that does not exist': () => fails(file().setMetadata({ contentType: 'x/y' }), 404),
  });

  method('objects.update', {
    'sets everything: what is not named is gone': async () => {
      const target = await saved();
      await target.setMetadata({ metadata: { a: '1' }, cacheControl: 'no-cache' });
      const body = JSON.stringify({ contentType: 'text/html', metadata: { b: '2' } });
      await answers(await request(path(target.name), { method: 'PUT', headers: JSON_TYPE, body }), 200);
      const [metadata] = await target.getMetadata();
      assert.deepEqual(metadata.metadata, { b: '2' });
      assert.equal(metadata.cacheControl, undefined);
    },
  });

  method('objects.delete', {
    'removes the object': async () => {
      const target = await saved();
      await target.delete();
      assert.deepEqual(await target.exists(), [false]);
    },
    'answers 204 without a body': async () => {
      const target = await saved();
      assert.equal(await answers(await request(path(target.name), { method: 'DELETE' }), 204), '');
    },
    'answers 404 for an object that does not exist': async () => {
      await fails(file().delete(), 404, /No such object/);
      await file().delete({ ignoreNotFound: true });
    },
  });

  function patch(to: string, body: object): Promise<Response> {
    return request(to, { method: 'PATCH', headers: JSON_TYPE, body: JSON.stringify(body) });
  }
  return all;
}

const JSON_TYPE = { 'content-type': 'application/json' };
