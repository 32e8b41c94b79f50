import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { DeliveryQueues } from '../../shared/domain/delivery-queues.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services {
  readonly deliveries: Pick<Deliveries, 'overdue' | 'handOn'>;
  readonly queues: DeliveryQueues;
}

/** By then all attempts of a task are over, and what waits in the queue has had its turn. */
const OVERDUE_MS = 30 * 60_000;
/** Deliveries a time: the others wait for the next. */
const MOST = 500;
const PARALLEL = 16;

/**
 * A task that has failed as often as its queue tries it is gone, its delivery still pending: it gets another. One task an
 * hour, whatever runs of this there are; and where the first task lives after all, it leaves the attempt to that.
 */
export async function resumeDeliveries(
  _input: unknown,
  { deliveries, queues, clock, log }: Services & Base,
): Promise<void> {
  const now = clock.now();
  const overdue = await deliveries.overdue(new Date(now - OVERDUE_MS), MOST);
  if (overdue.length === 0) return;
  const hour = Math.floor(now / 3_600_000);
  await inParallel(PARALLEL, overdue, async (delivery) => {
    const { id, user_id, webhook_id, attempts, next_attempt_at: at } = delivery;
    const payload = { delivery_id: id, webhook_id, attempt: attempts.length };
    const name = `${id}-${attempts.length}-resumed-${hour}`;
    // It stays overdue until it is made: if its task is lost too, it gets another one.
    if (await deliveries.handOn(delivery, name, at ?? new Date(now)))
      await queues.of(user_id, 'backlog').enqueue([{ to: 'deliver-webhook', name, payload }]);
  });
  log.warning(`deliveries resumed: ${overdue.length}`);
}
