import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Alarm } from '../plumbing/alarm.ts';
import { implement, loadService } from '../plumbing/grpc.ts';
import { HttpSender } from '../plumbing/http-sender.ts';
import type { CreateService } from '../plumbing/service.ts';
import { Deadlines } from './deadlines.ts';
import { Dispatcher } from './dispatcher.ts';
import { queueMethods } from './queue-methods.ts';
import { Queues } from './queues.ts';
import { taskMethods } from './task-methods.ts';
import { Tasks } from './tasks.ts';

/** The package's exports hide the descriptor, but not the module beside it. */
const PROTOS = join(dirname(createRequire(import.meta.url).resolve('@google-cloud/tasks/build/protos')), 'protos.json');
const SERVICE = 'google.cloud.tasks.v2.CloudTasks';
/** A task that waits longer than this for its time is not pending. */
const PENDING_WITHIN_MS = 15 * 60_000;
const SWEEP_EVERY_MS = 10 * 60_000;

/**
 * Cloud Tasks: queues and their HTTP tasks, dispatched at least once at their queue's rate.
 * @see https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2
 */
export const createTasks: CreateService = (context) => {
  const queues = new Queues(context.store);
  const tasks = new Tasks(context.store);
  const sender = new HttpSender(context.near);
  const deadlines = new Deadlines(context.clock);
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherOf = (name: string): Dispatcher | undefined => {
    const known = dispatchers.get(name);
    if (known) return known;
    const queue = queues.get(name);
    if (!queue) return undefined;
    const made = new Dispatcher(queue, tasks, { context, sender, deadlines });
    dispatchers.set(name, made);
    return made;
  };
  const sweep = () => {
    const now = context.clock.now();
    sweeping.set(now + SWEEP_EVERY_MS);
    context.store.transaction(() => tasks.forgetOld(now));
  };
  const sweeping = new Alarm(context.clock, sweep);
  const service = { context, queues, tasks, dispatchers, dispatcherOf };

  return {
    name: 'tasks',
    grpc: [implement(loadService(PROTOS, SERVICE), { ...queueMethods(service), ...taskMethods(service) })],
    start() {
      tasks.releaseAll();
      sweep();
      for (const queue of queues.all()) dispatcherOf(queue.name)?.wake();
    },
    pending() {
      const until = context.clock.now() + PENDING_WITHIN_MS;
      const running = queues.all().filter((queue) => queue.state === 'RUNNING');
      return running.reduce((sum, queue) => sum + tasks.countDue(queue.name, until), 0);
    },
    close() {
      sweeping.set(undefined);
      for (const dispatcher of dispatchers.values()) dispatcher.close();
      deadlines.close();
      sender.close();
    },
  };
};

/** What the methods of the service work on. */
export interface TasksService {
  readonly context: Parameters<CreateService>[0];
  readonly queues: Queues;
  readonly tasks: Tasks;
  readonly dispatchers: Map<string, Dispatcher>;
  /** The dispatcher of a queue, undefined when there is no such queue. */
  dispatcherOf(name: string): Dispatcher | undefined;
}
