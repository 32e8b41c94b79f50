import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { File } from '@google-cloud/storage';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

export function downloads({ file, saved, request }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const media = (target: File, headers: Record<string, string> = {}, more = '') =>
    request(`/storage/v1/b/${target.bucket.name}/o/${encodeURIComponent(target.name)}?alt=media${more}`, { headers });
  const packed = async (text: string, fields: object = {}) => {
    const target = file();
    const metadata = { contentType: 'text/plain', contentEncoding: 'gzip', ...fields };
    await target.save(gzipSync(text), { resumable: false, metadata });
    return target;
  };

  method('objects.get (media)', {
    'gives the bytes, which the client validates': async () => {
      const target = await saved();
      assert.equal(String((await target.download({ validation: 'crc32c' }))[0]), 'hello');
      assert.equal(String((await target.download({ validation: 'md5' }))[0]), 'hello');
    },
    'tells type, generation, storage class and checksums in headers': async () => {
      const target = file();
      await target.save('hello', { resumable: false, metadata: { contentType: 'text/csv', cacheControl: 'no-store' } });
      const { headers } = await media(target);
      assert.equal(headers.get('content-type'), 'text/csv');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('content-length'), '5');
      assert.match(headers.get('x-goog-hash') ?? '', /crc32c=mnG7TA==/);
      assert.match(headers.get('x-goog-hash') ?? '', /md5=XUFAKrxLKna5cZ2REBfFkg==/);
      assert.equal(headers.get('x-goog-generation'), String(target.metadata.generation));
      assert.equal(headers.get('x-goog-metageneration'), '1');
      assert.equal(headers.get('x-goog-storage-class'), 'STANDARD');
      assert.equal(headers.get('x-goog-stored-content-length'), '5');
      assert.equal(headers.get('x-goog-stored-content-encoding'), 'identity');
    },
    'is there below /download too': async () => {
      const target = await saved();
      const answer = await request(`/download/storage/v1/b/${target.bucket.name}/o/${target.name}?alt=media`);
      await answers(answer, 200, /^hello$/);
    },
    'gives the generation that is asked for': async () => {
      const target = await saved();
      await answers(await media(target, {}, `&generation=${target.metadata.generation}`), 200, /^hello$/);
      await answers(await media(target, {}, '&generation=1'), 404);
    },
    'answers 404 with text': async () => {
      await answers(await media(file()), 404, /No such object/);
      await fails(file().download(), 404, /No such object/);
    },
    'answers 304 to the ETag that the caller has': async () => {
      const target = await saved();
      const etag = (await media(target)).headers.get('etag') ?? '';
      await answers(await media(target, { 'if-none-match': etag }), 304);
      await answers(await media(target, { 'if-none-match': 'other' }), 200);
    },
  });

  method('objects.get (Range)', {
    'gives a part from the middle': async () => {
      const answer = await media(await saved('0123456789'), { range: 'bytes=2-5' });
      assert.equal(answer.headers.get('content-range'), 'bytes 2-5/10');
      assert.equal(answer.headers.get('content-length'), '4');
      await answers(answer, 206, /^2345$/);
    },
    'gives all from an offset on': async () => {
      await answers(await media(await saved('0123456789'), { range: 'bytes=7-' }), 206, /^789$/);
    },
    'gives the last bytes': async () => {
      await answers(await media(await saved('0123456789'), { range: 'bytes=-3' }), 206, /^789$/);
    },
    'ends at the end of the object': async () => {
      const answer = await media(await saved('0123456789'), { range: 'bytes=8-99' });
      assert.equal(answer.headers.get('content-range'), 'bytes 8-9/10');
      await answers(answer, 206, /^89$/);
    },
    'answers 416 behind the end': async () => {
      await answers(await media(await saved('0123456789'), { range: 'bytes=10-12' }), 416);
    },
    'gives everything for a header that is no range of bytes': async () => {
      await answers(await media(await saved('0123456789'), { range: 'lines=1-2' }), 200, /^0123456789$/);
    },
    'is what start and end of the client ask for': async () => {
      const target = await saved('0123456789');
      assert.equal(String((await target.download({ start: 3, end: 6 }))[0]), '3456');
      assert.equal(String((await target.download({ end: -2 }))[0]), '89');
    },
  });

  method('objects.get (transcoding)', {
    'unpacks gzip for who does not take it': async () => {
      const answer = await media(await packed('hello'), { 'accept-encoding': 'identity' });
      assert.equal(answer.headers.get('content-encoding'), null);
      assert.match(answer.headers.get('warning') ?? '', /^214 /);
      assert.equal(answer.headers.get('x-goog-stored-content-encoding'), 'gzip');
      await answers(answer, 200, /^hello$/);
    },
    'leaves gzip packed for who takes it': async () => {
      const target = await packed('hello');
      const answer = await media(target, { 'accept-encoding': 'gzip' });
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      assert.equal(answer.headers.get('content-length'), String(target.metadata.size));
      await answers(answer, 200, /^hello$/);
    },
    'leaves gzip packed when it must not be transformed': async () => {
      const target = await packed('hello', { cacheControl: 'no-transform' });
      const answer = await media(target, { 'accept-encoding': 'identity' });
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      await answer.arrayBuffer();
    },
    'unpacks what is compressed by its type for everybody': async () => {
      for (const contentType of ['image/png', 'application/zip']) {
        const answer = await media(await packed('hello', { contentType }), { 'accept-encoding': 'gzip' });
        assert.equal(answer.headers.get('content-encoding'), null, contentType);
        assert.equal(answer.headers.get('x-guploader-response-body-transformations'), 'gunzipped');
        await answers(answer, 200, /^hello$/);
      }
      const fixed = await packed('hello', { contentType: 'image/png', cacheControl: 'no-transform' });
      const answer = await media(fixed, { 'accept-encoding': 'gzip' });
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      await answer.arrayBuffer();
    },
    'passes over a range of what it unpacks': async () => {
      const answer = await media(await packed('0123456789'), { 'accept-encoding': 'identity', range: 'bytes=2-3' });
      await answers(answer, 200, /^0123456789$/);
    },
    'is undone by the client, unless it is told not to': async () => {
      const target = await packed('hello');
      assert.equal(String((await target.download())[0]), 'hello');
      assert.deepEqual((await target.download({ decompress: false }))[0], gzipSync('hello'));
    },
  });
  return all;
}
