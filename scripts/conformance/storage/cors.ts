import assert from 'node:assert/strict';
import type { Bucket } from '@google-cloud/storage';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Clients } from './clients.ts';

const ORIGIN = 'https://console.example';

export function cors({ origin, bucket: plain, newBucket, request }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  let made: Promise<Bucket> | undefined;
  const url = async () => {
    made ??= newBucket({
      cors: [
        {
          origin: [ORIGIN],
          method: ['GET', 'PUT'],
          responseHeader: ['Content-Type', 'x-goog-hash'],
          maxAgeSeconds: 60,
        },
      ],
    });
    return `${origin}/${(await made).name}/x`;
  };
  const preflight = async (from: string, asked: string, headers = '') =>
    fetch(await url(), {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': asked,
        ...(headers && { 'access-control-request-headers': headers }),
      },
    });
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');

  method('CORS', {
    'lets a preflight of an allowed origin pass': async () => {
      const answer = await preflight(ORIGIN, 'PUT', 'content-type');
      assert.equal(answer.status, 200);
      assert.equal(allowed(answer), ORIGIN);
      assert.match(answer.headers.get('access-control-allow-methods') ?? '', /PUT/);
      assert.match(answer.headers.get('access-control-allow-headers') ?? '', /content-type/i);
      assert.equal(answer.headers.get('access-control-max-age'), '60');
    },
    'says nothing to another origin': async () => {
      assert.equal(allowed(await preflight('https://evil.example', 'PUT')), null);
    },
    'says nothing to another method': async () => {
      assert.equal(allowed(await preflight(ORIGIN, 'DELETE')), null);
    },
    'says nothing to a header that no rule names': async () => {
      assert.equal(allowed(await preflight(ORIGIN, 'PUT', 'x-secret')), null);
    },
    'lets the page read an answer and the headers that the rule names': async () => {
      const answer = await request(await url(), { headers: { origin: ORIGIN } });
      assert.equal(allowed(answer), ORIGIN);
      assert.match(answer.headers.get('access-control-expose-headers') ?? '', /x-goog-hash/i);
    },
    'says nothing where a bucket has no rules': async () => {
      const answer = await request(`${origin}/${plain.name}/x`, { headers: { origin: ORIGIN } });
      assert.equal(allowed(answer), null);
    },
    'allows every origin in the JSON API': async () => {
      const path = `${origin}/storage/v1/b/${plain.name}/o`;
      const headers = { origin: ORIGIN, 'access-control-request-method': 'GET' };
      assert.equal(allowed(await fetch(path, { method: 'OPTIONS', headers })), ORIGIN);
      assert.equal(allowed(await request(path, { headers: { origin: ORIGIN } })), ORIGIN);
    },
  });
  return all;
}
