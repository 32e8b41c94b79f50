import { deliveryIdOf } from '../../shared/domain/deliveries.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { route } from '../../shared/http/route.ts';
import { checkActive, owned, type Services } from './services.ts';

export const pingWebhook = route<Services>({
  method: 'POST',
  path: '/v1/webhooks/:id/ping',
  summary: 'Sends the event webhook.ping to this endpoint, as any other is delivered.',
  access: { scope: 'webhooks:write' },
  answers: { 202: 'pinged' },
  async handle(request, { webhooks, events, ids, clock }) {
    const webhook = await owned(request, { webhooks });
    checkActive(webhook);
    const event: NewEvent<'webhook.ping'> = {
      type: 'webhook.ping',
      key: [webhook.id, ids.next('evt')],
      subject: `webhooks/${webhook.id}`,
      time: new Date(clock.now()),
      data: { user_id: webhook.user_id, webhook_id: webhook.id },
    };
    await events.publish([event]);
    const eventId = toCloudEvent(event).id;
    const deliveryId = deliveryIdOf(webhook.id, eventId);
    return { status: 202, headers: { location: `/v1/deliveries/${deliveryId}` }, body: { eventId, deliveryId } };
  },
});
