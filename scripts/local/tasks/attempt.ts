import type { HttpSender } from '../plumbing/http-sender.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { Deadlines } from './deadlines.ts';
import { shortName } from './names.ts';
import { attemptReason } from './task-message.ts';
import { chunksOf } from './task-request.ts';
import type { Attempt, TaskRequest, TaskRow } from './tasks.ts';

/** What came back from one dispatch of a task. */
export interface Outcome {
  readonly attempt: Attempt;
  readonly ok: boolean;
  /** The response's first 4 kB, or why there was none. */
  readonly response: string;
  /** What the worker asked for with `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number;
}

/** What a dispatch needs. */
export interface Dispatching {
  readonly context: ServiceContext;
  readonly sender: HttpSender;
  readonly deadlines: Deadlines;
}

/** Sends a task once. Never throws: a refused or cut connection is an attempt without a response. */
export async function attemptTask(task: TaskRow, { context, sender, deadlines }: Dispatching): Promise<Outcome> {
  const { clock } = context;
  const request = JSON.parse(task.request) as TaskRequest;
  const begun = { scheduled: task.due, dispatched: clock.now() };
  const deadline = deadlines.open(begun.dispatched + task.deadline);
  context.meter('tasks.operation', chunksOf({ request, body: task.body }));
  try {
    const headers = { ...request.headers, ...(await ownHeaders(task, request, context)) };
    const answer = await sender.send({
      url: request.url,
      method: request.method,
      headers,
      ...(task.body ? { body: task.body } : {}),
      signal: deadline.signal,
    });
    const ok = answer.status >= 200 && answer.status < 300;
    const attempt = { ...begun, responded: clock.now(), status: answer.status, reason: attemptReason(answer.status) };
    return { attempt, ok, response: answer.body, retryAfterMs: retryAfter(answer.headers['retry-after'], clock.now()) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { attempt: { ...begun, reason }, ok: false, response: reason, retryAfterMs: 0 };
  } finally {
    deadlines.done(deadline);
  }
}

async function ownHeaders(
  task: TaskRow,
  request: TaskRequest,
  context: ServiceContext,
): Promise<Record<string, string>> {
  const last = task.lastAttempt === null ? undefined : (JSON.parse(task.lastAttempt) as Attempt);
  const { oidc } = request;
  return {
    'User-Agent': 'Google-Cloud-Tasks',
    'X-CloudTasks-QueueName': shortName(task.queue),
    'X-CloudTasks-TaskName': shortName(task.name),
    'X-CloudTasks-TaskRetryCount': String(task.dispatches),
    'X-CloudTasks-TaskExecutionCount': String(task.responses),
    'X-CloudTasks-TaskETA': (task.due / 1000).toFixed(6),
    ...(last?.status === undefined ? {} : { 'X-CloudTasks-TaskPreviousResponse': String(last.status) }),
    ...(last?.reason === undefined
      ? {}
      : { 'X-CloudTasks-TaskRetryReason': last.reason.replace(/[^\x20-\x7e]/g, '?') }),
    ...(oidc
      ? { Authorization: `Bearer ${await context.identityToken(oidc.audience, oidc.serviceAccountEmail)}` }
      : {}),
  };
}

function retryAfter(value: string | undefined, now: number): number {
  if (!value) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
