import { status } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import { pageSizeOf } from '../plumbing/pages.ts';
import type { TasksService } from './index.ts';
import { locationName, queueName } from './names.ts';
import { type QueueMessage, queueMessage, settingsOfNew, settingsOfUpdate } from './queue-settings.ts';
import type { Queue } from './queues.ts';

const PAGES = { usual: 9800, largest: 9800 };

/** The methods on queues. */
export function queueMethods(service: TasksService) {
  const { context, queues, tasks } = service;

  const find = (name: string): Queue => {
    const queue = queues.get(queueName(name));
    if (!queue) throw new RpcError(status.NOT_FOUND, `Queue does not exist: ${name}. Create it first.`);
    return queue;
  };
  const save = (queue: Queue) => {
    queues.put(queue);
    context.store.afterCommit(() => service.dispatcherOf(queue.name)?.update(queue));
    return queueMessage(queue);
  };
  const create = (message: QueueMessage) => {
    const name = queueName(message.name);
    return save({ name, state: 'RUNNING', purgeTime: null, settings: settingsOfNew(message) });
  };
  /** A method that costs an operation and writes in one transaction. */
  const method = <Request, Response>(work: (request: Request) => Response) =>
    unary((request: Request) => {
      context.meter('tasks.operation');
      return context.store.transaction(() => work(request));
    });

  return {
    createQueue: method(({ parent, queue }: { parent: string; queue: QueueMessage | null }) => {
      if (!queue?.name.startsWith(`${locationName(parent)}/queues/`)) {
        throw new RpcError(status.INVALID_ARGUMENT, `Queue.name must start with '${parent}/queues/'.`);
      }
      if (queues.get(queueName(queue.name))) throw new RpcError(status.ALREADY_EXISTS, 'Queue already exists');
      return create(queue);
    }),
    getQueue: method(({ name }: { name: string }) => queueMessage(find(name))),
    listQueues: method((request: { parent: string; filter: string; pageSize: number; pageToken: string }) => {
      const size = pageSizeOf(request.pageSize, PAGES);
      const state = stateFilter(request.filter);
      const parent = locationName(request.parent);
      if (request.pageToken !== '' && !request.pageToken.startsWith(`${parent}/queues/`)) {
        throw new RpcError(status.INVALID_ARGUMENT, `Invalid page token: '${request.pageToken}'.`);
      }
      const found = queues.page(parent, request.pageToken, state, size + 1);
      const page = found.slice(0, size);
      return { queues: page.map(queueMessage), nextPageToken: found.length > size ? (page.at(-1)?.name ?? '') : '' };
    }),
    updateQueue: method(
      ({ queue, updateMask }: { queue: QueueMessage | null; updateMask: { paths: string[] } | null }) => {
        if (!queue) throw new RpcError(status.INVALID_ARGUMENT, 'UpdateQueueRequest.queue is required.');
        const old = queues.get(queueName(queue.name));
        if (!old) return create(queue);
        return save({ ...old, settings: settingsOfUpdate(old.settings, queue, updateMask?.paths ?? []) });
      },
    ),
    deleteQueue: method(({ name }: { name: string }) => {
      find(name);
      tasks.endAll(name, context.clock.now());
      queues.delete(name);
      context.store.afterCommit(() => {
        service.dispatchers.get(name)?.close();
        service.dispatchers.delete(name);
      });
      return {};
    }),
    purgeQueue: method(({ name }: { name: string }) => {
      const queue = find(name);
      const purgeTime = context.clock.now();
      tasks.endAll(name, purgeTime);
      return save({ ...queue, purgeTime });
    }),
    pauseQueue: method(({ name }: { name: string }) => save({ ...find(name), state: 'PAUSED' })),
    resumeQueue: method(({ name }: { name: string }) => save({ ...find(name), state: 'RUNNING' })),
  };
}

/** The one filter that is supported: `state: PAUSED`. */
function stateFilter(filter: string): string | undefined {
  if (filter.trim() === '') return undefined;
  const state = /^\s*state\s*[:=]\s*"?(RUNNING|PAUSED|DISABLED)"?\s*$/.exec(filter)?.[1];
  if (state) return state;
  throw new RpcError(
    status.UNIMPLEMENTED,
    `ListQueuesRequest.filter '${filter}' is not supported locally: only 'state: STATE' is`,
  );
}
