import assert from 'node:assert/strict';
import { nextAttempt } from './schedule.ts';

describe('the schedule of a delivery', () => {
  const delay = (attempts: number, random = 0, retryAfter?: string) =>
    nextAttempt(attempts, 0, random, retryAfter)?.getTime();
  const [SECOND, HOUR] = [1000, 3_600_000];

  it('waits longer after every attempt, and ends after the tenth', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempts) => delay(attempts)),
      [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map((s) => s * SECOND).concat(undefined as never),
    );
  });

  it('adds up to a tenth by chance', () => assert.equal(delay(1, 1), 5500));

  for (const [retryAfter, ms] of [
    ['60', 60 * SECOND],
    ['1', 5 * SECOND],
    ['0', 5 * SECOND],
    ['99999999', 24 * HOUR],
    ['Thu, 01 Jan 1970 00:10:00 GMT', 600 * SECOND],
    ['Thu, 01 Jan 1960 00:10:00 GMT', 5 * SECOND],
    ['-5', 5 * SECOND],
    ['soon', 5 * SECOND],
    ['', 5 * SECOND],
  ] as const) {
    it(`takes 'Retry-After: ${retryAfter}' as ${ms} ms`, () => assert.equal(delay(1, 0, retryAfter), ms));
  }

  it('has no attempt after the last, whatever the endpoint asks for', () =>
    assert.equal(delay(10, 0, '60'), undefined));
});
