import assert from 'node:assert/strict';
import sinon from 'sinon';
import { WARM_UP, type WarmUp } from '../../schemas/warm-up.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { runSession } from './handler.ts';

describe('a warm-up', () => {
  function bench(until: number, started = false) {
    const browsers = { warm: sinon.stub().resolves(started) };
    const platform = testPlatform();
    const data = { until: new Date(until).toISOString() };
    const payload: WarmUp = { specversion: '1.0', id: 'warm', source: 'virtuoso', type: WARM_UP, data };
    const run = () => runSession({ payload, name: 'warm', attempt: 0 }, withBase({ browsers }, platform) as never);
    return { browsers, platform, run };
  }

  it('starts the browser, and keeps a new instance for a moment, however late it is', async () => {
    const { browsers, platform, run } = bench(NOON - 5000, true);
    await run();
    assert.equal(browsers.warm.callCount, 1);
    assert.equal(platform.clock.time, NOON + 2000);
  });

  const holds: readonly (readonly [string, number, number])[] = [
    ['until all have been sent', 500, 500],
    ['no longer than it takes to reach the others', 3600_000, 2000],
    ['not at all when it comes late', -1000, 0],
  ];
  for (const [how, until, held] of holds) {
    it(`keeps an instance that was there ${how}`, async () => {
      const { platform, run } = bench(NOON + until);
      await run();
      assert.equal(platform.clock.time, NOON + held);
    });
  }

  it('leaves a browser that does not start to the first session', async () => {
    const { browsers, platform, run } = bench(NOON + 2000);
    browsers.warm.rejects(new Error('no such file'));
    await run();
    assert.ok(platform.lines.some(({ severity, message }) => severity === 'WARNING' && /no such file/.test(message)));
    assert.equal(platform.clock.time, NOON);
  });
});
