import type { DeliveryEntity } from '../../schemas/entities.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { type HandingOn, handOn } from './hand-on.ts';

export interface Ordering extends HandingOn {
  readonly deliveries: Pick<Deliveries, 'firstInOrder' | 'postpone' | 'handOn'>;
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
export async function wakeNext({ id, order, attempts }: DeliveryEntity, services: Ordering & Base): Promise<void> {
  const next = order && (await services.deliveries.firstInOrder(order.key));
  if (!next) return;
  const name = `${next.id}-${next.attempts.length}-after-${id}-${attempts.length}`;
  await handOn(next, { name, at: new Date(services.clock.now()) }, services);
}
