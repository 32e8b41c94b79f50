import assert from 'node:assert/strict';
import sinon from 'sinon';
import { interruption } from './interruption.ts';

describe('an interruption', () => {
  let clock: sinon.SinonFakeTimers;
  const before = process.listeners('SIGINT');
  const ours = () => process.listeners('SIGINT').filter((listener) => !before.includes(listener));
  const interrupt = () => {
    for (const listener of ours()) listener('SIGINT');
  };
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => clock.restore());

  it('is told once, and the next one is left to end the process at once', async () => {
    const { signal, happened } = interruption();
    assert.equal(signal.aborted, false);
    interrupt();
    await happened;
    assert.equal(signal.aborted, true);
    clock.tick(200);
    assert.deepEqual(ours(), []);
  });

  it('is one when the terminal and who started us both tell of it', () => {
    const { release } = interruption();
    interrupt();
    assert.equal(ours().length, 1, 'it is still listened for');
    interrupt();
    release();
    assert.deepEqual(ours(), []);
  });
});
