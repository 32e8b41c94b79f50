import { createHash } from 'node:crypto';
import type { DeliveryLane } from '../../schemas/entities.ts';
import type { Queue } from '../define/resources.ts';
import { defineService, writes } from '../define/service.ts';
import { type TaskQueue, taskQueue } from '../platform/task-queues.ts';
import { webhookBacklog, webhookDelivery } from '../resources/queues.ts';

/**
 * The queues of deliveries. Each user has a share of the prompt one; what is more than that, and what is tried again,
 * waits in a backlog, so that endpoints which are many or slow keep only those of the same backlog waiting, and of them
 * only what waits there too.
 */
export interface DeliveryQueues {
  /** The queue of a user's deliveries; its tasks know the lane that they are in. */
  of(userId: string, lane: DeliveryLane): TaskQueue;
}

export const deliveryQueues = defineService(
  [webhookDelivery, ...webhookBacklog].map(writes),
  (platform): DeliveryQueues => {
    const made = new Map<Queue, TaskQueue>();
    const open = (queue: Queue): TaskQueue => {
      const found = made.get(queue) ?? taskQueue(queue).make(platform);
      made.set(queue, found);
      return found;
    };
    return {
      of(userId, lane) {
        if (lane === 'prompt') return open(webhookDelivery);
        const queue = open(backlogOf(userId));
        return {
          enqueue: (tasks) => queue.enqueue(tasks.map((task) => ({ ...task, payload: { ...task.payload, lane } }))),
        };
      },
    };
  },
);

/** Always the same one of a user. */
export function backlogOf(userId: string): Queue {
  const hash = createHash('sha256').update(userId).digest().readUInt32BE(0);
  return webhookBacklog[hash % webhookBacklog.length] as Queue;
}
