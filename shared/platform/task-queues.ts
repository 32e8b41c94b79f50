import type { Queue } from '../define/resources.ts';
import { defineService, type ServiceDeclaration, writes } from '../define/service.ts';
import { functionUrl } from './function-url.ts';
import { inParallel } from './in-parallel.ts';
import { currentTrace } from './trace.ts';

/** A task for a function. */
export interface NewTask {
  /** The function that takes it. */
  readonly to: string;
  /** Letters, digits, hyphens and underscores. A second task of the same name is not made. */
  readonly name: string;
  readonly payload: Record<string, unknown>;
  /** Not before this time. */
  readonly at?: Date;
}

/** Puts tasks on one queue. */
export interface TaskQueue {
  enqueue(tasks: readonly NewTask[]): Promise<void>;
}

const ALREADY_EXISTS = 6;
/** Longest that an attempt may take: Cloud Tasks' own maximum. */
const DISPATCH_DEADLINE_SECONDS = 1800;
/** Tasks that are made at a time. */
const PARALLEL = 50;

/** Declares the use of a queue. */
export function taskQueue(queue: Queue): ServiceDeclaration<TaskQueue> {
  return defineService([writes(queue)], ({ clients, config }) => ({
    async enqueue(tasks) {
      const client = await clients.tasks();
      const parent = client.queuePath(config.project, config.region, queue.name);
      const trace = currentTrace();
      await inParallel(PARALLEL, tasks, async (task) => {
        const url = functionUrl(config, task.to);
        try {
          await client.createTask({
            parent,
            task: {
              name: `${parent}/tasks/${task.name}`,
              dispatchDeadline: { seconds: DISPATCH_DEADLINE_SECONDS },
              ...(task.at ? { scheduleTime: toTimestamp(task.at) } : {}),
              httpRequest: {
                url,
                httpMethod: 'POST',
                headers: { 'content-type': 'application/json', ...(trace ? { traceparent: trace } : {}) },
                body: Buffer.from(JSON.stringify(task.payload)),
                oidcToken: { serviceAccountEmail: config.invoker, audience: url },
              },
            },
          });
        } catch (error) {
          if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
        }
      });
    },
  }));
}

function toTimestamp(time: Date): { seconds: number; nanos: number } {
  const ms = time.getTime();
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}
