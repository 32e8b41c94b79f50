import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Bucket } from '@google-cloud/storage';
import { startStorage, type TestStorage, withCode } from './testing.ts';

describe('objects of the local Cloud Storage', () => {
  let test: TestStorage;
  let bucket: Bucket;

  before(async () => {
    test = await startStorage();
    [bucket] = await test.storage.createBucket('objects');
  });

  after(() => test.close());

  const save = async (name: string, text: string | Buffer = name, metadata = {}) => {
    const file = bucket.file(name);
    await file.save(text, { resumable: false, metadata });
    return file;
  };
  const media = (name: string, headers: Record<string, string> = {}) =>
    fetch(`${test.cloud.origin}/download/storage/v1/b/objects/o/${encodeURIComponent(name)}?alt=media`, { headers });

  describe('downloads', () => {
    it('come whole, in ranges, and as 416 outside', async () => {
      const file = await save('range', '0123456789');
      assert.equal(String((await file.download({ start: 2, end: 4 }))[0]), '234');
      const cases = { 'bytes=0-0': '0', 'bytes=7-': '789', 'bytes=-3': '789', 'bytes=8-100': '89' };
      for (const [range, expected] of Object.entries(cases)) {
        const answer = await media('range', { range });
        assert.equal(answer.status, 206);
        assert.equal(await answer.text(), expected);
      }
      assert.equal((await media('range', { range: 'bytes=2-3' })).headers.get('content-range'), 'bytes 2-3/10');
      const outside = await media('range', { range: 'bytes=10-' });
      assert.equal(outside.status, 416);
      assert.equal(outside.headers.get('content-range'), 'bytes */10');
    });

    it('carry checksums, generation and metadata', async () => {
      const file = await save('headers', 'hello', { cacheControl: 'no-store', contentDisposition: 'inline' });
      const { headers } = await media('headers');
      assert.equal(headers.get('x-goog-hash'), 'crc32c=mnG7TA==,md5=XUFAKrxLKna5cZ2REBfFkg==');
      assert.equal(headers.get('x-goog-generation'), String(file.metadata.generation));
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('content-disposition'), 'inline');
      assert.equal(headers.get('content-length'), '5');
      const etag = headers.get('etag') ?? '';
      assert.equal(etag, file.metadata.etag);
      assert.equal((await media('headers', { 'if-none-match': etag })).status, 304);
    });

    it('of gzip objects are unpacked for clients that do not take gzip', async () => {
      const text = 'text '.repeat(1000);
      await save('text.gz', gzipSync(text), { contentEncoding: 'gzip', contentType: 'text/plain' });
      const packed = await media('text.gz', { 'accept-encoding': 'gzip' });
      assert.equal(packed.headers.get('content-encoding'), 'gzip');
      assert.equal(await packed.text(), text);
      const plain = await media('text.gz', { 'accept-encoding': 'identity' });
      assert.equal(plain.headers.get('content-encoding'), null);
      assert.equal(plain.headers.get('x-goog-stored-content-encoding'), 'gzip');
      assert.equal(await plain.text(), text);
      assert.equal(String((await bucket.file('text.gz').download())[0]), text);
    });

    it('of what is not there are 404', async () => {
      await assert.rejects(bucket.file('missing').download(), withCode(404));
      await assert.rejects(bucket.file('missing').getMetadata(), { message: 'No such object: objects/missing' });
      assert.equal(await (await media('missing')).text(), 'No such object: objects/missing');
    });

    it('go on when the object is deleted meanwhile', async () => {
      const bytes = randomBytes(4 * 1024 * 1024);
      const file = await save('vanishing', bytes);
      const answer = await media('vanishing');
      await file.delete();
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
    });
  });

  it('have names of every kind', async () => {
    for (const name of ['a b/ü?#%.txt', '../up', 'dots/../..', 'plus+and&', '日本/語', "it's (1)*!"]) {
      const file = await save(name);
      assert.equal(String((await file.download())[0]), name);
      assert.equal((await file.getMetadata())[0].name, name);
    }
  });

  it('take metadata patches: merged, and null removes', async () => {
    const file = await save('patched', 'x', { contentType: 'text/plain', metadata: { a: '1', b: '2' } });
    const [patched] = await file.setMetadata({ cacheControl: 'no-cache', metadata: { b: null, c: '3' } });
    assert.deepEqual(patched.metadata, { a: '1', c: '3' });
    assert.equal(patched.metageneration, '2');
    assert.equal(patched.contentType, 'text/plain');
    assert.equal(patched.generation, file.metadata.generation);
    const url = `${test.cloud.origin}/storage/v1/b/objects/o/patched`;
    const put = await fetch(url, { method: 'PUT', body: '{"contentType":"a/b"}' });
    const whole = (await put.json()) as Record<string, unknown>;
    assert.deepEqual([whole.contentType, whole.metadata, whole.metageneration], ['a/b', undefined, '3']);
    const contexts = await fetch(url, { method: 'PATCH', body: '{"contexts":{"custom":{}}}' });
    assert.equal(contexts.status, 501);
  });

  it('answer with the selected fields only', async () => {
    await save('fields', 'x', { metadata: { a: '1', b: '2' } });
    const url = `${test.cloud.origin}/storage/v1/b/objects/o`;
    const one = await fetch(`${url}/fields?fields=name,metadata/a`);
    assert.deepEqual(await one.json(), { name: 'fields', metadata: { a: '1' } });
    const list = await fetch(`${url}?prefix=fields&fields=items(name,size)`);
    assert.deepEqual(await list.json(), { items: [{ name: 'fields', size: '1' }] });
  });

  describe('preconditions', () => {
    it('on generations stop writes with 412', async () => {
      const file = bucket.file('once');
      const once = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } };
      await file.save('first', once);
      await assert.rejects(file.save('second', once), withCode(412));
      await assert.rejects(file.save('second', { ...once, resumable: true }), withCode(412));
      const { generation } = file.metadata;
      await file.save('second', { resumable: false, preconditionOpts: { ifGenerationMatch: Number(generation) } });
      await assert.rejects(file.delete({ ifGenerationMatch: Number(generation) }), withCode(412));
      assert.equal(String((await file.download())[0]), 'second');
    });

    it('on metagenerations stop patches with 412', async () => {
      const file = await save('meta');
      await file.setMetadata({ cacheControl: 'a' }, { ifMetagenerationMatch: 1 });
      await assert.rejects(
        file.setMetadata({ cacheControl: 'b' }, { ifMetagenerationMatch: 1 }),
        (error: Error & { errors?: { reason: string }[] }) => {
          return error.errors?.[0]?.reason === 'conditionNotMet';
        },
      );
    });

    it('on reads answer 304 when nothing has changed', async () => {
      const file = await save('unchanged');
      const url = `${test.cloud.origin}/b/objects/o/unchanged?ifGenerationNotMatch=`;
      assert.equal((await fetch(url + file.metadata.generation)).status, 304);
      assert.equal((await fetch(`${url}1`)).status, 200);
      assert.equal((await fetch(`${url}x`)).status, 400);
    });
  });

  describe('copies', () => {
    it('take the metadata along, or what the request says instead', async () => {
      const file = await save('source', 'bytes', { contentType: 'text/plain', metadata: { a: '1' } });
      await file.copy(bucket.file('copy'));
      const [copied] = await bucket.file('copy').getMetadata();
      assert.deepEqual(
        [copied.contentType, copied.metadata, copied.md5Hash],
        ['text/plain', { a: '1' }, file.metadata.md5Hash],
      );
      await file.copy(bucket.file('other'), { contentType: 'text/html', metadata: { b: '2' } });
      const [other] = await bucket.file('other').getMetadata();
      assert.deepEqual([other.contentType, other.metadata], ['text/html', { b: '2' }]);
      await file.delete();
      assert.equal(String((await bucket.file('copy').download())[0]), 'bytes');
    });

    it('change the storage class', async () => {
      const file = await save('cold', 'bytes', { metadata: { a: '1' } });
      await file.setStorageClass('coldline');
      const [metadata] = await file.getMetadata();
      assert.equal(metadata.storageClass, 'COLDLINE');
      assert.deepEqual(metadata.metadata, { a: '1' });
      assert.equal(String((await file.download())[0]), 'bytes');
    });

    it('move an object', async () => {
      const file = await save('old-name', 'bytes');
      await file.moveFileAtomic(bucket.file('new-name'));
      assert.deepEqual(await file.exists(), [false]);
      assert.equal(String((await bucket.file('new-name').download())[0]), 'bytes');
      await (await save('moved', 'x')).move('elsewhere');
      assert.deepEqual(await bucket.file('moved').exists(), [false]);
    });
  });

  it('are composed of others', async () => {
    const parts = [await save('part-1', 'one,'), await save('part-2', 'two,'), await save('part-3', 'three')];
    const [file] = await bucket.combine(parts, bucket.file('whole'));
    const [metadata] = await file.getMetadata();
    assert.equal(metadata.componentCount, 3);
    assert.equal(metadata.md5Hash, undefined);
    assert.equal(String((await file.download())[0]), 'one,two,three');
    await assert.rejects(bucket.combine([bucket.file('nothing'), bucket.file('part-1')], 'whole'), withCode(404));
  });

  it('with a hold are neither deleted nor replaced', async () => {
    const file = await save('held');
    await file.setMetadata({ temporaryHold: true });
    await assert.rejects(file.delete(), withCode(403));
    await assert.rejects(save('held', 'other'), withCode(403));
    await file.setMetadata({ temporaryHold: false });
    await file.delete();
  });

  it('tell of every change, with the resource', async () => {
    const from = test.cloud.changes.length;
    const file = await save('told', 'x', { metadata: { run: 'r' } });
    await file.setMetadata({ cacheControl: 'no-store' });
    await save('told', 'y');
    await file.delete();
    const told = test.cloud.changes.slice(from).map((change) => (change.kind === 'object' ? change : undefined));
    const types = ['finalized', 'metadataUpdated', 'deleted', 'finalized', 'deleted'];
    assert.deepEqual(
      told.map((change) => change?.type),
      types,
    );
    const [first] = told;
    assert.equal(first?.bucket, 'objects');
    assert.equal(first?.name, 'told');
    assert.equal(first?.resource.kind, 'storage#object');
    assert.equal(first?.resource.size, '1');
    assert.deepEqual(first?.resource.metadata, { run: 'r' });
    assert.equal(first?.resource.generation, String(first?.resource.generation));
  });

  it('count operations in the classes of the price list', async () => {
    const { meter } = test.cloud;
    const counts = () => [meter.get('storage.class_a') ?? 0, meter.get('storage.class_b') ?? 0];
    const [a = 0, b = 0] = counts();
    const file = await save('metered');
    await file.setMetadata({ cacheControl: 'x' });
    await bucket.getFiles({ prefix: 'metered' });
    await file.getMetadata();
    await file.download();
    await file.delete();
    assert.deepEqual(counts(), [a + 3, b + 2]);
  });

  it('refuse unknown methods by name', async () => {
    const answer = await fetch(`${test.cloud.origin}/storage/v1/b/objects/o/x/watch`);
    assert.equal(answer.status, 501);
    const { error } = (await answer.json()) as { error: { message: string; errors: { reason: string }[] } };
    assert.equal(error.errors[0]?.reason, 'notImplemented');
    assert.match(error.message, /GET \/storage\/v1\/b\/objects\/o\/x\/watch/);
    await assert.rejects(test.storage.getHmacKeys(), withCode(501));
  });
});
