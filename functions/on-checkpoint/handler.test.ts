import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { CheckpointEntity } from '../../schemas/entities.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aCheckpoint, aResult } from '../testing.ts';
import { onCheckpoint } from './handler.ts';

describe('on-checkpoint', () => {
  async function react(before: CheckpointEntity | undefined, after: CheckpointEntity | undefined) {
    const publish = sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves();
    await onCheckpoint({ eventId: 'e', id: 'chk_0', before, after } as never, withBase({ events: { publish } }));
    return publish.args.flatMap(([events]) => events);
  }
  const results = [
    aResult({ index: 0, target: { given: 'Log in', strategy: 'role' } }),
    aResult({ index: 1, status: 'failed', error: { type: 'timeout', message: 'm' } }),
    aResult({ index: 2, status: 'error' }),
    aResult({ index: 3, status: 'skipped', healed: { from: 'a', to: 'b', confidence: 1, evidence: [] } }),
  ];
  const ended = aCheckpoint({ status: 'failed', results, ended_at: new Date(NOON), browser: 'chromium 1' });

  it('publishes an event a step and one for the checkpoint, each by its schema', async () => {
    const events = await react(aCheckpoint({ status: 'running' }), ended);
    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'command.executed',
        'command.failed',
        'command.failed',
        'command.executed',
        'command.healed',
        'checkpoint.completed',
      ],
    );
    assert.equal(new Set(events.map((event) => toCloudEvent(event).id)).size, 6);
    const [first, second, , fourth, healing] = events.map(({ data }) => data as Record<string, unknown>);
    assert.deepEqual([first?.target, first?.target_strategy, first?.checkpoint], ['Log in', 'role', 'One']);
    assert.equal(second?.error_type, 'timeout');
    assert.equal(fourth?.healed, true);
    assert.deepEqual([healing?.from, healing?.to, healing?.confidence, healing?.position], ['a', 'b', 1, 3]);
    assert.equal(events.at(-1)?.time.getTime(), NOON);
  });

  it('publishes an event for each step inside another too, and counts for the checkpoint its own', async () => {
    const nested = [
      aResult({ index: 0, command: 'control.loop' }),
      aResult({ index: 1, path: [0, 'steps', 0], iterations: [1] }),
      aResult({ index: 2, path: [0, 'steps', 0], iterations: [2] }),
    ];
    const events = await react(aCheckpoint(), { ...ended, results: nested });
    assert.equal(new Set(events.map((event) => toCloudEvent(event).id)).size, 4);
    const positions = events.map(({ data }) => (data as { position: number }).position);
    assert.deepEqual(positions, [0, 1, 2, 0]);
    assert.deepEqual(
      events.map(({ data }) => (data as { steps?: number }).steps),
      [undefined, undefined, undefined, 1],
    );
  });

  it('publishes the same events when it is told again', async () => {
    const ids = async () => (await react(aCheckpoint(), ended)).map((event) => toCloudEvent(event).id);
    assert.deepEqual(await ids(), await ids());
  });

  it('publishes others for another attempt', async () => {
    const idsOf = async (attempt: number) =>
      (await react(aCheckpoint({ attempt }), { ...ended, attempt })).map((event) => toCloudEvent(event).id);
    const [one, two] = [await idsOf(1), await idsOf(2)];
    assert.ok(one.every((id) => !two.includes(id)));
  });

  for (const [what, before, after] of [
    ['is not committed yet', aCheckpoint(), aCheckpoint({ status: 'running' })],
    ['was committed before', ended, ended],
    ['is deleted', ended, undefined],
  ] as const) {
    it(`says nothing of a checkpoint that ${what}`, async () => assert.deepEqual(await react(before, after), []));
  }

  it('says of a skipped checkpoint that it was', async () => {
    const events = await react(aCheckpoint(), aCheckpoint({ status: 'skipped' }));
    assert.deepEqual(
      events.map(({ type, data }) => [type, (data as { status: string }).status]),
      [['checkpoint.completed', 'skipped']],
    );
  });
});
