import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LiveCommandEntity } from '../../schemas/live.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { aLiveCommand } from '../live-mailbox.testing.ts';
import { aResult } from '../testing.ts';
import { onCheckpoint } from './handler.ts';

describe('on-checkpoint, of a command of a live session', () => {
  async function news(before: LiveCommandEntity, after: LiveCommandEntity) {
    const publish = sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves();
    await onCheckpoint({ eventId: 'e', id: 'chk_1', before, after } as never, withBase({ events: { publish } }));
    return publish.args.flatMap(([events]) => events.map(toCloudEvent));
  }
  const running = aLiveCommand({ status: 'running' });
  const inner = [aResult({ index: 1, path: [0, 'steps', 0], status: 'error' })];
  const passed = aLiveCommand({ status: 'passed', result: aResult(), inner, browser: 'chromium 1' });

  it('tells what it and the steps inside it did, without a run and a test', async () => {
    const events = await news(running, passed);
    assert.deepEqual(
      events.map(({ type, data }) => [type, data.position, data.run_id, data.test_id, data.browser]),
      [
        ['command.executed', 0, undefined, undefined, 'chromium 1'],
        ['command.failed', 1, undefined, undefined, 'chromium 1'],
      ],
    );
    assert.equal(new Set(events.map(({ id }) => id)).size, 2);
  });

  it('tells nothing of one that has no result yet, that is told of already, or that only looked at the page', async () => {
    assert.deepEqual(await news(aLiveCommand(), running), []);
    assert.deepEqual(await news(passed, { ...passed, updated_at: new Date() }), []);
    assert.deepEqual(await news(aLiveCommand({ kind: 'page' }), aLiveCommand({ kind: 'page', status: 'passed' })), []);
  });
});
