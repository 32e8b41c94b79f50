import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

const GRANULE = 256 * 1024;
const DAY_MS = 24 * 3600 * 1000;

export function resumable({ bucket, file, request }: Clients, { clock }: World): readonly Behaviour[] {
  const { method, all } = collector();
  const begin = async (name: string, metadata: object = {}, headers: Record<string, string> = {}) => {
    const answer = await request(
      `/upload/storage/v1/b/${bucket.name}/o?uploadType=resumable&name=${encodeURIComponent(name)}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(metadata),
      },
    );
    assert.equal(answer.status, 200);
    return answer.headers.get('location') ?? '';
  };
  const put = (uri: string, range: string | undefined, body: Uint8Array<ArrayBuffer> | string = '') =>
    request(uri, { method: 'PUT', body, ...(range !== undefined && { headers: { 'content-range': range } }) });
  const bytes = Buffer.from(Array.from({ length: 2 * GRANULE + 1000 }, (_, index) => index % 251));
  const total = bytes.length;

  method('objects.insert (resumable)', {
    'takes an object in one request': async () => {
      const target = file();
      await target.save('hello', { resumable: true, contentType: 'text/plain' });
      assert.equal(String((await target.download())[0]), 'hello');
      assert.equal((await target.getMetadata())[0].contentType, 'text/plain');
    },
    'takes an object in many chunks': async () => {
      const target = file();
      await target.save(bytes, { resumable: true, chunkSize: GRANULE });
      assert.ok((await target.download())[0].equals(bytes));
    },
    'takes chunks of a stream whose length nobody knows': async () => {
      const target = file();
      const stream = target.createWriteStream({ resumable: true, chunkSize: GRANULE });
      const done = new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject));
      for (let from = 0; from < total; from += 100_000) stream.write(bytes.subarray(from, from + 100_000));
      stream.end();
      await done;
      assert.equal((await target.getMetadata())[0].size, String(total));
    },
    'stores no bytes at all': async () => {
      const target = file();
      await target.save('', { resumable: true });
      assert.equal((await target.getMetadata())[0].size, '0');
    },
    'answers 308 with the range that it has': async () => {
      const uri = await begin(file().name);
      const answer = await put(uri, `bytes 0-${GRANULE - 1}/${total}`, bytes.subarray(0, GRANULE));
      await answers(answer, 308);
      assert.equal(answer.headers.get('range'), `bytes=0-${GRANULE - 1}`);
    },
    'tells how far it has got, without a range at first': async () => {
      const uri = await begin(file().name);
      const before = await put(uri, 'bytes */*');
      await answers(before, 308);
      assert.equal(before.headers.get('range'), null);
      await put(uri, `bytes 0-${GRANULE - 1}/*`, bytes.subarray(0, GRANULE));
      const after = await put(uri, `bytes */${total}`);
      await answers(after, 308);
      assert.equal(after.headers.get('range'), `bytes=0-${GRANULE - 1}`);
    },
    'goes on where it was cut': async () => {
      const target = file();
      const uri = await begin(target.name);
      const cut = new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.subarray(0, GRANULE + 500));
          setTimeout(() => controller.error(new Error('cut')), 30);
        },
      });
      const headers = { 'content-range': `bytes 0-${total - 1}/${total}` };
      await assert.rejects(request(uri, { method: 'PUT', headers, body: cut }));
      const state = await put(uri, `bytes */${total}`);
      await answers(state, 308);
      const kept = Number(/-(\d+)$/.exec(state.headers.get('range') ?? '')?.[1] ?? -1) + 1;
      assert.equal(kept % GRANULE, 0);
      await answers(await put(uri, `bytes ${kept}-${total - 1}/${total}`, bytes.subarray(kept)), 200);
      assert.ok((await target.download())[0].equals(bytes));
    },
    'passes over bytes that it has already': async () => {
      const target = file();
      const uri = await begin(target.name);
      await put(uri, `bytes 0-${GRANULE - 1}/${total}`, bytes.subarray(0, GRANULE));
      await answers(await put(uri, `bytes 0-${total - 1}/${total}`, bytes), 200);
      assert.ok((await target.download())[0].equals(bytes));
    },
    'refuses bytes that leave a gap': async () => {
      const uri = await begin(file().name);
      const answer = await put(uri, `bytes ${GRANULE}-${total - 1}/${total}`, bytes.subarray(GRANULE));
      assert.ok(answer.status === 400 || answer.status === 503, String(answer.status));
      await answer.text();
    },
    'refuses a malformed Content-Range': async () => {
      await answers(await put(await begin(file().name), 'bytes zero-one/two', 'x'), 400);
    },
    'answers with the object again when it is complete': async () => {
      const target = file();
      const uri = await begin(target.name);
      const made = JSON.parse(await answers(await put(uri, undefined, 'hello'), 200));
      const again = JSON.parse(await answers(await put(uri, 'bytes */5'), 200));
      assert.equal(again.generation, made.generation);
    },
    'keeps the metadata and the type that it began with': async () => {
      const target = file();
      const headers = { 'x-upload-content-type': 'image/png' };
      const uri = await begin(target.name, { metadata: { a: '1' }, cacheControl: 'no-store' }, headers);
      await answers(await put(uri, undefined, 'png'), 200);
      const [metadata] = await target.getMetadata();
      assert.equal(metadata.contentType, 'image/png');
      assert.equal(metadata.cacheControl, 'no-store');
      assert.deepEqual(metadata.metadata, { a: '1' });
    },
    'refuses bytes that do not have the MD5 that it began with': async () => {
      const target = file();
      const uri = await begin(target.name, { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' });
      await answers(await put(uri, undefined, 'hello'), 400, /MD5/);
      assert.deepEqual(await target.exists(), [false]);
    },
    'is refused at its beginning when a precondition does not hold': async () => {
      const target = file();
      await target.save('1', { resumable: false });
      await fails(target.save('2', { resumable: true, preconditionOpts: { ifGenerationMatch: 0 } }), 412);
    },
    'is refused at its end when a precondition holds no more': async () => {
      const target = file();
      const path = `/upload/storage/v1/b/${bucket.name}/o?uploadType=resumable&ifGenerationMatch=0&name=${target.name}`;
      const uri = (await request(path, { method: 'POST' })).headers.get('location') ?? '';
      await target.save('1', { resumable: false });
      await answers(await put(uri, undefined, '2'), 412);
      assert.equal(String((await target.download())[0]), '1');
    },
    'can be given up': async () => {
      const uri = await begin(file().name);
      const answer = await request(uri, { method: 'DELETE', headers: { 'content-length': '0' } });
      assert.equal(answer.status, 499);
      const later = await put(uri, 'bytes */*');
      assert.ok([404, 410, 499].includes(later.status));
    },
    'shows nothing of the object before it is complete': async () => {
      const target = file();
      const uri = await begin(target.name);
      await put(uri, `bytes 0-${GRANULE - 1}/${total}`, bytes.subarray(0, GRANULE));
      assert.deepEqual(await target.exists(), [false]);
    },
    'goes on with the URI that the client got': async () => {
      const target = file();
      const [uri] = await target.createResumableUpload({ metadata: { contentType: 'text/plain' } });
      await target.save('hello', { resumable: true, uri });
      assert.equal(String((await target.download())[0]), 'hello');
    },
    'lets the page whose origin it began with send the bytes': async () => {
      const uri = await begin(file().name, {}, { origin: 'https://console.example' });
      const headers = { origin: 'https://console.example' };
      const answer = await request(uri, { method: 'PUT', body: 'hello', headers });
      assert.equal(answer.headers.get('access-control-allow-origin'), 'https://console.example');
    },
  });

  if (clock) {
    method('objects.insert (resumable)', {
      'ends a week after it began': async () => {
        const uri = await begin(file().name);
        clock.advance(8 * DAY_MS);
        const answer = await put(uri, undefined, 'late');
        assert.ok([404, 410].includes(answer.status), String(answer.status));
      },
    });
  }
  return all;
}
