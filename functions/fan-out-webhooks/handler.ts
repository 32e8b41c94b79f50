import type { DeliveryLane } from '../../schemas/entities.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import { type Deliveries, deliveryIdOf, type NewDelivery } from '../../shared/domain/deliveries.ts';
import type { DeliveryQueues } from '../../shared/domain/delivery-queues.ts';
import type { Subscriber } from '../../shared/domain/subscribers.ts';
import type { VerdictChanges } from '../../shared/domain/verdict-changes.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import { webhookBody } from '../../shared/events/webhook-body.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { NewTask } from '../../shared/platform/task-queues.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import type { Reads } from './about.ts';
import { orderOf } from './place.ts';
import type { Shares } from './shares.ts';
import { wanting } from './wanted.ts';

export interface Services extends Reads {
  readonly verdicts: VerdictChanges;
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly queues: DeliveryQueues;
  readonly shares: Shares;
}

/** How long a delivery's record is kept. */
const KEPT_MS = 30 * 24 * 3600 * 1000;
/** For endpoints that want order: what has happened before is here by then, whoever told it. */
const ORDERED_AFTER_MS = 2000;

/** Writes one delivery for every endpoint that is subscribed to an event, and puts a task for each on a queue. */
export async function fanOutWebhooks(event: TopicInput, services: Services & Base): Promise<void> {
  const userId = String(event.data.user_id);
  annotate({ user_id: userId });
  const wanted = await wanting(event, await subscribed(event, userId, services), services);
  if (wanted.length === 0) return;
  const share = services.shares.take(userId, wanted.length);
  const list = await services.deliveries.createAll(
    wanted.map((subscriber, n) => deliveryOf(subscriber, event, n < share ? 'prompt' : 'backlog', services)),
  );
  // Enqueued although the deliveries may have existed before: then this is a second delivery of the event, and whether
  // the first one got as far as the queue is not known. The task's name makes it one task, on the queue of the first time.
  const lanes = Map.groupBy(list, ({ lane = 'prompt' }) => lane);
  await Promise.all([...lanes].map(([lane, some]) => services.queues.of(userId, lane).enqueue(some.map(taskOf))));
}

/** A ping is for the endpoint alone that is to be looked at, whatever that is subscribed to. */
async function subscribed(
  { type, data }: TopicInput,
  userId: string,
  { webhooks }: Services,
): Promise<readonly Subscriber[]> {
  if (type !== 'webhook.ping') return await webhooks.subscribedTo(userId, type);
  const pinged = await webhooks.getOwned(String(data.webhook_id), userId);
  return pinged ? [pinged] : [];
}

function deliveryOf(
  subscriber: Subscriber,
  event: TopicInput,
  lane: DeliveryLane,
  { clock, config }: Base,
): NewDelivery {
  const trace = currentTrace();
  const now = clock.now();
  const order = subscriber.ordered ? orderOf(subscriber.id, event) : undefined;
  return {
    id: deliveryIdOf(subscriber.id, event.id),
    webhook_id: subscriber.id,
    user_id: subscriber.user_id,
    event_id: event.id,
    type: event.type,
    body: webhookBody(event, subscriber, config.publicUrl),
    status: 'pending',
    attempts: [],
    lane,
    next_attempt_at: new Date(order ? now + ORDERED_AFTER_MS : now),
    expires_at: new Date(now + KEPT_MS),
    ...(order ? { order } : {}),
    ...(trace ? { trace } : {}),
  };
}

function taskOf({ id, webhook_id, order, next_attempt_at: at }: NewDelivery): NewTask {
  const payload = { delivery_id: id, webhook_id, attempt: 0 };
  return { to: 'deliver-webhook', name: `${id}-0`, payload, ...(order && at ? { at } : {}) };
}
