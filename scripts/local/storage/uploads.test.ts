import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bucket } from '@google-cloud/storage';
import { beginUpload, sendPiece } from './resumable.testing.ts';
import { startStorage, type TestStorage, withCode } from './testing.ts';

const MIB = 1024 * 1024;

describe('uploads to the local Cloud Storage', () => {
  let test: TestStorage;
  let bucket: Bucket;

  before(async () => {
    test = await startStorage();
    [bucket] = await test.storage.createBucket('uploads');
  });

  after(() => test.close());

  const blobs = () => {
    const folder = join(test.cloud.folder, 'objects');
    return readdirSync(folder).flatMap((name) => readdirSync(join(folder, name))).length;
  };
  const arrived = () => {
    const folder = join(test.cloud.folder, 'objects', 'partial');
    return Math.max(0, ...readdirSync(folder).map((file) => statSync(join(folder, file)).size));
  };
  const begin = (name: string, query = '') => beginUpload(test.cloud.origin, name, { query });

  it('takes a multipart upload with its metadata', async () => {
    const file = bucket.file('multipart.txt');
    await file.save('hello', { resumable: false, metadata: { contentType: 'text/plain', metadata: { run: 'run_1' } } });
    const [metadata] = await file.getMetadata();
    assert.equal(metadata.size, '5');
    assert.equal(metadata.contentType, 'text/plain');
    assert.deepEqual(metadata.metadata, { run: 'run_1' });
    assert.equal(metadata.md5Hash, createHash('md5').update('hello').digest('base64'));
    assert.equal(metadata.crc32c, 'mnG7TA==');
    assert.equal(metadata.metageneration, '1');
    assert.match(metadata.generation?.toString() ?? '', /^\d{16}$/);
    assert.equal(metadata.selfLink, `${test.cloud.origin}/storage/v1/b/uploads/o/multipart.txt`);
    assert.equal(String((await file.download())[0]), 'hello');
  });

  it('takes bytes that look like the boundary of their upload', async () => {
    const body = Buffer.concat([
      Buffer.from('\r\n--'),
      randomBytes(200_000),
      Buffer.from('\r\n--b'),
      Buffer.from('\r\n--bo'),
    ]);
    const parts = [
      Buffer.from('--boo\r\nContent-Type: application/json\r\n\r\n{}\r\n--boo\r\nContent-Type: a/b\r\n\r\n'),
      body,
      Buffer.from('\r\n--boo--'),
    ];
    const url = `${test.cloud.origin}/upload/storage/v1/b/uploads/o?uploadType=multipart&name=edges`;
    const headers = { 'content-type': 'multipart/related; boundary=boo' };
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: Readable.from(slices(Buffer.concat(parts), 999)),
      duplex: 'half',
    } as unknown as RequestInit);
    assert.equal(answer.status, 200);
    assert.deepEqual((await bucket.file('edges').download())[0], body);
    const cut = await fetch(url, {
      method: 'POST',
      headers,
      body: Buffer.concat(parts.slice(0, 2)) as unknown as BodyInit,
    });
    assert.equal(cut.status, 400);
  });

  it('takes a simple media upload', async () => {
    const url = `${test.cloud.origin}/upload/b/uploads/o?uploadType=media&name=media.csv`;
    const answer = await fetch(url, { method: 'POST', body: 'a,b', headers: { 'content-type': 'text/csv' } });
    const resource = (await answer.json()) as Record<string, unknown>;
    assert.equal(resource.kind, 'storage#object');
    assert.equal(resource.contentType, 'text/csv');
  });

  it('takes an empty object in each way', async () => {
    for (const options of [{ resumable: false }, { resumable: true }, { resumable: true, chunkSize: MIB }]) {
      await bucket.file('empty').save('', options);
      assert.equal((await bucket.file('empty').download())[0].length, 0);
    }
  });

  it('takes a resumable upload in one request and in many chunks', async () => {
    const bytes = randomBytes(3 * MIB + 12_345);
    for (const chunkSize of [undefined, 256 * 1024, MIB]) {
      const file = bucket.file(`resumable-${chunkSize}`);
      await file.save(bytes, {
        resumable: true,
        ...(chunkSize && { chunkSize }),
        metadata: { contentType: 'application/zip' },
      });
      assert.deepEqual((await file.download())[0], bytes);
      assert.equal((await file.getMetadata())[0].contentType, 'application/zip');
    }
  });

  it('takes a stream of unknown length', async () => {
    const bytes = randomBytes(2 * MIB + 1);
    const file = bucket.file('stream');
    await pipeline(
      Readable.from(slices(bytes, 100_000)),
      file.createWriteStream({ resumable: true, chunkSize: 512 * 1024 }),
    );
    assert.deepEqual((await file.download())[0], bytes);
  });

  it('says how far an upload has got and goes on from there', async () => {
    const uri = await begin('status');
    const bytes = randomBytes(512 * 1024 + 10);
    const nothing = await sendPiece(uri, null, 'bytes */*');
    assert.equal(nothing.status, 308);
    assert.equal(nothing.headers.get('range'), null);
    // What is not a multiple of 256 KiB is not kept of an unfinished upload.
    const part = await sendPiece(uri, bytes.subarray(0, 300_000), `bytes 0-299999/${bytes.length}`);
    assert.equal(part.headers.get('range'), 'bytes=0-262143');
    const ahead = await sendPiece(uri, bytes.subarray(400_000), `bytes 400000-${bytes.length - 1}/${bytes.length}`);
    assert.equal(ahead.status, 400);
    // Bytes that it has already are passed over.
    const rest = await sendPiece(uri, bytes.subarray(200_000), `bytes 200000-${bytes.length - 1}/${bytes.length}`);
    assert.equal(rest.status, 200);
    assert.deepEqual((await bucket.file('status').download())[0], bytes);
    assert.equal((await sendPiece(uri, null, `bytes */${bytes.length}`)).status, 200);
  });

  it('goes on after a connection was cut in the middle of a chunk', async () => {
    const uri = await begin('cut');
    const bytes = randomBytes(MIB);
    await new Promise<void>((resolve) => {
      const headers = {
        'content-length': bytes.length,
        'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
      };
      const request = httpRequest(uri, { method: 'PUT', headers }, () => {});
      request.on('error', () => resolve());
      request.write(bytes.subarray(0, 600_000));
      // The connection is cut once the service has as much as it will keep.
      const cut = () => (arrived() >= 524_288 ? request.destroy(new Error('cut')) : setTimeout(cut, 5));
      cut();
    });
    const state = await sendPiece(uri, null, `bytes */${bytes.length}`);
    assert.equal(state.status, 308);
    assert.equal(state.headers.get('range'), 'bytes=0-524287');
    const rest = await sendPiece(uri, bytes.subarray(524_288), `bytes 524288-${bytes.length - 1}/${bytes.length}`);
    assert.equal(rest.status, 200);
    assert.deepEqual((await bucket.file('cut').download())[0], bytes);
  });

  it('gives an upload to the newest request when an earlier one hangs', async () => {
    const uri = await begin('hang');
    const headers = { 'content-length': MIB, 'content-range': `bytes 0-${MIB - 1}/${MIB}` };
    const hanging = httpRequest(uri, { method: 'PUT', headers });
    const ended = new Promise((resolve) => hanging.on('error', resolve));
    hanging.write(Buffer.alloc(1000));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const answer = await sendPiece(uri, Buffer.alloc(MIB, 1), `bytes 0-${MIB - 1}/${MIB}`);
    assert.equal(answer.status, 200);
    await ended;
    assert.deepEqual((await bucket.file('hang').download())[0], Buffer.alloc(MIB, 1));
  });

  it('lets the client go on with an upload that it left', async () => {
    const bytes = randomBytes(MIB);
    const file = bucket.file('continued');
    const [uri] = await file.createResumableUpload({ metadata: { contentType: 'text/plain' } });
    await sendPiece(uri, bytes.subarray(0, 512 * 1024), `bytes 0-${512 * 1024 - 1}/*`);
    await pipeline(
      Readable.from([bytes]),
      file.createWriteStream({ uri, resumable: true, chunkSize: 256 * 1024, validation: false }),
    );
    assert.deepEqual((await file.download())[0], bytes);
  });

  it('forgets an upload that is cancelled', async () => {
    const uri = await begin('cancelled');
    await sendPiece(uri, Buffer.alloc(256 * 1024), 'bytes 0-262143/*');
    assert.equal((await fetch(uri, { method: 'DELETE' })).status, 499);
    assert.equal((await sendPiece(uri, null, 'bytes */*')).status, 404);
  });

  it('refuses bytes that differ from their checksum, and keeps none of them', async () => {
    const before = blobs();
    const save = (resumable: boolean) =>
      bucket.file('wrong').save('hello', { resumable, validation: false, metadata: { crc32c: 'AAAAAA==' } });
    await assert.rejects(save(false), withCode(400));
    const url = `${test.cloud.origin}/upload/storage/v1/b/uploads/o?uploadType=media&name=wrong`;
    for (const headers of [
      { 'x-goog-hash': 'md5=AAAAAAAAAAAAAAAAAAAAAA==' },
      { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    ]) {
      const answer = await fetch(url, { method: 'POST', body: 'hello', headers });
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /doesn't match calculated MD5 hash/);
    }
    const uri = await begin('wrong');
    const sent = await fetch(uri, { method: 'PUT', body: 'hello', headers: { 'x-goog-hash': 'crc32c=AAAAAA==' } });
    assert.equal(sent.status, 400);
    assert.equal((await bucket.file('wrong').exists())[0], false);
    assert.equal(blobs(), before);
  });

  it('refuses what it does not do', async () => {
    const contexts = { custom: { a: { value: 'b' } } };
    const described = bucket.file('described').save('x', { resumable: false, metadata: { contexts } });
    await assert.rejects(described, withCode(501));
    await assert.rejects(bucket.file('key', { kmsKeyName: 'k' }).save('x', { resumable: false }), withCode(501));
    await assert.rejects(bucket.file('x'.repeat(1025)).save('x', { resumable: false }), withCode(400));
    const challenge = bucket.file('.well-known/acme-challenge/token').save('x', { resumable: false });
    await assert.rejects(challenge, withCode(400));
    await assert.rejects(test.storage.bucket('no-such').file('x').save('x', { resumable: false }), withCode(404));
  });

  it('counts one class A operation an upload', async () => {
    const before = test.cloud.meter.get('storage.class_a') ?? 0;
    await bucket.file('metered').save(randomBytes(MIB), { resumable: true, chunkSize: 256 * 1024 });
    assert.equal(test.cloud.meter.get('storage.class_a'), before + 1);
  });

  it('refuse metadata that is too large without a hold on the connection', async () => {
    const post = (query: string, init: RequestInit) =>
      fetch(`${test.cloud.origin}/upload/storage/v1/b/uploads/o?${query}`, { method: 'POST', ...init });
    const headers = { 'content-type': 'multipart/related; boundary=cut' };
    const metadata = JSON.stringify({ metadata: { big: 'x'.repeat(2_100_000) } });
    const body = `--cut\r\n\r\n${metadata}\r\n--cut\r\n\r\nhello\r\n--cut--\r\n`;
    for (let count = 0; count < 10; count++) {
      const refused = await post('uploadType=multipart&name=x', { headers, body });
      assert.match(await refused.text(), /Metadata part is too large/);
      assert.equal((await post('uploadType=media&name=y', { body: 'hello' })).status, 200);
    }
  }).timeout(5000);
});

