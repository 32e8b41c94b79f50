import assert from 'node:assert/strict';
import { testPlatform } from '../platform/testing.ts';
import { browsers } from './browsers.ts';

describe('the browser of an instance', () => {
  const platform = testPlatform();
  const service = browsers.make(platform);
  after(() => platform.stop());

  it('is dropped whatever its pages are at, and another one is started when it is asked for', async function () {
    this.timeout(120_000);
    const first = await service.get();
    assert.equal(await service.get(), first);
    const page = await first.newPage();
    const busy = assert.rejects(
      page.evaluate(() => {
        for (;;);
      }),
      /closed/,
    );
    await service.drop();
    await busy;
    assert.equal(first.isConnected(), false);
    const second = await service.get();
    assert.notEqual(second, first);
    assert.equal(second.isConnected(), true);
  });

  it('is nothing to drop before it is started', async () => {
    await browsers.make(testPlatform()).drop();
  });
});
