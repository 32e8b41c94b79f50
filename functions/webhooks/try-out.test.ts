import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import sinon from 'sinon';
import { eventExamples } from '../../schemas/event-examples.ts';
import { type EventType, eventData } from '../../schemas/events.ts';
import { deliveryIdOf } from '../../shared/domain/deliveries.ts';
import { subscribableTypes } from '../../shared/events/catalogue.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aWebhook } from '../testing.ts';
import { listEventTypes, previewWebhook } from './event-types.ts';
import { pingWebhook } from './ping.ts';

function bench(given: Parameters<typeof aWebhook>[0] = {}) {
  const webhooks = { getOwned: sinon.stub().resolves(aWebhook(given)) };
  const events = { publish: sinon.stub<[readonly NewEvent[]], Promise<void>>().resolves() };
  const services = withBase({ webhooks, events } as never) as never;
  return { webhooks, events, services };
}
const request = (query: { type?: string } = {}) => aRequest({ params: { id: 'whk_1' }, query }) as never;

describe('pinging a webhook', () => {
  it('publishes an event of its own each time, and says which delivery will be made of it', async () => {
    const { events, services } = bench();
    const answers = [await pingWebhook.handle(request(), services), await pingWebhook.handle(request(), services)];
    const published = events.publish.args.flatMap(([list]) => list.map(toCloudEvent));
    assert.deepEqual(
      published.map(({ type, data }) => [type, data]),
      [
        ['webhook.ping', { user_id: 'usr_1', webhook_id: 'whk_1' }],
        ['webhook.ping', { user_id: 'usr_1', webhook_id: 'whk_1' }],
      ],
    );
    assert.notEqual(published[0]?.id, published[1]?.id);
    for (const [i, { status, headers, body }] of answers.entries()) {
      const eventId = published[i]?.id ?? '';
      const deliveryId = deliveryIdOf('whk_1', eventId);
      assert.deepEqual(
        [status, headers?.location, body],
        [202, `/v1/deliveries/${deliveryId}`, { eventId, deliveryId }],
      );
    }
  });

  it('is refused while the webhook is paused', async () => {
    const { events, services } = bench({ active: false });
    await assert.rejects(async () => pingWebhook.handle(request(), services), appError('conflict', /active/));
    assert.equal(events.publish.callCount, 0);
  });

  it('of somebody else is as if it were not there', async () => {
    const { webhooks, services } = bench();
    webhooks.getOwned.resolves(undefined);
    for (const route of [pingWebhook, previewWebhook])
      await assert.rejects(async () => route.handle(request(), services), appError('not-found'));
  });
});

describe('the types of events', () => {
  it('are all that can be subscribed to, each with a schema that its example fits', async () => {
    const { body } = await listEventTypes.handle(request(), bench().services);
    const { items } = body as { items: { type: string; schema: object; example: { type: string } }[] };
    assert.deepEqual(
      items.map(({ type }) => type),
      subscribableTypes,
    );
    const ajv = new Ajv({ strict: false });
    (formats as unknown as (ajv: Ajv) => void)(ajv);
    for (const { type, schema, example } of items) {
      const validate = ajv.compile(schema);
      assert.ok(validate(example), `${type}: ${JSON.stringify(validate.errors)}`);
      assert.ok(!validate({ ...example, data: { ...(example as never as { data: object }).data, user_id: 'usr_1' } }));
    }
  });

  it('have examples that are events', () => {
    for (const [type, data] of Object.entries(eventExamples))
      assert.deepEqual(eventData[type as EventType].problems(data), [], type);
  });
});

describe('the preview of a webhook', () => {
  it('is the request that would be made, in its format, with no value of a header', async () => {
    const { services } = bench({ format: 'teams', headers: { authorization: 'sealed' } });
    const { body } = await previewWebhook.handle(request({ type: 'test.rejected' }), services);
    const preview = body as { url: string; headers: Record<string, string>; body: string };
    assert.equal(preview.url, 'https://hooks.example/in');
    assert.equal(preview.headers['content-length'], String(Buffer.byteLength(preview.body)));
    assert.equal(preview.headers.authorization, '(as it was set)');
    assert.match(preview.body, /AdaptiveCard.*Test rejected, log-in.yaml/);
  });

  it('is of a run that has ended, when no type is named', async () => {
    const { body } = await previewWebhook.handle(request(), bench({ payload: 'thin' }).services);
    const { type, data } = JSON.parse((body as { body: string }).body);
    assert.deepEqual([type, Object.keys(data)], ['run.completed', ['run_id']]);
  });

  it('of a type that nobody can subscribe to is refused, with those that can be', async () => {
    await assert.rejects(
      async () => previewWebhook.handle(request({ type: 'command.executed' }), bench().services),
      appError('invalid-argument', /command.executed/),
    );
  });
});
