import { deliveryTask } from '../../schemas/requests.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { task } from '../../shared/define/trigger.ts';
import { deliveries } from '../../shared/domain/deliveries.ts';
import { deliveryQueues } from '../../shared/domain/delivery-queues.ts';
import { endpointSlots } from '../../shared/domain/endpoint-slots.ts';
import { tokenBuckets } from '../../shared/domain/token-buckets.ts';
import { webhooks } from '../../shared/domain/webhooks.ts';
import { egress } from '../../shared/platform/egress.ts';
import { cipher } from '../../shared/platform/services.ts';
import { webhookBacklog, webhookDelivery } from '../../shared/resources/queues.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import { deliverWebhook as handle } from './handler.ts';
import { slots } from './slots.ts';

export const deliverWebhook = defineFunction({
  name: 'deliver-webhook',
  summary: 'Signs and sends one attempt of a webhook delivery and schedules the next one.',
  trigger: task(webhookDelivery, deliveryTask, webhookBacklog),
  // An attempt is mostly waiting: one instance takes what the prompt queue and a backlog send at a time. All send 600.
  concurrency: 250,
  maxInstances: 10,
  secrets: [encryptionKeySecret],
  services: {
    ...{ webhooks, deliveries, cipher, egress, buckets: tokenBuckets, slots },
    ...{ shared: endpointSlots, queues: deliveryQueues },
  },
  handle,
});
