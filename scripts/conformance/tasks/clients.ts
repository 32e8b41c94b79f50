import { CloudTasksClient, type protos } from '@google-cloud/tasks';
import { type Answer, type Receiver, startReceiver, until } from '../../local/plumbing/receiver.ts';
import type { World } from '../behaviour.ts';
import { localClient } from '../grpc.ts';

export type IQueue = protos.google.cloud.tasks.v2.IQueue;
export type ITask = protos.google.cloud.tasks.v2.ITask;

/** The client, and queues made for one behaviour each. */
export interface Clients {
  readonly tasks: CloudTasksClient;
  /** `projects/P/locations/L` */
  readonly location: string;
  /** A name for a queue that nothing has had before. */
  queueName(): string;
  /** A new queue; it is deleted at the end. */
  queue(settings?: IQueue): Promise<string>;
  /** A new queue that dispatches nothing. */
  pausedQueue(settings?: IQueue): Promise<string>;
  /** A new task that calls `task.httpRequest.url`, else an address where nobody answers. */
  create(parent: string, task?: ITask): Promise<ITask & { name: string }>;
  /** A little HTTP server on this machine; it is closed at the end. */
  receiver(answer?: Answer): Promise<Receiver>;
  /** Waits until a task is over. */
  gone(name: string): Promise<void>;
  /** Waits until as many attempts of a task have been answered, or its first has failed without an answer. */
  attempted(name: string, count: number): Promise<ITask>;
}

/** Where no behaviour's task ever arrives: their queues are paused, or their time is far away. */
export const NOWHERE = 'https://example.com/nowhere';

export function openClients(world: World): Clients {
  const tasks = new CloudTasksClient({
    projectId: world.project,
    ...(world.endpoint === undefined ? {} : localClient(world.endpoint)),
  });
  world.onEnd(() => tasks.close());
  const location = `projects/${world.project}/locations/${world.region}`;
  const queueName = () => `${location}/queues/${world.name('queue')}`;
  const queue = async (settings: IQueue = {}) => {
    const name = queueName();
    await tasks.createQueue({ parent: location, queue: { ...settings, name } });
    world.onEnd(() => tasks.deleteQueue({ name }).catch(() => undefined));
    return name;
  };
  return {
    ...{ tasks, location, queueName, queue },
    async pausedQueue(settings = {}) {
      const name = await queue(settings);
      await tasks.pauseQueue({ name });
      return name;
    },
    async create(parent, task = {}) {
      const httpRequest = { url: NOWHERE, ...task.httpRequest };
      const [made] = await tasks.createTask({ parent, task: { ...task, httpRequest } });
      return { ...made, name: made.name ?? '' };
    },
    async receiver(answer) {
      const receiver = await startReceiver(answer);
      world.onEnd(() => receiver.close());
      return receiver;
    },
    gone: (name) =>
      until(() =>
        tasks.getTask({ name }).then(
          () => false,
          () => true,
        ),
      ),
    async attempted(name, count) {
      let task: ITask = {};
      await until(async () => {
        [task] = await tasks.getTask({ name });
        const answered = task.responseCount === count;
        return task.dispatchCount === count && (answered || (count === 1 && Boolean(task.lastAttempt)));
      });
      return task;
    },
  };
}

/** Milliseconds of a timestamp or duration. */
export function ms(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** A timestamp. */
export function at(time: number) {
  return { seconds: Math.floor(time / 1000), nanos: (Math.floor(time) % 1000) * 1_000_000 };
}
