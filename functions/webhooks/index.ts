import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { deliveries } from '../../shared/domain/deliveries.ts';
import { deliveryQueues } from '../../shared/domain/delivery-queues.ts';
import { webhooks as webhooksService } from '../../shared/domain/webhooks.ts';
import { publisher } from '../../shared/events/publish.ts';
import { egress } from '../../shared/platform/egress.ts';
import { cipher } from '../../shared/platform/services.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import { listDeliveries, readDelivery, recover, redeliver } from './deliveries.ts';
import { listEventTypes, previewWebhook } from './event-types.ts';
import { createWebhook, deleteWebhook, listWebhooks, readWebhook } from './handler.ts';
import { patchWebhook } from './patch.ts';
import { pingWebhook } from './ping.ts';
import { rotateSecret } from './rotate-secret.ts';

export const webhooks = defineFunction({
  name: 'webhooks',
  summary: 'Subscribes endpoints to events, and sends them again what they missed.',
  trigger: http([
    createWebhook,
    listWebhooks,
    listEventTypes,
    readWebhook,
    patchWebhook,
    rotateSecret,
    pingWebhook,
    previewWebhook,
    listDeliveries,
    recover,
    readDelivery,
    redeliver,
    deleteWebhook,
  ]),
  secrets: [encryptionKeySecret],
  services: {
    ...{ webhooks: webhooksService, deliveries, cipher, egress },
    events: publisher('webhook.ping'),
    queues: deliveryQueues,
  },
});
