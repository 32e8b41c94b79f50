import assert from 'node:assert/strict';
import { testPlatform } from '../platform/testing.ts';
import { browsers } from './browsers.ts';
import { processOf } from './kill-browser.ts';

describe('the browser of an instance', () => {
  const platform = testPlatform();
  const service = browsers.make(platform);
  after(() => platform.stop());

  it('is dropped whatever its pages are at, and another one is started when it is asked for', async function () {
    this.timeout(120_000);
    const first = await service.get('usr_1');
    assert.equal(await service.get('usr_1'), first);
    const page = await first.newPage();
    const busy = assert.rejects(
      page.evaluate(() => {
        for (;;);
      }),
      /closed/,
    );
    const pid = (await processOf(first)) ?? assert.fail();
    await service.drop();
    await busy;
    assert.equal(first.isConnected(), false);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    const second = await service.get('usr_1');
    assert.notEqual(second, first);
    assert.equal(second.isConnected(), true);
  });

  it('is another process for another user, who finds nothing of the one before', async function () {
    this.timeout(120_000);
    const first = await service.get('usr_1');
    const closed = new Promise((resolve) => first.once('disconnected', resolve));
    const second = await service.get('usr_2');
    await closed;
    assert.notEqual(second, first);
    assert.equal(second.contexts().length, 0);
    assert.equal(await service.get('usr_2'), second);
  });

  it('is one for whom it was asked for last, also when several ask at once', async function () {
    this.timeout(120_000);
    const [, second, again] = await Promise.all(['usr_1', 'usr_2', 'usr_2'].map((id) => service.get(id)));
    assert.equal(second, again);
    assert.equal(second?.isConnected(), true);
  });

  it('is the one that was warmed for nobody, for the first who asks', async function () {
    this.timeout(120_000);
    const own = testPlatform();
    const warmed = browsers.make(own);
    assert.equal(warmed.cold, true);
    assert.deepEqual(await Promise.all([warmed.warm(), warmed.warm()]), [true, false]);
    assert.equal(warmed.cold, false);
    const starts = () => own.lines.filter(({ message }) => message === 'browser started').length;
    assert.equal(starts(), 1);
    await warmed.get('usr_1');
    await warmed.warm();
    assert.equal(starts(), 1);
    await own.stop();
  });

  it('is nothing to drop before it is started', async () => {
    await browsers.make(testPlatform()).drop();
  });
});
