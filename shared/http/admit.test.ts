import assert from 'node:assert/strict';
import { testPlatform } from '../platform/testing.ts';
import { addressOf } from './admit.ts';
import { bench, problemOf, unlimited } from './bench.testing.ts';
import { createRateLimiter, type LimitClass, type RateLimiter } from './rate-limits.ts';

function limited(refuse: (name: LimitClass) => boolean) {
  const taken: string[] = [];
  const limiter: RateLimiter = {
    take: async (name, subject) => {
      taken.push(`${name} ${subject}`);
      return { allowed: !refuse(name), remaining: 7, limit: 10, resetSeconds: 3 };
    },
    spent: (name) => (refuse(name) ? { allowed: false, remaining: 0, limit: 30, resetSeconds: 9 } : undefined),
  };
  return { taken, ...bench({}, { limiter }) };
}
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe('a request is let in', () => {
  it('and told how many more there may be', async () => {
    const { headers } = await bench().call('/things/1');
    assert.equal(headers.get('ratelimit-policy'), '"read";q=10;w=60');
    assert.equal(headers.get('ratelimit'), '"read";r=7;t=3');
  });

  it('and told so too when something is wrong with it', async () => {
    const { post } = bench();
    for (const body of ['{', '{"nmae":"a"}']) {
      const response = await post(body);
      assert.deepEqual([response.status, response.headers.get('ratelimit')], [400, '"create";r=7;t=3']);
    }
  });

  it('and told nothing of limits where there are none', async () => {
    const { buckets, clock } = { buckets: { lease: () => assert.fail('asked') }, clock: testPlatform().clock };
    const { headers } = await bench({}, { limiter: createRateLimiter(buckets, clock, 0) }).call('/things/1');
    assert.deepEqual([headers.get('ratelimit-policy'), headers.get('ratelimit')], [null, null]);
  });

  it('at the cost of its user, by what it does', async () => {
    const { call, post, taken } = limited(() => false);
    await call('/things/1');
    await post('{"name":"a"}');
    await call('/open', from('203.0.113.9'));
    assert.deepEqual(taken, ['read usr_bootstrap', 'create usr_bootstrap', 'open 203.0.113.9']);
  });

  it('not too often', async () => {
    const { call, seen } = limited((name) => name === 'read');
    const response = await call('/things/1');
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '3');
    assert.equal(response.headers.get('ratelimit-policy'), '"read";q=10;w=60');
    assert.match((await problemOf(response)).detail, /At most 10 such requests a minute/);
    assert.deepEqual(seen, []);
  });

  it('not from an address that has guessed too many keys, and without looking at its key', async () => {
    const { call, app, taken } = limited((name) => name === 'denied');
    assert.equal((await call('/things/1', from('203.0.113.9'))).status, 429);
    assert.deepEqual(taken, []);
    assert.equal((await app.request('/open')).status, 200);
  });

  it('when it is not, its address is remembered', async () => {
    const { app, taken } = limited(() => false);
    const headers = { 'x-api-key': 'vrt_guessed', 'x-forwarded-for': 'claimed, 203.0.113.9' };
    assert.equal((await app.request('/things/1', { headers })).status, 401);
    assert.deepEqual(taken, ['denied 203.0.113.9']);
  });

  it('also when its limit cannot be looked at', async () => {
    const limiter = { ...unlimited, take: () => Promise.reject(new Error('no Firestore')) };
    const { call, platform } = bench({}, { limiter });
    assert.equal((await call('/things/1')).status, 200);
    assert.ok(platform.lines.some(({ severity }) => severity === 'WARNING'));
  });
});

describe('the address of a request', () => {
  for (const [forwarded, proxies, address] of [
    ['203.0.113.9', 0, '203.0.113.9'],
    ['claimed, 203.0.113.9', 0, '203.0.113.9'],
    ['claimed, 203.0.113.9, 35.191.0.1', 1, '203.0.113.9'],
    ['203.0.113.9', 1, '203.0.113.9'],
    [undefined, 0, ''],
  ] as const) {
    it(`behind ${proxies} proxies of ours is '${address}' of '${forwarded}'`, () => {
      assert.equal(addressOf(forwarded, proxies), address);
    });
  }
});
