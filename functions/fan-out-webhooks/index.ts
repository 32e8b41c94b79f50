import { defineFunction } from '../../shared/define/function.ts';
import { onTopic } from '../../shared/define/trigger.ts';
import { deliveries } from '../../shared/domain/deliveries.ts';
import { deliveryQueues } from '../../shared/domain/delivery-queues.ts';
import { runs } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { tests } from '../../shared/domain/tests.ts';
import { verdictChanges } from '../../shared/domain/verdict-changes.ts';
import { webhooks } from '../../shared/domain/webhooks.ts';
import { subscribableTypes } from '../../shared/events/catalogue.ts';
import { webhookEvents } from '../../shared/resources/topics.ts';
import { fanOutWebhooks as handle } from './handler.ts';
import { shares } from './shares.ts';

export const fanOutWebhooks = defineFunction({
  name: 'fan-out-webhooks',
  summary: 'Writes one delivery for every endpoint that is subscribed to an event.',
  trigger: onTopic(webhookEvents, subscribableTypes),
  // As long as it takes for ten thousand endpoints; the shares of users are those of an instance.
  timeoutSeconds: 300,
  maxInstances: 10,
  services: {
    webhooks,
    deliveries,
    runs,
    sessions,
    tests,
    verdicts: verdictChanges,
    queues: deliveryQueues,
    shares,
  },
  handle,
});
