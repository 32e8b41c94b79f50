import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';

export interface Services {
  readonly deliveries: Pick<Deliveries, 'overdue'>;
  readonly queue: TaskQueue;
}

/** By then all attempts of a task are over, and what waits in the queue has had its turn. */
const OVERDUE_MS = 30 * 60_000;
/** Deliveries a time: the others wait for the next. */
const MOST = 500;

/**
 * A task that has failed as often as its queue tries it is gone, its delivery still pending: it gets another. One task an
 * hour, whatever runs of this there are; and where the first task lives after all, one of both makes no attempt.
 */
export async function resumeDeliveries(
  _input: unknown,
  { deliveries, queue, clock, log }: Services & Base,
): Promise<void> {
  const now = clock.now();
  const overdue = await deliveries.overdue(new Date(now - OVERDUE_MS), MOST);
  if (overdue.length === 0) return;
  const hour = Math.floor(now / 3_600_000);
  await queue.enqueue(
    overdue.map(({ id, attempts }) => ({
      to: 'deliver-webhook',
      name: `${id}-${attempts.length}-resumed-${hour}`,
      payload: { delivery_id: id, attempt: attempts.length },
    })),
  );
  log.warning(`deliveries resumed: ${overdue.length}`);
}
