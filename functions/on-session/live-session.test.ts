import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LiveSessionEntity } from '../../schemas/live.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aLiveSession } from '../live-mailbox.testing.ts';
import { onSession } from './handler.ts';

describe('on-session, of a live session', () => {
  const at = (ms: number) => new Date(NOON + ms);

  async function news(before: LiveSessionEntity, after: LiveSessionEntity) {
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    await onSession({ eventId: 'e', id: 'ses_1', before, after } as never, withBase({ events }) as never);
    return events.publish.args.flatMap(([list]) => list.map(toCloudEvent));
  }

  it('tells that its first command has opened it, and nothing of those after', async () => {
    const opened = aLiveSession({ status: 'running', started_at: at(0) });
    const [event, ...others] = await news(aLiveSession(), opened);
    assert.deepEqual([event?.type, event?.data.session_id, others.length], ['session.opened', 'ses_1', 0]);
    assert.deepEqual(await news(opened, { ...opened, done: 1, resumed: 1 }), []);
  });

  for (const reason of ['closed', 'expired'] as const) {
    it(`tells that it is ${reason}, once, and settles no run`, async () => {
      const open = aLiveSession({ started_at: at(0), commands: 3, passed: 2, failed: 1 });
      const ended = { ...open, status: reason, ended_at: at(5000) };
      const [event, ...others] = await news(open, ended);
      assert.deepEqual([event?.type, others.length], ['session.closed', 0]);
      const { commands, passed, failed, duration_ms, ...more } = event?.data ?? {};
      assert.deepEqual([more.reason, commands, passed, failed, duration_ms], [reason, 3, 2, 1, 65_000]);
      assert.deepEqual(await news(ended, { ...ended, updated_at: at(6000) }), []);
    });
  }
});
