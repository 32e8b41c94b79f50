import assert from 'node:assert/strict';
import { StartTimes } from './start-times.ts';

describe('how long instances take to start', () => {
  it('says how long a request waits for a place: three and a half times as long, ten seconds at least', () => {
    const times = new StartTimes();
    assert.equal(times.patienceMs(), 10_000);
    times.add(1000);
    assert.equal(times.patienceMs(), 10_000);
    times.add(9000);
    assert.equal(times.patienceMs(), 17_500);
  });

  it('says when one that has failed is worth another try: later and later, until one has answered', () => {
    const times = new StartTimes();
    assert.deepEqual(
      Array.from({ length: 8 }, () => times.failed()),
      [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
    );
    times.add(1000);
    assert.equal(times.failed(), 60_000);
    times.succeeded();
    assert.equal(times.failed(), 1000);
  });
});
