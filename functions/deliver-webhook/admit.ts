import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { TokenBuckets } from '../../shared/domain/token-buckets.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import type { Slots } from './slots.ts';

export interface Limiting {
  readonly deliveries: Pick<Deliveries, 'postpone'>;
  readonly buckets: TokenBuckets;
  readonly slots: Slots;
  readonly queue: TaskQueue;
}

/** Those that wait for the same endpoint come back one after the other, over so long. */
const SPREAD_MS = 5000;
const SHORTEST_WAIT_MS = 1000;

/**
 * Lets an attempt go to its endpoint, or puts it off, when that is busy or has got as much as it takes: then it is none.
 * @returns what is to be called when the attempt is over; undefined when it was put off
 */
export async function admit(
  delivery: DeliveryEntity,
  webhook: WebhookEntity,
  services: Limiting & Base,
): Promise<(() => void) | undefined> {
  const free = services.slots.take(webhook.id);
  try {
    const wait = free ? await waitOf(webhook, services) : SHORTEST_WAIT_MS;
    if (wait === undefined) return free;
    await putOff(delivery, wait, services);
  } catch (error) {
    free?.();
    throw error;
  }
  free?.();
  return undefined;
}

/** Milliseconds until the endpoint's rate allows an attempt; undefined when it does. */
async function waitOf(
  { id, rate_limit: perSecond }: WebhookEntity,
  { buckets }: Limiting,
): Promise<number | undefined> {
  if (perSecond === undefined) return undefined;
  const bucket = { capacity: Math.max(1, Math.floor(perSecond)), perSecond };
  const { granted, left } = await buckets.lease(`webhook ${id}`, bucket, 1);
  return granted > 0 ? undefined : ((1 - left) / perSecond) * 1000;
}

async function putOff(
  { id, attempts }: DeliveryEntity,
  waitMs: number,
  { deliveries, queue, clock, random }: Limiting & Base,
): Promise<void> {
  const at = new Date(Math.ceil(clock.now() + waitMs + random() * SPREAD_MS));
  const attempt = attempts.length;
  const payload = { delivery_id: id, attempt };
  await queue.enqueue([{ to: 'deliver-webhook', name: `${id}-${attempt}-at-${at.getTime()}`, payload, at }]);
  await deliveries.postpone(id, attempt, at);
}
