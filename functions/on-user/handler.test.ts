import assert from 'node:assert/strict';
import sinon from 'sinon';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { appError } from '../testing.ts';
import { onUser } from './handler.ts';

describe('on-user', () => {
  const bench = (receipt: object | undefined) => {
    const erasures = { get: sinon.stub().resolves(receipt) };
    const eraser = { round: sinon.stub().resolves() };
    const event = { eventId: 'e', id: 'usr_1', before: undefined, after: {} };
    return { eraser, run: () => onUser(event, withBase({ erasures, eraser })) };
  };

  it('erases the user, and stops before its own time is over', async () => {
    const { eraser, run } = bench({ status: 'running' });
    await run();
    assert.deepEqual(eraser.round.args, [['usr_1', NOON + 480_000]]);
  });

  it('is delivered again when there is more', async () => {
    const { eraser, run } = bench({ status: 'running' });
    eraser.round.rejects(new AppError('unavailable', 'There is more to erase.'));
    await assert.rejects(run(), appError('unavailable'));
  });

  it('does nothing a second time', async () => {
    for (const receipt of [{ status: 'erased' }, undefined]) {
      const { eraser, run } = bench(receipt);
      await run();
      assert.equal(eraser.round.callCount, 0);
    }
  });
});
