import type { CloudTasksClient } from '@google-cloud/tasks';
import { startReceiver } from '../local/plumbing/receiver.ts';
import type { Random } from './random.ts';

const LOCATION = 'projects/virtuoso-local/locations/us-central1';
const QUEUE = `${LOCATION}/queues/torture`;

/** Tasks under way, and who takes them. */
export interface TaskWork {
  /** Creates a task of that name. @throws Error when it is not known whether it was created */
  create(id: string): Promise<void>;
  readonly done: ReadonlySet<string>;
  /** Tasks that were answered with an error. */
  readonly refused: () => number;
  /** Names of the tasks that the queue still has. */
  waiting(): Promise<string[]>;
  close(): Promise<void>;
}

/** Makes a queue, and a receiver that answers one call in five with 503. */
export async function taskWork(tasks: CloudTasksClient, random: Random): Promise<TaskWork> {
  const done = new Set<string>();
  let refused = 0;
  const receiver = await startReceiver(({ path }) => {
    if (random.chance(0.2)) {
      refused++;
      return 503;
    }
    done.add(path.slice(1));
    return 200;
  });
  const backoff = { minBackoff: { nanos: 50_000_000 }, maxBackoff: { nanos: 500_000_000 }, maxAttempts: -1 };
  await tasks.createQueue({ parent: LOCATION, queue: { name: QUEUE, retryConfig: backoff } });
  return {
    async create(id) {
      const httpRequest = { url: `${receiver.url}/${id}`, httpMethod: 'POST' as const };
      await tasks.createTask({ parent: QUEUE, task: { name: `${QUEUE}/tasks/${id}`, httpRequest } });
    },
    ...{ done, refused: () => refused },
    async waiting() {
      const [left] = await tasks.listTasks({ parent: QUEUE });
      return left.map(({ name }) => name?.split('/').at(-1) ?? '');
    },
    close: () => receiver.close(),
  };
}
