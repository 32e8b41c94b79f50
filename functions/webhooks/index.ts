import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { deliveries } from '../../shared/domain/deliveries.ts';
import { webhooks as webhooksService } from '../../shared/domain/webhooks.ts';
import { egress } from '../../shared/platform/egress.ts';
import { cipher } from '../../shared/platform/services.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import { listDeliveries } from './deliveries.ts';
import { createWebhook, deleteWebhook, listWebhooks, readWebhook } from './handler.ts';
import { patchWebhook } from './patch.ts';
import { rotateSecret } from './rotate-secret.ts';

export const webhooks = defineFunction({
  name: 'webhooks',
  summary: 'Subscribes endpoints to events.',
  trigger: http([createWebhook, listWebhooks, readWebhook, patchWebhook, rotateSecret, listDeliveries, deleteWebhook]),
  secrets: [encryptionKeySecret],
  services: { webhooks: webhooksService, deliveries, cipher, egress },
});
