import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { sweepErasures } from './handler.ts';

describe('sweep-erasures', () => {
  function bench(...ids: string[]) {
    const erasures = { due: sinon.stub().resolves(ids.map((id) => ({ id }))) };
    const eraser = { round: sinon.stub().resolves() };
    const platform = testPlatform();
    return {
      eraser,
      platform,
      run: () => sweepErasures({}, withBase({ erasures, eraser } as never, platform) as never),
    };
  }

  it('does the next round of every erasure that is due', async () => {
    const { eraser, run } = bench('usr_1', 'usr_2');
    await run();
    assert.deepEqual(eraser.round.args, [
      ['usr_1', NOON + 480_000],
      ['usr_2', NOON + 480_000],
    ]);
  });

  it('goes on to the others when one fails, and says so', async () => {
    const { eraser, platform, run } = bench('usr_1', 'usr_2');
    eraser.round.onFirstCall().rejects(new Error('down'));
    await run();
    assert.equal(eraser.round.callCount, 2);
    assert.ok(platform.lines.some(({ severity, user_id }) => severity === 'ERROR' && user_id === 'usr_1'));
  });

  it('begins none when its time is over', async () => {
    const { eraser, platform, run } = bench('usr_1', 'usr_2');
    eraser.round.callsFake(() => platform.clock.sleep(480_000));
    await run();
    assert.equal(eraser.round.callCount, 1);
  });
});
