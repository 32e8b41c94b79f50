import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aSession } from '../testing.ts';
import { cleanup } from './handler.ts';

describe('cleanup', () => {
  it('ends the sessions whose leases ran out a quarter of an hour ago, wakes the live ones, and reports each', async () => {
    const platform = testPlatform();
    const endAbandoned = sinon.stub().resolves([aSession({ id: 'ses_9', status: 'error' })]);
    const endOverdue = sinon.stub().resolves([aSession({ id: 'ses_8' })]);
    const freeAbandoned = sinon.stub().resolves([aSession({ id: 'ses_7' })]);
    const wake = { enqueue: sinon.stub().resolves() };
    const slots = { fillAll: sinon.stub().resolves() };
    const live = { endOverdue, freeAbandoned };
    await cleanup({}, withBase({ sessions: { endAbandoned }, live, slots, wake } as never, platform) as never);
    assert.deepEqual(freeAbandoned.firstCall.args[0], new Date(NOON - 15 * 60_000));
    const [[task]] = wake.enqueue.firstCall.args;
    assert.deepEqual([task.to, task.payload], ['run-session', { session_id: 'ses_7' }]);
    assert.equal(endOverdue.callCount, 1);
    assert.ok(slots.fillAll.calledAfter(endAbandoned), 'what waits is let go where there are slots');
    assert.ok(platform.lines.some(({ session_id, severity }) => session_id === 'ses_8' && severity === 'INFO'));
    const [before, , error] = endAbandoned.firstCall.args as [Date, number, { type: string }];
    assert.deepEqual([before, error.type], [new Date(NOON - 15 * 60_000), 'abandoned']);
    const line = platform.lines.find(({ severity }) => severity === 'ERROR');
    assert.equal(line?.session_id, 'ses_9');
  });
});
