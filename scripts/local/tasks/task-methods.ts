import { randomInt } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import { pageSizeOf } from '../plumbing/pages.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { TasksService } from './index.ts';
import { queueName, queueOfTask, taskName } from './names.ts';
import { taskMessage, type View } from './task-message.ts';
import { checkTask, chunksOf, type TaskMessage } from './task-request.ts';
import type { TaskRow } from './tasks.ts';

const PAGES = { usual: 1000, largest: 1000 };

interface NamedRequest {
  readonly name: string;
  readonly responseView: View;
}

/** The methods on tasks. */
export function taskMethods(service: TasksService) {
  const { context, tasks } = service;
  const { clock, store } = context;

  const dispatcherOf = (queue: string): Dispatcher => {
    const dispatcher = service.dispatcherOf(queueName(queue));
    if (dispatcher) return dispatcher;
    throw new RpcError(
      status.NOT_FOUND,
      'Queue does not exist. If you just created the queue, wait at least a minute for the queue to initialize.',
    );
  };
  const find = (name: string): TaskRow => {
    const task = tasks.get(taskName(name));
    if (task) return task;
    dispatcherOf(queueOfTask(name));
    throw new RpcError(status.NOT_FOUND, `The task does not exist, or it has been executed or deleted: ${name}`);
  };
  /** A method that costs an operation; what it writes is durable with what others write in the same turn. */
  const method = <Request, Response>(work: (request: Request) => Response) =>
    unary((request: Request) => {
      context.meter('tasks.operation');
      return store.grouped(() => work(request));
    });

  return {
    createTask: method((request: { parent: string; task: TaskMessage | null; responseView: View }) => {
      const { parent, task } = request;
      if (!task) throw new RpcError(status.INVALID_ARGUMENT, 'CreateTaskRequest.task is required.');
      const dispatcher = dispatcherOf(parent);
      const now = clock.now();
      const checked = checkTask(task, now);
      const name = task.name ? freeName(parent, task.name, now) : newName(parent);
      context.meter('tasks.operation', chunksOf(checked) - 1);
      tasks.insert({
        ...checked,
        request: JSON.stringify(checked.request),
        name,
        queue: parent,
        named: task.name ? 1 : 0,
        created: now,
      });
      store.afterCommit(() => dispatcher.wake());
      return taskMessage(find(name), request.responseView);
    }),
    getTask: method(({ name, responseView }: NamedRequest) => taskMessage(find(name), responseView)),
    listTasks: method((request: { parent: string; responseView: View; pageSize: number; pageToken: string }) => {
      dispatcherOf(request.parent);
      const size = pageSizeOf(request.pageSize, PAGES);
      const after = Number(request.pageToken || 0);
      if (!Number.isInteger(after))
        throw new RpcError(status.INVALID_ARGUMENT, `Invalid page token: '${request.pageToken}'.`);
      const found = tasks.page(request.parent, after, size + 1);
      const page = found.slice(0, size);
      // Each task of the list is an operation.
      if (page.length > 1) context.meter('tasks.operation', page.length - 1);
      return {
        tasks: page.map((task) => taskMessage(task, request.responseView)),
        nextPageToken: found.length > size ? String(page.at(-1)?.id ?? '') : '',
      };
    }),
    deleteTask: method(({ name }: NamedRequest) => {
      tasks.end(find(name), clock.now());
      return {};
    }),
    runTask: method(({ name, responseView }: NamedRequest) => {
      const task = find(name);
      if (!task.leased) dispatcherOf(task.queue).force(task);
      return taskMessage(find(name), responseView);
    }),
  };

  function freeName(parent: string, name: string, now: number): string {
    if (queueOfTask(taskName(name)) !== parent) {
      throw new RpcError(status.INVALID_ARGUMENT, `Task.name must start with '${parent}/tasks/': '${name}'.`);
    }
    if (tasks.get(name)) throw new RpcError(status.ALREADY_EXISTS, 'Requested entity already exists');
    if (tasks.isBuried(name, now)) {
      throw new RpcError(
        status.ALREADY_EXISTS,
        'The task cannot be created because a task with this name existed too recently. Wait about an hour, or choose another name.',
      );
    }
    return name;
  }
}

/** A name like those Cloud Tasks gives: 20 digits. */
function newName(queue: string): string {
  const half = () => String(randomInt(1_000_000_000, 10_000_000_000));
  return `${queue}/tasks/${half()}${half()}`;
}
