import assert from 'node:assert/strict';
import { BilledTime } from './billed-time.ts';
import { fakeInstance } from './fake-instance.testing.ts';
import { Pool } from './pool.ts';

describe('a pool of instances that keeps one warm', () => {
  let started: ReturnType<typeof fakeInstance>[];
  let pool: Pool;
  const patient = new AbortController().signal;
  const latest = () => started.at(-1) ?? assert.fail('None was started.');

  beforeEach(async () => {
    started = [];
    pool = new Pool({
      ...{ name: 'any', concurrency: 2, minInstances: 1, maxInstances: 2, queueMs: 60_000, idleMs: 60_000 },
      ...{ billed: new BilledTime(() => {}), mayStart: () => true, started: () => {} },
      start: () => {
        started.push(fakeInstance());
        return latest().instance;
      },
    });
    pool.keepWarm();
    await latest().listens();
  });
  afterEach(async () => {
    for (const one of started) await one.ends();
    await pool.close();
  });

  it('replaces one that has answered at once when it ends', async () => {
    pool.release(await pool.acquire(patient));
    await latest().ends();
    assert.equal(started.length, 2);
  });

  it('does not start one again and again that ends before it has answered anything', async () => {
    await latest().ends();
    assert.equal(started.length, 1);
  });

  it('starts one for a request all the same', async () => {
    await latest().ends();
    const place = pool.acquire(patient);
    assert.equal(started.length, 2);
    await latest().listens();
    assert.equal(await place, latest().instance);
  });
});
