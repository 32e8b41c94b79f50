import assert from 'node:assert/strict';
import sinon from 'sinon';
import { LocalClock } from './clock.ts';

describe('the local clock', () => {
  let real: sinon.SinonFakeTimers;
  let clock: LocalClock;

  beforeEach(() => {
    real = sinon.useFakeTimers({ now: 10_000 });
    clock = new LocalClock();
  });

  afterEach(() => {
    clock.close();
    real.restore();
  });

  it('tells how long ago something was that is dated by the real time', () => {
    assert.equal(clock.elapsedSince(4000), 6000);
    clock.advance(3_600_000);
    assert.equal(clock.elapsedSince(4000), 3_606_000);
  });

  it('does not count what it was advanced by before that', () => {
    clock.advance(3_600_000);
    real.tick(5000);
    assert.equal(clock.elapsedSince(12_000), 3000);
  });

  it('takes what was dated in the second of an advance as dated afterwards', () => {
    real.tick(700);
    clock.advance(3_600_000);
    assert.equal(clock.elapsedSince(10_000), 700);
    assert.equal(clock.elapsedSince(9000), 3_601_700);
  });
});
