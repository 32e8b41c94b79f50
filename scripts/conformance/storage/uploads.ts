import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

const HELLO = { crc32c: 'mnG7TA==', md5Hash: 'XUFAKrxLKna5cZ2REBfFkg==' };
const WRONG = { crc32c: 'AAAAAA==', md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' };

export function uploads({ bucket, file, storage, request }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const path = (type: string, name: string, more = '') =>
    `/upload/storage/v1/b/${bucket.name}/o?uploadType=${type}&name=${encodeURIComponent(name)}${more}`;
  const related = (metadata: object, media: string, type = 'text/plain') => ({
    method: 'POST',
    headers: { 'content-type': 'multipart/related; boundary=cut' },
    body: `--cut\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n--cut\r\ncontent-type: ${type}\r\n\r\n${media}\r\n--cut--\r\n`,
  });

  method('objects.insert (multipart)', {
    'gives back the object with its checksums': async () => {
      const target = file();
      await target.save('hello', { resumable: false, contentType: 'text/plain' });
      const { metadata } = target;
      assert.equal(metadata.kind, 'storage#object');
      assert.equal(metadata.id, `${bucket.name}/${target.name}/${metadata.generation}`);
      assert.equal(metadata.size, '5');
      assert.equal(metadata.contentType, 'text/plain');
      assert.equal(metadata.crc32c, HELLO.crc32c);
      assert.equal(metadata.md5Hash, HELLO.md5Hash);
      assert.equal(String(metadata.metageneration), '1');
      assert.equal(metadata.storageClass, 'STANDARD');
      assert.ok(metadata.etag && metadata.selfLink && metadata.mediaLink);
      assert.equal(metadata.timeCreated, metadata.timeStorageClassUpdated);
    },
    'keeps every field that is set with the bytes': async () => {
      const target = file();
      const fields = {
        contentType: 'text/csv',
        cacheControl: 'no-cache',
        contentDisposition: 'attachment',
        contentLanguage: 'de',
        customTime: '2026-01-02T03:04:05.000Z',
        metadata: { run: 'run_1', 'with space': 'ü' },
      };
      await target.save('hello', { resumable: false, metadata: fields });
      const [metadata] = await target.getMetadata();
      for (const [name, value] of Object.entries(fields)) assert.deepEqual(metadata[name as 'contentType'], value);
    },
    'stores no bytes at all': async () => {
      const target = file();
      await target.save('', { resumable: false });
      assert.equal(target.metadata.size, '0');
      assert.equal(target.metadata.crc32c, 'AAAAAA==');
      assert.equal((await target.download())[0].length, 0);
    },
    'takes every byte value': async () => {
      const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
      const target = file();
      await target.save(bytes, { resumable: false });
      assert.ok((await target.download())[0].equals(bytes));
    },
    'takes names with slashes, spaces, percent signs and umlauts': async () => {
      const target = bucket.file(`${file().name}/a b/ü%2F#?.txt`);
      await target.save('hello', { resumable: false });
      assert.equal(String((await target.download())[0]), 'hello');
      assert.equal((await target.getMetadata())[0].name, target.name);
    },
    'gives every overwriting a greater generation': async () => {
      const target = file();
      await target.save('1', { resumable: false });
      const first = Number(target.metadata.generation);
      await target.save('2', { resumable: false });
      assert.ok(Number(target.metadata.generation) > first);
    },
    'replaces the metadata of the object that it overwrites': async () => {
      const target = file();
      await target.save('1', { resumable: false, metadata: { metadata: { a: '1' } } });
      await target.save('2', { resumable: false });
      assert.equal((await target.getMetadata())[0].metadata, undefined);
    },
    'refuses bytes that do not have the stated MD5': async () => {
      const target = file();
      const body = related({ name: target.name, md5Hash: WRONG.md5Hash }, 'hello');
      await answers(await request(path('multipart', target.name), body), 400, /MD5/);
      assert.deepEqual(await target.exists(), [false]);
    },
    'refuses bytes that do not have the stated CRC32C': async () => {
      const target = file();
      const body = related({ name: target.name, crc32c: WRONG.crc32c }, 'hello');
      await answers(await request(path('multipart', target.name), body), 400, /CRC32C/);
      assert.deepEqual(await target.exists(), [false]);
    },
    'takes bytes that have the stated checksums': async () => {
      const target = file();
      await answers(await request(path('multipart', target.name), related({ ...HELLO }, 'hello')), 200);
      assert.equal(String((await target.download())[0]), 'hello');
    },
    'finds the boundary that the header states, quoted or not': async () => {
      const target = file();
      const { body } = related({ name: target.name }, 'dash --cut inside\r\n--cu');
      const headers = { 'content-type': 'multipart/related; boundary="cut"' };
      await answers(await request(path('multipart', target.name), { method: 'POST', headers, body }), 200);
      assert.equal(String((await target.download())[0]), 'dash --cut inside\r\n--cu');
    },
    'refuses a body without a boundary': async () => {
      const headers = { 'content-type': 'multipart/related' };
      await answers(await request(path('multipart', file().name), { method: 'POST', headers, body: 'x' }), 400);
    },
    'takes the content type of the bytes when the metadata has none': async () => {
      const target = file();
      await answers(await request(path('multipart', target.name), related({}, '{}', 'application/json')), 200);
      assert.equal((await target.getMetadata())[0].contentType, 'application/json');
    },
    'refuses a name of more than 1024 bytes': () =>
      fails(bucket.file('x'.repeat(1025)).save('x', { resumable: false }), 400),
    'refuses a name with a line break': () => fails(bucket.file('a\nb').save('x', { resumable: false }), 400),
    'answers 404 for a bucket that does not exist': () =>
      fails(storage.bucket(file('none').name).file('x').save('x', { resumable: false }), 404),
    'refuses custom metadata of more than 8 KiB': () =>
      fails(file().save('x', { resumable: false, metadata: { metadata: { big: 'x'.repeat(9000) } } }), 400),
    'refuses metadata of more than a MiB before the bytes': async () => {
      const body = related({ metadata: { big: 'x'.repeat(2_100_000) } }, 'hello');
      await answers(await request(path('multipart', file().name), body), 400, /Metadata part is too large/);
    },
    'stores what the client has packed, with its encoding': async () => {
      const target = file();
      await target.save('hello '.repeat(100), { resumable: false, gzip: true });
      const [metadata] = await target.getMetadata();
      assert.equal(metadata.contentEncoding, 'gzip');
      assert.ok(Number(metadata.size) < 600);
      const [raw] = await target.download({ decompress: false });
      assert.equal(gunzipSync(raw).toString(), 'hello '.repeat(100));
    },
  });

  method('objects.insert (media)', {
    'takes the request as the bytes': async () => {
      const target = file();
      const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' };
      const made = JSON.parse(await answers(await request(path('media', target.name), init), 200));
      assert.equal(made.md5Hash, HELLO.md5Hash);
      assert.equal(made.contentType, 'text/plain');
    },
    'keeps the content encoding of the parameter': async () => {
      const target = file();
      await request(path('media', target.name, '&contentEncoding=br'), { method: 'POST', body: 'x' });
      assert.equal((await target.getMetadata())[0].contentEncoding, 'br');
    },
    'checks the header X-Goog-Hash': async () => {
      const init = { method: 'POST', body: 'hello', headers: { 'x-goog-hash': `crc32c=${WRONG.crc32c}` } };
      await answers(await request(path('media', file().name), init), 400, /CRC32C/);
      const right = { 'x-goog-hash': `crc32c=${HELLO.crc32c},md5=${HELLO.md5Hash}` };
      await answers(await request(path('media', file().name), { ...init, headers: right }), 200);
    },
    'refuses a request without an upload type or a name': async () => {
      await answers(await request(`/upload/storage/v1/b/${bucket.name}/o?name=x`, { method: 'POST', body: 'x' }), 400);
      const nameless = `/upload/storage/v1/b/${bucket.name}/o?uploadType=media`;
      await answers(await request(nameless, { method: 'POST', body: 'x' }), 400, /name/);
    },
    'stores a MiB with the right checksum': async () => {
      const bytes = Buffer.alloc(1024 * 1024, 'virtuoso');
      const target = file();
      await answers(await request(path('media', target.name), { method: 'POST', body: bytes }), 200);
      const [metadata] = await target.getMetadata();
      assert.equal(metadata.md5Hash, createHash('md5').update(bytes).digest('base64'));
    },
  });

  return all;
}
