import type { DeliveryEntity } from '../../schemas/entities.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { DeliveryQueues } from '../../shared/domain/delivery-queues.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Ordering {
  readonly deliveries: Pick<Deliveries, 'firstInOrder' | 'postpone'>;
  readonly queues: DeliveryQueues;
}

/** Whoever waits for another one is woken when that is over; after this time it looks itself. */
const LONGEST_UNWOKEN_MS = 3_600_000;

/** Whether it is a delivery's turn. Of those whose endpoint wants no order it always is. */
export async function isItsTurn(delivery: DeliveryEntity, services: Ordering & Base): Promise<boolean> {
  const { deliveries, clock } = services;
  if (!delivery.order) return true;
  const first = await deliveries.firstInOrder(delivery.order.key);
  if (!first || first.id === delivery.id) return true;
  await deliveries.postpone(delivery.id, delivery.attempts.length, new Date(clock.now() + LONGEST_UNWOKEN_MS));
  return false;
}

/** Has the next in order be sent when a delivery is over. */
export async function wakeNext({ id, order, attempts }: DeliveryEntity, services: Ordering): Promise<void> {
  const next = order && (await services.deliveries.firstInOrder(order.key));
  if (!next) return;
  const attempt = next.attempts.length;
  const payload = { delivery_id: next.id, webhook_id: next.webhook_id, attempt };
  const name = `${next.id}-${attempt}-after-${id}-${attempts.length}`;
  await services.queues.of(next.user_id, 'prompt').enqueue([{ to: 'deliver-webhook', name, payload }]);
}
