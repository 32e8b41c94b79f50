import assert from 'node:assert/strict';
import { backoffMs } from '../plumbing/backoff.ts';
import { isExhausted } from './backoff.ts';
import { TokenBucket } from './token-bucket.ts';

const RETRY = { maxAttempts: 5, maxRetryDurationMs: 0, minBackoffMs: 10_000, maxBackoffMs: 300_000, maxDoublings: 3 };

describe('Cloud Tasks backoff', () => {
  it('doubles, then grows linearly, up to the longest backoff', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => backoffMs(RETRY, attempts) / 1000);
    assert.deepEqual(waits, [10, 20, 40, 80, 160, 240, 300, 300]);
  });

  it('ends when the attempts are spent and, if a duration is set, that has passed too', () => {
    assert.equal(isExhausted(RETRY, 4, 0), false);
    assert.equal(isExhausted(RETRY, 5, 0), true);
    assert.equal(isExhausted({ ...RETRY, maxRetryDurationMs: 1000 }, 5, 999), false);
    assert.equal(isExhausted({ ...RETRY, maxRetryDurationMs: 1000 }, 5, 1000), true);
    assert.equal(isExhausted({ ...RETRY, maxAttempts: -1 }, 1000, 0), false);
    assert.equal(isExhausted({ ...RETRY, maxAttempts: -1, maxRetryDurationMs: 1000 }, 1, 1000), true);
  });
});

describe('Cloud Tasks rate', () => {
  const limits = { maxDispatchesPerSecond: 10, maxBurstSize: 20, maxConcurrentDispatches: 100 };

  it('refills at its rate up to its burst size', () => {
    const bucket = new TokenBucket(limits, 0);
    assert.equal(bucket.available(0), 20);
    bucket.take(20);
    assert.equal(bucket.nextToken(0), 100);
    assert.equal(bucket.available(500), 5);
    assert.equal(bucket.available(60_000), 20);
  });

  it('halves its rate when the worker is overloaded, at most once a second, and recovers', () => {
    const bucket = new TokenBucket(limits, 0);
    bucket.slowDown(0);
    bucket.slowDown(10);
    bucket.take(1);
    assert.equal(bucket.nextToken(10) - 10, Math.ceil(1000 / (10 * 0.5 * 2 ** (10 / 2000))));
    assert.equal(bucket.available(20_000), 20);
  });
});
