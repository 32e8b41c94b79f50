import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Bucket } from '@google-cloud/storage';
import { beginUpload, sendPiece } from './resumable.testing.ts';
import { startStorage, type TestStorage } from './testing.ts';

describe('the sizes of uploads to the local Cloud Storage', () => {
  let test: TestStorage;
  let bucket: Bucket;

  before(async () => {
    test = await startStorage();
    [bucket] = await test.storage.createBucket('uploads');
  });

  after(() => test.close());

  const begin = (name: string, headers: Record<string, string> = {}) =>
    beginUpload(test.cloud.origin, name, { headers });

  it('refuses more bytes than were said, keeps none of them, and goes on', async () => {
    const uri = await begin('over');
    const bytes = randomBytes(256 * 1024 + 10);
    const over = await sendPiece(uri, bytes, `bytes 0-${256 * 1024 - 1}/*`);
    assert.equal(over.status, 400);
    assert.match(
      await over.text(),
      /There were 262154 byte\(s\) in the request body\. {2}There should have been 262144/,
    );
    assert.equal((await sendPiece(uri, null, 'bytes */*')).headers.get('range'), null);
    assert.equal((await sendPiece(uri, bytes, `bytes 0-${bytes.length - 1}/${bytes.length}`)).status, 200);
    assert.deepEqual((await bucket.file('over').download())[0], bytes);
  });

  it('holds the bytes against X-Upload-Content-Length', async () => {
    const bytes = Buffer.from('hello');
    for (const length of ['4', '6']) {
      const uri = await begin(`said-${length}`, { 'x-upload-content-length': length });
      const wrong = await sendPiece(uri, bytes, 'bytes 0-4/5');
      assert.equal(wrong.status, 400);
      assert.match(await wrong.text(), new RegExp(`X-Upload-Content-Length is ${length}, but the upload has 5`));
      assert.deepEqual(await bucket.file(`said-${length}`).exists(), [false]);
    }
    const uri = await begin('said-5', { 'x-upload-content-length': '5' });
    assert.equal((await sendPiece(uri, bytes, 'bytes 0-4/5')).status, 200);
  });
});
