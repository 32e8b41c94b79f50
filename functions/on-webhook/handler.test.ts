import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { WebhookEntity } from '../../schemas/entities.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { aWebhook } from '../testing.ts';
import { onWebhook } from './handler.ts';

describe('on-webhook', () => {
  const url = 'https://hooks.example/in/T0KEN?key=s3cret';
  const disabled = aWebhook({ url, active: false, disabled_reason: 'The endpoint answered 410 Gone.' });
  function bench() {
    const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
    const react = (before: WebhookEntity | undefined, after: WebhookEntity | undefined, eventId = 'e1') =>
      onWebhook({ eventId, id: 'whk_1', before, after } as never, withBase({ events } as never) as never);
    return { react, published: () => events.publish.args.flatMap(([list]) => list.map(toCloudEvent)) };
  }

  it('tells that an endpoint was disabled and why, and of its URL only the host', async () => {
    const { react, published } = bench();
    await react(aWebhook({ url }), disabled);
    const [event] = published();
    assert.deepEqual([event?.type, event?.subject], ['webhook.disabled', 'webhooks/whk_1']);
    assert.deepEqual(event?.data, {
      ...{ user_id: 'usr_1', webhook_id: 'whk_1', host: 'hooks.example' },
      reason: 'The endpoint answered 410 Gone.',
    });
  });

  it('tells the same when it is told again, and something new when it is disabled again', async () => {
    const { react, published } = bench();
    await react(aWebhook(), disabled);
    await react(aWebhook(), disabled);
    await react(aWebhook(), disabled, 'e2');
    const [first, again, later] = published().map(({ id }) => id);
    assert.equal(first, again);
    assert.notEqual(first, later);
  });

  for (const [what, before, after] of [
    ['paused', aWebhook(), aWebhook({ active: false })],
    ['failing', aWebhook(), aWebhook({ failing_since: new Date(0) })],
    ['disabled already', disabled, { ...disabled, description: 'A' }],
    ['deleted', disabled, undefined],
  ] as const) {
    it(`says nothing of one that is ${what}`, async () => {
      const { react, published } = bench();
      await react(before, after);
      assert.deepEqual(published(), []);
    });
  }
});
