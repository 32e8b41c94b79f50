import assert from 'node:assert/strict';
import { draw, type Level, type TokenBuckets } from '../domain/token-buckets.ts';
import { NOON } from '../platform/testing.ts';
import { createRateLimiter, type Limit, type LimitClass, limits } from './rate-limits.ts';

/** The shared buckets as Firestore keeps them, with a clock of the test's. */
function world() {
  const clock = { time: NOON, now: () => clock.time, sleep: async () => {} };
  const all = new Map<string, Level>();
  const writes: number[] = [];
  const buckets: TokenBuckets = {
    async lease(name, bucket, wanted, least) {
      const { after, ...lease } = draw(all.get(name), bucket, { wanted, least }, clock.time);
      if (after) {
        all.set(name, after);
        writes.push(clock.time);
      }
      return lease;
    },
  };
  const instance = () => createRateLimiter(buckets, clock, 1);
  return { clock, buckets, writes, instance };
}

describe('a rate limit', () => {
  it('lets through as many as it says, and then says when to come back', async () => {
    const { instance, clock } = world();
    const limiter = instance();
    for (let i = 0; i < 5; i++) assert.equal((await limiter.take('run', 'usr_1'))?.allowed, true, `request ${i}`);
    const refused = await limiter.take('run', 'usr_1');
    assert.deepEqual(refused, { allowed: false, remaining: 0, limit: 5, resetSeconds: 12 });
    assert.deepEqual(limiter.spent('run', 'usr_1'), refused);
    clock.time += 11_000;
    assert.equal((await limiter.take('run', 'usr_1'))?.allowed, false);
    clock.time += 1000;
    assert.equal((await limiter.take('run', 'usr_1'))?.allowed, true);
  });

  it('is of each user and each class', async () => {
    const limiter = world().instance();
    for (let i = 0; i < 6; i++) await limiter.take('run', 'usr_1');
    assert.equal((await limiter.take('run', 'usr_2'))?.allowed, true);
    assert.equal((await limiter.take('create', 'usr_1'))?.allowed, true);
  });

  it('counts down what is left', async () => {
    const limiter = world().instance();
    const left = [];
    for (let i = 0; i < 4; i++) left.push((await limiter.take('create', 'usr_1'))?.remaining);
    assert.deepEqual(left, [29, 28, 27, 26]);
  });

  it('says that nothing is left where it lets nothing through, though there is less than a lease', async () => {
    const buckets: TokenBuckets = { lease: async () => ({ granted: 0, left: 1.2 }) };
    const refused = await createRateLimiter(buckets, world().clock, 1).take('read', 'usr_1');
    assert.deepEqual([refused?.allowed, refused?.remaining], [false, 0]);
  });

  it('asks once for requests that come together', async () => {
    const { instance, writes } = world();
    const limiter = instance();
    const all = await Promise.all(Array.from({ length: 5 }, () => limiter.take('run', 'usr_1')));
    assert.ok(all.every((allowance) => allowance?.allowed));
    assert.ok((await limiter.take('run', 'usr_1'))?.allowed === false);
    assert.ok(writes.length < 5, `${writes.length} writes for five requests`);
  });

  it('of 0 limits nothing and asks nobody', async () => {
    const { buckets, clock, writes } = world();
    const limiter = createRateLimiter(buckets, clock, 0);
    for (let i = 0; i < 200; i++) assert.equal(await limiter.take('run', 'usr_1'), undefined);
    assert.deepEqual(writes, []);
  });

  it('of what is open to all is kept by each instance, for nobody pays for it', async () => {
    const { instance, writes } = world();
    const limiter = instance();
    let allowed = 0;
    for (let i = 0; i < 1100; i++) if ((await limiter.take('open', '203.0.113.9'))?.allowed) allowed++;
    assert.deepEqual([allowed, writes.length], [1000, 0]);
  });

  /** What ten instances let through of requests that a balancer sends anywhere, and when the bucket was written. */
  async function overTen(name: LimitClass, perSecond: number, minutes: number) {
    const { instance, clock, writes } = world();
    const instances = Array.from({ length: 10 }, instance);
    let [allowed, random] = [0, 1];
    for (let i = 0; i < perSecond * 60 * minutes; i++) {
      clock.time = NOON + Math.floor((i * 1000) / perSecond);
      random = (random * 1103515245 + 12345) & 0x7fffffff;
      const chosen = instances[Math.floor((random / 0x7fffffff) * 10) % 10];
      if ((await chosen?.take(name, 'usr_1'))?.allowed) allowed++;
    }
    const within = (from: number, ms: number) => writes.filter((at) => at >= from && at < from + ms).length;
    const rush = Math.max(...writes.map((at) => within(at, 1000)));
    return { allowed, rush, steady: within(NOON + 60_000, (minutes - 1) * 60_000) / (60 * (minutes - 1)) };
  }

  for (const name of ['read', 'create', 'command', 'batch', 'run'] as const) {
    for (const perSecond of [1, 5, 40]) {
      it(`of ${name} over ten instances lets through no more than it says, and nearly as much, at ${perSecond} requests a second`, async () => {
        const minutes = 5;
        const { perMinute, burst = 1 }: Limit = limits[name];
        const { allowed, rush, steady } = await overTen(name, perSecond, minutes);
        const limit = perMinute * (minutes + burst);
        assert.ok(allowed <= limit, `${allowed} of at most ${limit}`);
        // What is leased and not used is lost: a lease an instance.
        const wished = Math.min(perSecond * 60 * minutes, limit);
        assert.ok(allowed >= wished * 0.9, `${allowed} of ${wished}`);
        assert.ok(steady <= 1.25, `${steady} writes a second`);
        assert.ok(rush <= 20, `${rush} writes in the first second of a rush: two an instance`);
      });
    }
  }
});
