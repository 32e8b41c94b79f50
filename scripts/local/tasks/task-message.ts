import { toWireTime } from '../plumbing/wire-time.ts';
import type { Attempt, TaskRequest, TaskRow } from './tasks.ts';

export type View = 'VIEW_UNSPECIFIED' | 'BASIC' | 'FULL';

/** google.rpc.Code of an HTTP status, and its name. */
const CODES: Record<number, [number, string]> = {
  400: [3, 'INVALID_ARGUMENT'],
  401: [16, 'UNAUTHENTICATED'],
  403: [7, 'PERMISSION_DENIED'],
  404: [5, 'NOT_FOUND'],
  409: [10, 'ABORTED'],
  429: [8, 'RESOURCE_EXHAUSTED'],
  499: [1, 'CANCELLED'],
  500: [13, 'INTERNAL'],
  501: [12, 'UNIMPLEMENTED'],
  503: [14, 'UNAVAILABLE'],
  504: [4, 'DEADLINE_EXCEEDED'],
};

/** The message of a task; the body is only in the FULL view. */
export function taskMessage(task: TaskRow, view: View) {
  const request = JSON.parse(task.request) as TaskRequest;
  const last = task.lastAttempt === null ? undefined : (JSON.parse(task.lastAttempt) as Attempt);
  return {
    name: task.name,
    httpRequest: {
      url: request.url,
      httpMethod: request.method,
      headers: request.headers,
      ...(view === 'FULL' && task.body ? { body: task.body } : {}),
      ...(request.oidc ? { oidcToken: request.oidc } : {}),
    },
    scheduleTime: toWireTime(task.due),
    createTime: toWireTime(task.created),
    dispatchDeadline: toWireTime(task.deadline),
    dispatchCount: task.dispatches,
    responseCount: task.responses,
    ...(task.firstDispatch === null ? {} : { firstAttempt: { dispatchTime: toWireTime(task.firstDispatch) } }),
    ...(last ? { lastAttempt: attemptMessage(last) } : {}),
    view: view === 'FULL' ? 'FULL' : 'BASIC',
  };
}

/** What an attempt's end is called: `UNAVAILABLE(14): HTTP status code 503`. */
export function attemptReason(status: number): string {
  const [code, name] = CODES[status] ?? [2, 'UNKNOWN'];
  return `${name}(${code}): HTTP status code ${status}`;
}

function attemptMessage(attempt: Attempt) {
  return {
    scheduleTime: toWireTime(attempt.scheduled),
    dispatchTime: toWireTime(attempt.dispatched),
    ...(attempt.responded === undefined ? {} : { responseTime: toWireTime(attempt.responded) }),
    ...(attempt.status === undefined
      ? {}
      : {
          responseStatus: {
            code: CODES[attempt.status]?.[0] ?? 2,
            message: attemptReason(attempt.status),
            details: [],
          },
        }),
  };
}
