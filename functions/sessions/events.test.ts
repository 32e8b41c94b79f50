import assert from 'node:assert/strict';
import sinon from 'sinon';
import { LIVE_END, type LiveEvent, type LiveLog } from '../../shared/domain/live-log.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { mailbox } from '../live-mailbox.testing.ts';
import { appError, aRequest } from '../testing.ts';
import { readSessionEvents } from './events.ts';

const seq = '0000000003.0000';
const event: LiveEvent = {
  ...{ seq, id: 'evt_1', type: 'command.executed', time: 't' },
  ...{ n: 3, data: { session_id: 'ses_1' } },
};

describe('the events of a live session', () => {
  function bench(session: Parameters<typeof mailbox>[0] = {}) {
    const { live } = mailbox(session);
    const stop = sinon.stub();
    const follow = sinon.stub<Parameters<LiveLog['follow']>, () => void>().returns(stop);
    const services = withBase({ live, liveLog: { follow } }) as never;
    const ask = (after?: string, more: object = {}) => {
      const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': after };
      return readSessionEvents.handle(aRequest({ params: { id: 'ses_1' }, headers, ...more }) as never, services);
    };
    return { follow, stop, ask };
  }
  it('are followed from where the client was, until the session has ended', async () => {
    const { follow, stop, ask } = bench();
    const { status, events } = await ask('0000000002.0000');
    assert.equal(status, 200);
    const [send, end] = [sinon.stub(), sinon.stub()];
    assert.equal(events?.start(send, end), stop);
    const [{ id }, after, on] = follow.firstCall.args;
    assert.deepEqual([id, after], ['ses_1', '0000000002.0000']);
    on.events([event]);
    on.end();
    const data = { id: 'evt_1', type: event.type, timestamp: 't', n: 3, data: event.data };
    assert.deepEqual(send.args, [[[{ id: seq, type: 'command.executed', data }]]]);
    assert.deepEqual(end.args, [['told']]);
  });

  it('end, for the client to come again, where they cannot be followed any longer', async () => {
    const { follow, ask } = bench();
    const end = sinon.stub();
    (await ask()).events?.start(() => {}, end);
    follow.firstCall.args[2].failed(new Error('gone'));
    assert.deepEqual(end.args, [['later']]);
  });

  it('are none where all were had', async () => {
    const { ask, follow } = bench({ session: { status: 'closed' } });
    assert.equal((await ask(LIVE_END)).status, 204);
    assert.equal((await ask(undefined, { query: { lastEventId: LIVE_END } })).status, 204);
    assert.equal(follow.callCount, 0);
  });

  it('are refused from a place that is none, and to others', async () => {
    const { ask } = bench();
    await assert.rejects(ask('12'), appError('invalid-argument'));
    const caller = { userId: 'usr_2', scopes: [], keyHash: '' };
    await assert.rejects(ask(undefined, { caller }), appError('not-found'));
  });
});
