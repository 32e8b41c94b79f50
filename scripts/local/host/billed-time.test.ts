import assert from 'node:assert/strict';
import { BilledTime } from './billed-time.ts';
import { fakeInstance } from './fake-instance.testing.ts';
import { Pool } from './pool.ts';

describe('the time that instances are billed for', () => {
  let now: number;
  let bills: number[];
  let billed: BilledTime;
  beforeEach(() => {
    now = 1000;
    bills = [];
    billed = new BilledTime(
      (ms) => bills.push(ms),
      () => now,
    );
  });

  it('is rounded up to 100 ms, a stretch at a time, an instance at a time', () => {
    const [one, other] = [{}, {}];
    for (const [ms, bill] of [
      [0, 100],
      [1, 100],
      [100, 100],
      [100.5, 200],
      [1234, 1300],
    ] as const) {
      billed.begin(one);
      now += ms;
      billed.end(one);
      assert.deepEqual(bills.splice(0), [bill], String(ms));
    }
    billed.begin(one);
    billed.begin(other);
    now += 250;
    billed.end(other);
    now += 250;
    billed.end(one);
    assert.deepEqual(bills, [300, 500]);
  });

  it('has one begin and one end, however often it is told of them', () => {
    const one = {};
    billed.begin(one);
    now += 60;
    billed.begin(one);
    now += 60;
    billed.end(one);
    billed.end(one);
    assert.deepEqual(bills, [200]);
  });

  describe('in a pool', () => {
    const patient = new AbortController().signal;
    let fake: ReturnType<typeof fakeInstance>;
    let pool: Pool;
    beforeEach(() => {
      fake = fakeInstance();
      pool = new Pool({
        ...{ name: 'any', concurrency: 2, minInstances: 0, maxInstances: 1, queueMs: 60_000, idleMs: 60_000, billed },
        ...{ mayStart: () => true, start: () => fake.instance, started: () => {} },
      });
    });
    afterEach(async () => {
      await fake.ends();
      await pool.close();
    });

    it('holds the start and, once, the requests that overlap; not the time between requests', async () => {
      const first = pool.acquire(patient);
      now += 150;
      await fake.listens();
      const instance = await first;
      now += 100;
      await pool.acquire(patient);
      now += 100;
      pool.release(instance);
      assert.deepEqual(bills, []);
      now += 100;
      pool.release(instance);
      assert.deepEqual(bills, [500]);
      now += 5000;
      await pool.acquire(patient);
      now += 20;
      pool.release(instance);
      assert.deepEqual(bills, [500, 100]);
    });

    it('ends with an instance that crashes, also with one that never listened', async () => {
      const refused = assert.rejects(pool.acquire(patient), /ended/);
      now += 330;
      await fake.ends();
      await refused;
      assert.deepEqual(bills, [400]);
      fake = fakeInstance();
      const taken = pool.acquire(patient);
      await fake.listens();
      const instance = await taken;
      now += 120;
      await fake.ends();
      now += 5000;
      pool.release(instance);
      assert.deepEqual(bills, [400, 200]);
    });
  });
});
