import type { DeliveryEntity, DeliveryLane } from '../../schemas/entities.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { DeliveryQueues } from '../../shared/domain/delivery-queues.ts';

export interface HandingOn {
  readonly deliveries: Pick<Deliveries, 'handOn'>;
  readonly queues: DeliveryQueues;
}

/**
 * Has another task make a delivery's next attempt. It is noted first that no other one does: the task that is handed on
 * from is sent again, too, when its instance ends before it has answered.
 */
export async function handOn(
  delivery: DeliveryEntity,
  { name, at, lane = 'backlog' }: { readonly name: string; readonly at: Date; readonly lane?: DeliveryLane },
  services: HandingOn,
): Promise<void> {
  if (await services.deliveries.handOn(delivery, name, at)) await enqueue(delivery, name, at, lane, services);
}

/** Whether a task may make the next attempt. Where another one alone may, that is on its queue afterwards. */
export async function isHandedTo(name: string, delivery: DeliveryEntity, services: HandingOn): Promise<boolean> {
  const { handed_to: task, next_attempt_at: at } = delivery;
  if (task === undefined || task === name) return true;
  await enqueue(delivery, task, at ?? undefined, 'backlog', services);
  return false;
}

function enqueue(
  { id, user_id, webhook_id, attempts }: DeliveryEntity,
  name: string,
  at: Date | undefined,
  lane: DeliveryLane,
  { queues }: HandingOn,
): Promise<void> {
  const payload = { delivery_id: id, webhook_id, attempt: attempts.length };
  return queues.of(user_id, lane).enqueue([{ to: 'deliver-webhook', name, payload, ...(at ? { at } : {}) }]);
}
