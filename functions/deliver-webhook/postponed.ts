import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { TokenBuckets } from '../../shared/domain/token-buckets.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';

export interface Limiting {
  readonly deliveries: Pick<Deliveries, 'postpone'>;
  readonly buckets: TokenBuckets;
  readonly queue: TaskQueue;
}

/** Those that wait for the same endpoint come back one after the other, over so long. */
const SPREAD_MS = 5000;

/** Puts an attempt off, which is none then, when its endpoint has got as much as it takes. */
export async function postponed(
  { id, attempts }: DeliveryEntity,
  webhook: WebhookEntity,
  { buckets, deliveries, queue, clock, random }: Limiting & Base,
): Promise<boolean> {
  const perSecond = webhook.rate_limit;
  if (perSecond === undefined) return false;
  const bucket = { capacity: Math.max(1, Math.floor(perSecond)), perSecond };
  const { granted, left } = await buckets.lease(`webhook ${webhook.id}`, bucket, 1);
  if (granted > 0) return false;
  const now = clock.now();
  const at = new Date(Math.ceil(now + ((1 - left) / perSecond) * 1000 + random() * SPREAD_MS));
  const attempt = attempts.length;
  const payload = { delivery_id: id, attempt };
  await queue.enqueue([{ to: 'deliver-webhook', name: `${id}-${attempt}-at-${at.getTime()}`, payload, at }]);
  await deliveries.postpone(id, attempt, at);
  return true;
}