describe('the local Cloud Storage, stopped and started again', () => {
  it('has its objects, goes on with uploads, and has removed what a crash left', async () => {
    const first = await startStorage();
    const [bucket] = await first.storage.createBucket('kept-bucket');
    await bucket.file('kept').save('still here', { resumable: false });
    const bytes = randomBytes(512 * 1024);
    const [uri] = await bucket.file('half').createResumableUpload();
    await fetch(uri, {
      method: 'PUT',
      body: new Uint8Array(bytes.subarray(0, 262_144)),
      headers: { 'content-range': 'bytes 0-262143/524288' },
    });
    await first.close({ keep: true });

    const { folder } = first.cloud;
    const orphan = join(folder, 'objects', 'partial', 'orphan');
    writeFileSync(orphan, 'left over');
    const again = await startStorage({ folder });
    assert.equal(existsSync(orphan), false);
    assert.equal(String((await again.storage.bucket('kept-bucket').file('kept').download())[0]), 'still here');
    const moved = uri.replace(first.cloud.origin, again.cloud.origin);
    const rest = await fetch(moved, {
      method: 'PUT',
      body: new Uint8Array(bytes.subarray(262_144)),
      headers: { 'content-range': 'bytes 262144-524287/524288' },
    });
    assert.equal(rest.status, 200);
    assert.deepEqual((await again.storage.bucket('kept-bucket').file('half').download())[0], bytes);
    await again.close();
  });
});

function* slices(bytes: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
