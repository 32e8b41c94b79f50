import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

const LOCATION = /^projects\/[^/]+\/locations\/[^/]+$/;
const QUEUE = /^projects\/[^/]+\/locations\/[^/]+\/queues\/[A-Za-z0-9-]{1,100}$/;
const TASK = /^(projects\/[^/]+\/locations\/[^/]+\/queues\/[A-Za-z0-9-]{1,100})\/tasks\/[A-Za-z0-9_-]{1,500}$/;

/** @throws RpcError INVALID_ARGUMENT unless it is `projects/P/locations/L`. */
export function locationName(name: string): string {
  if (!LOCATION.test(name)) throw malformed(name, 'projects/PROJECT_ID/locations/LOCATION_ID');
  return name;
}

/** @throws RpcError INVALID_ARGUMENT unless it is a queue's name: letters, digits and hyphens, at most 100. */
export function queueName(name: string): string {
  if (!QUEUE.test(name)) throw malformed(name, 'projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID');
  return name;
}

/** @throws RpcError INVALID_ARGUMENT unless it is a task's name: letters, digits, hyphens and underscores, at most 500. */
export function taskName(name: string): string {
  if (!TASK.test(name))
    throw malformed(name, 'projects/PROJECT_ID/locations/LOCATION_ID/queues/QUEUE_ID/tasks/TASK_ID');
  return name;
}

/** The name of the queue that a task's name belongs to. */
export function queueOfTask(name: string): string {
  return TASK.exec(name)?.[1] ?? '';
}

/** The last part of a resource name. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function malformed(name: string, form: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `Malformed name: '${name}'. Expected the form: '${form}'.`);
}
