import assert from 'node:assert/strict';
import type { File, GetSignedUrlConfig } from '@google-cloud/storage';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { answers, type Clients } from './clients.ts';

const HOUR_MS = 3600 * 1000;

export function signedUrls({ bucket, file, saved, signingEndpoint }: Clients, { clock }: World): readonly Behaviour[] {
  const { method, all } = collector();
  const where = signingEndpoint === undefined ? {} : { signingEndpoint };
  const sign = async (target: File, action: GetSignedUrlConfig['action'], more: Partial<GetSignedUrlConfig> = {}) => {
    const expires = Date.now() + HOUR_MS;
    const [url] = await target.getSignedUrl({ version: 'v4', action, expires, ...where, ...more });
    return url;
  };

  method('signed URLs', {
    'give an object to who has none of the rights': async () => {
      await answers(await fetch(await sign(await saved(), 'read')), 200, /^hello$/);
    },
    'give the head of an object only when they were signed for GET': async () => {
      const url = await sign(await saved(), 'read');
      await answers(await fetch(url, { headers: { range: 'bytes=1-2' } }), 206, /^el$/);
      await answers(await fetch(url, { method: 'PUT', body: 'x' }), 403, /SignatureDoesNotMatch/);
    },
    'take an object of the type that was signed': async () => {
      const target = file();
      const url = await sign(target, 'write', { contentType: 'text/csv' });
      const headers = { 'content-type': 'text/csv' };
      await answers(await fetch(url, { method: 'PUT', body: 'a,b', headers }), 200);
      assert.equal((await target.getMetadata())[0].contentType, 'text/csv');
      const other = { 'content-type': 'text/plain' };
      await answers(await fetch(url, { method: 'PUT', body: 'a,b', headers: other }), 403, /SignatureDoesNotMatch/);
    },
    'take bytes of the MD5 that is sent only': async () => {
      const url = await sign(file(), 'write');
      const headers = { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
      await answers(await fetch(url, { method: 'PUT', body: 'hello', headers }), 400);
    },
    'delete an object': async () => {
      const target = await saved();
      await answers(await fetch(await sign(target, 'delete'), { method: 'DELETE' }), 204);
      assert.deepEqual(await target.exists(), [false]);
    },
    'begin a resumable upload': async () => {
      const target = file();
      const url = await sign(target, 'resumable');
      const begun = await fetch(url, { method: 'POST', headers: { 'x-goog-resumable': 'start' } });
      await answers(begun, 201);
      await answers(await fetch(begun.headers.get('location') ?? '', { method: 'PUT', body: 'hello' }), 200);
      assert.equal(String((await target.download())[0]), 'hello');
    },
    'are refused for another object': async () => {
      const url = await sign(await saved(), 'read');
      await answers(await fetch(url.replace(/\/o-[^?]+/, '/other')), 403, /SignatureDoesNotMatch/);
    },
    'are refused with another lifetime': async () => {
      const url = await sign(await saved(), 'read');
      await answers(await fetch(url.replace(/X-Goog-Expires=\d+/, 'X-Goog-Expires=600000')), 403);
    },
    'are refused when a signed header is missing': async () => {
      const url = await sign(file(), 'write', { extensionHeaders: { 'x-goog-meta-run': 'run_1' } });
      await answers(await fetch(url, { method: 'PUT', body: 'x' }), 403, /SignatureDoesNotMatch/);
      const headers = { 'x-goog-meta-run': 'run_1' };
      await answers(await fetch(url, { method: 'PUT', body: 'x', headers }), 200);
    },
    'make an object only where there is none when that was signed': async () => {
      const headers = { 'x-goog-if-generation-match': '0' };
      const url = await sign(file(), 'write', { extensionHeaders: headers });
      await answers(await fetch(url, { method: 'PUT', body: 'x', headers }), 200);
      await answers(await fetch(url, { method: 'PUT', body: 'x', headers }), 412, /PreconditionFailed/);
    },
    'take lengths within the signed range only': async () => {
      const headers = { 'x-goog-content-length-range': '2,4' };
      const url = await sign(file(), 'write', { extensionHeaders: headers });
      const statuses: number[] = [];
      for (const body of ['1', '12345', '123'])
        statuses.push((await fetch(url, { method: 'PUT', body, headers })).status);
      assert.deepEqual(statuses, [400, 400, 200]);
    },
    'give the download the name and type that were signed': async () => {
      const url = await sign(await saved(), 'read', { promptSaveAs: 'r.txt', responseType: 'text/x' });
      const { headers } = await fetch(url);
      assert.equal(headers.get('content-disposition'), 'attachment; filename="r.txt"');
      assert.equal(headers.get('content-type'), 'text/x');
    },
    'answer 404 for an object that does not exist': async () => {
      await answers(await fetch(await sign(file(), 'read')), 404, /NoSuchKey/);
    },
    'list a bucket': async () => {
      const target = await saved();
      const [url] = await bucket.getSignedUrl({
        version: 'v4',
        action: 'list',
        expires: Date.now() + HOUR_MS,
        ...(where as object),
      });
      await answers(await fetch(url), 200, new RegExp(`<ListBucketResult.*<Key>${target.name}</Key>`, 's'));
    },
    'have expired when their time is over': async () => {
      const accessibleAt = new Date(Date.now() - 2 * HOUR_MS);
      const old = await sign(await saved(), 'read', { accessibleAt });
      await answers(await fetch(old.replace(/X-Goog-Expires=\d+/, 'X-Goog-Expires=60')), 400, /ExpiredToken/);
    },
    'are needed: others are refused': async () => {
      const target = await saved();
      await answers(await fetch(target.publicUrl()), 403, /AccessDenied/);
      assert.deepEqual(await target.isPublic(), [false]);
    },
  });
  if (!clock) return all;

  method('signed URLs', {
    'expire by the clock of the cloud': async () => {
      await answers(await fetch(await sign(await saved(), 'read')), 200);
      // Dated a little back: what was signed in the second of an advance counts as signed after it.
      const url = await sign(await saved(), 'read', { accessibleAt: new Date(Date.now() - 2000) });
      clock.advance(2 * HOUR_MS);
      await answers(await fetch(url), 400, /ExpiredToken/);
    },
    'hold when they are signed after the clock has gone on': async () => {
      clock.advance(48 * HOUR_MS);
      await answers(await fetch(await sign(await saved(), 'read')), 200);
    },
  });
  return all;
}
