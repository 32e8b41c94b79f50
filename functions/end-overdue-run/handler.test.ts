import assert from 'node:assert/strict';
import sinon from 'sinon';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aRun } from '../testing.ts';
import { endOverdueRun } from './handler.ts';

describe('end-overdue-run', () => {
  for (const over of [true, false]) {
    it(`${over ? 'ends the run that its task names, and logs it' : 'is silent when the run has ended by itself'}`, async () => {
      const runs = { endOverdue: sinon.stub().resolves(over ? aRun({ timed_out: true }) : undefined) };
      const platform = testPlatform();
      const input = { payload: { run_id: 'run_1' }, name: 'n', attempt: 0 };
      await endOverdueRun(input as never, withBase({ runs } as never, platform));
      assert.deepEqual(runs.endOverdue.args, [['run_1']]);
      assert.equal(platform.lines.length, over ? 1 : 0);
    });
  }
});
