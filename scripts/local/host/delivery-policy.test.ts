import assert from 'node:assert/strict';
import { backoffMs } from './delivery-policy.ts';

describe('an event that is not taken', () => {
  it('is tried again after 10 s, then after twice as long each time, up to ten minutes', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((attempts) => backoffMs(attempts) / 1000);
    assert.deepEqual(seconds, [10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });
});
