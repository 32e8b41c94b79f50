import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type Bucket, Storage } from '@google-cloud/storage';
import sinon from 'sinon';
import { startStorage, type TestStorage } from './testing.ts';

const HOUR_MS = 3600 * 1000;

describe('signed URLs of the local Cloud Storage', () => {
  let test: TestStorage;
  let bucket: Bucket;
  let stranger: Bucket;

  const signer = (privateKey: string) => {
    const credentials = { client_email: 'tests@virtuoso-local.iam.gserviceaccount.com', private_key: privateKey };
    return new Storage({ projectId: 'virtuoso-local', credentials }).bucket('signed');
  };
  const newKey = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });

  before(async () => {
    test = await startStorage();
    const key = newKey();
    test.cloud.store.exec('CREATE TABLE metadata_keys (kid TEXT, public_key TEXT)');
    test.cloud.store.run("INSERT INTO metadata_keys VALUES ('k', ?)", key.publicKey);
    await test.storage.createBucket('signed', {
      cors: [{ origin: ['https://console.example'], method: ['PUT'], responseHeader: ['content-type'] }],
    });
    bucket = signer(key.privateKey);
    stranger = signer(newKey().privateKey);
    await bucket.file('a b/ü.txt').save('hello', { resumable: false, metadata: { contentType: 'text/plain' } });
  });

  after(() => test.close());

  const urlFor = async (name: string, options: object = {}, by = bucket) => {
    const [url] = await by
      .file(name)
      .getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + HOUR_MS, ...options });
    return url;
  };
  it('are refused where they are no address', async () => {
    const url = await urlFor('a');
    for (const bad of ['/%E0%A4%A', '/a%'])
      assert.deepEqual(await codeOf(await fetch(url.replace(/\/a(?=\?)/, bad))), [400, 'InvalidURI'], bad);
    assert.deepEqual(await codeOf(await fetch(url.replace('/signed/', '/%zz/'))), [400, 'InvalidURI']);
    assert.deepEqual(await codeOf(await fetch(`${test.cloud.origin}/signed/%E0%A4%A`)), [400, 'InvalidURI']);
  });

  const codeOf = async (answer: Response) => [answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]];

  for (const version of ['v4', 'v2']) {
    it(`of ${version} give and take an object`, async () => {
      const read = await fetch(await urlFor('a b/ü.txt', { version }));
      assert.equal(await read.text(), 'hello');
      assert.equal(read.headers.get('etag'), '"5d41402abc4b2a76b9719d911017c592"');
      const url = await urlFor('up.json', { version, action: 'write', contentType: 'application/json' });
      const written = await fetch(url, { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } });
      assert.equal(written.status, 200);
      assert.equal((await bucket.file('up.json').getMetadata())[0].contentType, 'application/json');
      const deletion = await urlFor('up.json', { version, action: 'delete' });
      assert.equal((await fetch(deletion, { method: 'DELETE' })).status, 204);
    });

    it(`of ${version} are refused when anything of them is changed`, async () => {
      const url = await urlFor('a b/ü.txt', { version });
      assert.deepEqual(await codeOf(await fetch(url.replace('a%20b', 'c'))), [403, 'SignatureDoesNotMatch']);
      assert.deepEqual(await codeOf(await fetch(url, { method: 'PUT', body: 'x' })), [403, 'SignatureDoesNotMatch']);
      const forged = await urlFor('a b/ü.txt', { version }, stranger);
      assert.deepEqual(await codeOf(await fetch(forged)), [403, 'SignatureDoesNotMatch']);
    });

    it(`of ${version} expire`, async () => {
      const url = await urlFor('a b/ü.txt', { version });
      const clock = sinon.useFakeTimers({ now: Date.now() + HOUR_MS + 1000, toFake: ['Date'] });
      try {
        assert.deepEqual(await codeOf(await fetch(url)), [400, 'ExpiredToken']);
      } finally {
        clock.restore();
      }
    });
  }

  it('carry the type and name that the signer wants for the download', async () => {
    const answer = await fetch(await urlFor('a b/ü.txt', { promptSaveAs: 'report.txt', responseType: 'text/csv' }));
    assert.equal(answer.headers.get('content-type'), 'text/csv');
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="report.txt"');
  });

  it('bind the headers and the length that were signed', async () => {
    const headers = {
      'x-goog-meta-run': 'run_1',
      'x-goog-content-length-range': '1,4',
      'x-goog-if-generation-match': '0',
    };
    const url = await urlFor('bound', { action: 'write', extensionHeaders: headers });
    assert.deepEqual(await codeOf(await fetch(url, { method: 'PUT', body: 'abc' })), [403, 'SignatureDoesNotMatch']);
    assert.deepEqual(await codeOf(await fetch(url, { method: 'PUT', body: 'abcde', headers })), [
      400,
      'InvalidArgument',
    ]);
    assert.deepEqual(await codeOf(await fetch(url, { method: 'PUT', body: '', headers })), [400, 'InvalidArgument']);
    assert.equal((await fetch(url, { method: 'PUT', body: 'abc', headers })).status, 200);
    assert.deepEqual((await bucket.file('bound').getMetadata())[0].metadata, { run: 'run_1' });
    assert.deepEqual(await codeOf(await fetch(url, { method: 'PUT', body: 'abc', headers })), [
      412,
      'PreconditionFailed',
    ]);
  });

  it('begin a resumable upload', async () => {
    const url = await urlFor('resumable', { action: 'resumable' });
    const begun = await fetch(url, { method: 'POST', headers: { 'x-goog-resumable': 'start' } });
    assert.equal(begun.status, 201);
    await fetch(begun.headers.get('location') ?? '', { method: 'PUT', body: 'bytes' });
    assert.equal(String((await bucket.file('resumable').download())[0]), 'bytes');
  });

  it('are needed: others are refused', async () => {
    const url = `${test.cloud.origin}/signed/a%20b/%C3%BC.txt`;
    assert.deepEqual(await codeOf(await fetch(url)), [403, 'AccessDenied']);
    assert.equal((await fetch(`${test.cloud.origin}/not-a-bucket/x`)).status, 404);
    assert.deepEqual(await codeOf(await fetch(await urlFor('missing'))), [404, 'NoSuchKey']);
  });

  it('answer pages of the origins that the bucket allows', async () => {
    const url = await urlFor('up', { action: 'write' });
    const headers = { origin: 'https://console.example', 'access-control-request-method': 'PUT' };
    const allowed = await fetch(url, { method: 'OPTIONS', headers });
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://console.example');
    const other = await fetch(url, { method: 'OPTIONS', headers: { ...headers, origin: 'https://evil.example' } });
    assert.equal(other.headers.get('access-control-allow-origin'), null);
  });
});
