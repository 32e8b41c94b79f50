import assert from 'node:assert/strict';
import { testPlatform } from '../../shared/platform/testing.ts';
import { createShares } from './shares.ts';

describe('the shares of users', () => {
  it('are so many at once, and then so many a second, of each user', () => {
    const { clock } = testPlatform();
    const shares = createShares(clock, { capacity: 10, perSecond: 2 });
    assert.equal(shares.take('usr_1', 8), 8);
    assert.equal(shares.take('usr_1', 8), 2);
    assert.equal(shares.take('usr_1', 8), 0);
    assert.equal(shares.take('usr_2', 8), 8);
    clock.time += 1500;
    assert.equal(shares.take('usr_1', 8), 3);
    clock.time += 3_600_000;
    assert.equal(shares.take('usr_1', 80), 10);
  });
});
