import assert from 'node:assert/strict';
import type { Outside } from '../../shared/engine/outside.ts';
import { appError } from '../testing.ts';
import { bench } from './bench.testing.ts';

/** What the engine was opened with. */
async function outside(): Promise<{ outside: Outside; files: ReturnType<typeof bench>['files'] }> {
  const { engine, files, run } = bench();
  await run();
  return { outside: engine.open.firstCall.args[1].outside, files };
}

describe('what a session reaches', () => {
  it("is the user's files, by their whole name or by what follows the folder", async () => {
    const { outside: reached, files } = await outside();
    files.get.resolves(Buffer.from('bytes'));
    await reached.readFile('tests/usr_1/photo.png');
    await reached.readFile('shop/photo.png');
    const most = { most: 50_000_000 };
    assert.deepEqual(files.get.args, [
      ['tests/usr_1/photo.png', most],
      ['tests/usr_1/shop/photo.png', most],
    ]);
  });

  it("is no file of somebody else's", async () => {
    const { outside: reached, files } = await outside();
    for (const name of ['tests/usr_2/photo.png', 'tests/usr_10/x', 'tests/'])
      await assert.rejects(reached.readFile(name), appError('permission-denied', /not yours/));
    assert.equal(files.get.callCount, 0);
  });

  it("is the test's baselines, which may be missing", async () => {
    const { outside: reached, files } = await outside();
    assert.equal(await reached.baselines.read('home-chromium-1280x720'), undefined);
    await reached.baselines.write('home-chromium-1280x720', Buffer.from('png'));
    const name = 'baselines/usr_1/tst_1/home-chromium-1280x720.png';
    assert.deepEqual(files.get.lastCall.args, [name]);
    assert.deepEqual(files.put.firstCall.args, [
      name,
      Buffer.from('png'),
      { contentType: 'image/png', metadata: { owner: 'usr_1', test: 'tst_1' } },
    ]);
    files.get.rejects(new Error('down'));
    await assert.rejects(reached.baselines.read('home'), /down/);
  });
});
