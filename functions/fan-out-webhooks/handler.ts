import type { WebhookEntity } from '../../schemas/entities.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';

export interface Services {
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
  const subscribed = await services.webhooks.subscribedTo(userId, event.type);
  await Promise.all(subscribed.map((webhook) => deliver(webhook, event, services)));
}

async function deliver(
  webhook: WebhookEntity,
  event: TopicInput,
  { deliveries, queue, clock }: Services & Base,
): Promise<void> {
  const id = derivedId('dlv', webhook.id, event.id);
  const { user_id: _userId, ...data } = event.data;
  const trace = currentTrace();
  const now = new Date(clock.now());
  await deliveries.create({
    id,
    webhook_id: webhook.id,
    user_id: webhook.user_id,
    event_id: event.id,
    type: event.type,
    body: JSON.stringify({ type: event.type, timestamp: event.time, data }),
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
