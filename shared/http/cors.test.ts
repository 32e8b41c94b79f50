import assert from 'node:assert/strict';
import { bench } from './bench.testing.ts';

const origin = 'https://app.example.com';
const ours = { CORS_ORIGINS: `${origin}, https://other.example.com` };

describe('pages of other origins', () => {
  it('may read answers when their origin is configured', async () => {
    const { headers } = await bench(ours).call('/things/1', { headers: { origin } });
    assert.equal(headers.get('access-control-allow-origin'), origin);
    assert.match(headers.get('access-control-expose-headers') ?? '', /ETag.*Location.*Retry-After/);
    assert.equal(headers.get('vary'), 'Origin');
    assert.equal(headers.get('access-control-allow-credentials'), null);
  });

  it('may read refusals too: they say what is wrong', async () => {
    const response = await bench(ours).app.request('/things/1', { headers: { origin } });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('access-control-allow-origin'), origin);
  });

  for (const stranger of [
    'https://evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
  ]) {
    it(`may not when they are ${stranger}`, async () => {
      const { headers } = await bench(ours).call('/things/1', { headers: { origin: stranger } });
      assert.equal(headers.get('access-control-allow-origin'), null);
      assert.equal(headers.get('vary'), 'Origin');
    });
  }

  it('may not when none is configured', async () => {
    const { headers } = await bench().call('/things/1', { headers: { origin } });
    assert.equal(headers.get('access-control-allow-origin'), null);
    assert.equal(headers.get('vary'), null);
  });

  it('may all when that is configured', async () => {
    const { headers } = await bench({ CORS_ORIGINS: '*' }).call('/things/1', { headers: { origin } });
    assert.equal(headers.get('access-control-allow-origin'), origin);
  });

  it('are told beforehand what they may send, without a key', async () => {
    const { app, seen } = bench(ours);
    const headers = { origin, 'access-control-request-method': 'DELETE' };
    const response = await app.request('/things/1?x=1', { method: 'OPTIONS', headers });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), origin);
    assert.equal(response.headers.get('access-control-allow-methods'), 'GET, DELETE, HEAD, OPTIONS');
    assert.match(response.headers.get('access-control-allow-headers') ?? '', /Idempotency-Key.*X-API-Key/);
    assert.deepEqual(seen, []);
  });
});

it('OPTIONS tells what a path takes', async () => {
  const response = await bench().app.request('/things/1', { method: 'OPTIONS' });
  assert.deepEqual([response.status, response.headers.get('allow')], [204, 'GET, DELETE, HEAD, OPTIONS']);
  assert.equal(response.headers.get('access-control-allow-methods'), null);
});
