import assert from 'node:assert/strict';
import type { TokenBuckets } from '../domain/token-buckets.ts';
import { NOON } from '../platform/testing.ts';
import { createRateLimiter } from './rate-limits.ts';

/** The shared buckets as Firestore keeps them, with a clock of the test's. */
function world() {
  const clock = { time: NOON, now: () => clock.time, sleep: async () => {} };
  const all = new Map<string, { tokens: number; at: number }>();
  const writes: number[] = [];
  const buckets: TokenBuckets = {
    async lease(name, { capacity, perSecond }, wanted) {
      const { tokens, at } = all.get(name) ?? { tokens: capacity, at: clock.time };
      const held = Math.min(capacity, tokens + ((clock.time - at) / 1000) * perSecond);
      const granted = Math.min(wanted, Math.floor(held));
      if (granted === 0) return { granted, left: held };
      all.set(name, { tokens: held - granted, at: clock.time });
      writes.push(clock.time);
      return { granted, left: held - granted };
    },
  };
  const instance = () => createRateLimiter(buckets, clock, 1);
  return { clock, buckets, writes, instance };
}

describe('a rate limit', () => {
  it('lets through as many as it says, and then says when to come back', async () => {
    const { instance, clock } = world();
    const limiter = instance();
    for (let i = 0; i < 5; i++) assert.equal((await limiter.take('run', 'usr_1')).allowed, true, `request ${i}`);
    const refused = await limiter.take('run', 'usr_1');
    assert.deepEqual(refused, { allowed: false, remaining: 0, limit: 5, resetSeconds: 12 });
    assert.deepEqual(limiter.spent('run', 'usr_1'), refused);
    clock.time += 11_000;
    assert.equal((await limiter.take('run', 'usr_1')).allowed, false);
    clock.time += 1000;
    assert.equal((await limiter.take('run', 'usr_1')).allowed, true);
  });

  it('is of each user and each class', async () => {
    const limiter = world().instance();
    for (let i = 0; i < 6; i++) await limiter.take('run', 'usr_1');
    assert.equal((await limiter.take('run', 'usr_2')).allowed, true);
    assert.equal((await limiter.take('create', 'usr_1')).allowed, true);
  });

  it('counts down what is left', async () => {
    const limiter = world().instance();
    const left = [];
    for (let i = 0; i < 4; i++) left.push((await limiter.take('create', 'usr_1')).remaining);
    assert.deepEqual(left, [29, 28, 27, 26]);
  });

  it('asks once for requests that come together', async () => {
    const { instance, writes } = world();
    const limiter = instance();
    const all = await Promise.all(Array.from({ length: 5 }, () => limiter.take('run', 'usr_1')));
    assert.ok(all.every(({ allowed }) => allowed));
    assert.ok((await limiter.take('run', 'usr_1')).allowed === false);
    assert.equal(writes.length, 5);
  });

  it('of 0 limits nothing and asks nobody', async () => {
    const { buckets, clock, writes } = world();
    const limiter = createRateLimiter(buckets, clock, 0);
    for (let i = 0; i < 200; i++) assert.equal((await limiter.take('run', 'usr_1')).allowed, true);
    assert.deepEqual(writes, []);
  });

  it('of what is open to all is kept by each instance, for nobody pays for it', async () => {
    const { instance, writes } = world();
    const limiter = instance();
    let allowed = 0;
    for (let i = 0; i < 1100; i++) if ((await limiter.take('open', '203.0.113.9')).allowed) allowed++;
    assert.deepEqual([allowed, writes.length], [1000, 0]);
  });

  for (const perSecond of [1, 5, 40]) {
    it(`over ten instances lets through no more than it says, and nearly as much, at ${perSecond} requests a second`, async () => {
      const { instance, clock, writes } = world();
      const instances = Array.from({ length: 10 }, instance);
      const minutes = 5;
      let allowed = 0;
      for (let second = 0; second < minutes * 60; second++) {
        for (let i = 0; i < perSecond; i++) {
          // A balancer sends each request anywhere.
          const chosen = instances[(second * 7 + i * 3) % 10];
          if ((await chosen?.take('read', 'usr_1'))?.allowed) allowed++;
        }
        clock.time += 1000;
      }
      const limit = 100 * (minutes + 1);
      const wished = perSecond * 60 * minutes;
      assert.ok(allowed <= limit, `${allowed} of at most ${limit}`);
      assert.ok(allowed >= Math.min(wished, limit) * 0.9, `${allowed} of ${Math.min(wished, limit)}`);
      assert.ok(writes.length / (minutes * 60) <= 2, `${writes.length} writes in ${minutes * 60} s`);
    });
  }
});
