import type { WebhookEntity } from '../../schemas/entities.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import { type Deliveries, deliveryIdOf } from '../../shared/domain/deliveries.ts';
import type { VerdictChanges } from '../../shared/domain/verdict-changes.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import { webhookBody } from '../../shared/events/webhook-body.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import type { Reads } from './about.ts';
import { wanting } from './wanted.ts';

export interface Services extends Reads {
  readonly verdicts: VerdictChanges;
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly queue: TaskQueue;
}

/** How long a delivery's record is kept. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Writes one delivery for every endpoint that is subscribed to an event, and puts a task for each on the queue. */
export async function fanOutWebhooks(event: TopicInput, services: Services & Base): Promise<void> {
  const userId = String(event.data.user_id);
  annotate({ user_id: userId });
  const wanted = await wanting(event, await subscribed(event, userId, services), services);
  await Promise.all(wanted.map((webhook) => deliver(webhook, event, services)));
}

/** A ping is for the endpoint alone that is to be looked at, whatever that is subscribed to. */
async function subscribed({ type, data }: TopicInput, userId: string, { webhooks }: Services) {
  if (type !== 'webhook.ping') return await webhooks.subscribedTo(userId, type);
  const pinged = await webhooks.getOwned(String(data.webhook_id), userId);
  return pinged ? [pinged] : [];
}

async function deliver(
  webhook: WebhookEntity,
  event: TopicInput,
  { deliveries, queue, clock, config }: Services & Base,
): Promise<void> {
  const id = deliveryIdOf(webhook.id, event.id);
  const trace = currentTrace();
  const now = new Date(clock.now());
  await deliveries.create({
    id,
    webhook_id: webhook.id,
    user_id: webhook.user_id,
    event_id: event.id,
    type: event.type,
    body: webhookBody(event, webhook, config.publicUrl),
    status: 'pending',
    attempts: [],
    next_attempt_at: now,
    expires_at: new Date(now.getTime() + KEPT_MS),
    ...(trace ? { trace } : {}),
  });
  // Enqueued although the delivery may have existed before: then this is a second delivery of the event, and whether the
  // first one got as far as the queue is not known. The task's name makes it one task.
  await queue.enqueue([{ to: 'deliver-webhook', name: `${id}-0`, payload: { delivery_id: id, attempt: 0 } }]);
}
