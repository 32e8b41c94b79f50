import { validateHeaderName, validateHeaderValue } from 'node:http';
import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import { fromWireTime, type WireTime } from '../plumbing/wire-time.ts';
import type { TaskRequest } from './tasks.ts';

/** `google.cloud.tasks.v2.Task` as it comes in. */
export interface TaskMessage {
  readonly name: string;
  readonly appEngineHttpRequest?: unknown;
  readonly httpRequest?: {
    url: string;
    httpMethod: string;
    headers: Record<string, string>;
    body: Uint8Array;
    oauthToken?: unknown;
    oidcToken?: { serviceAccountEmail: string; audience: string } | null;
  } | null;
  readonly scheduleTime?: WireTime | null;
  readonly dispatchDeadline?: WireTime | null;
}

/** A checked task that is to be created. Times are milliseconds. */
export interface NewTask {
  readonly request: TaskRequest;
  readonly body: Uint8Array | null;
  readonly due: number;
  readonly deadline: number;
}

const CHUNK_BYTES = 32 * 1024;
const LARGEST_TASK_BYTES = 100 * 1024;
const LARGEST_HEADERS_BYTES = 80 * 1024;
const LONGEST_URL = 2083;
const FURTHEST_SCHEDULE_MS = 30 * 24 * 3_600_000;
const DEADLINE_MS = { default: 600_000, least: 15_000, most: 1_800_000 };
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** Headers that Cloud Tasks sets itself, whatever the task says. */
const OWN_HEADERS =
  /^(host|content-length|user-agent|connection|transfer-encoding|x-google-.*|x-appengine-.*|x-cloudtasks-.*)$/i;

/** @throws RpcError INVALID_ARGUMENT, or UNIMPLEMENTED for targets other than HTTP. */
export function checkTask(task: TaskMessage, now: number): NewTask {
  if (task.appEngineHttpRequest) throw unsupported('Task.app_engine_http_request');
  const http = task.httpRequest;
  if (!http) throw invalid('Task.http_request is required.');
  if (http.oauthToken) throw unsupported('HttpRequest.oauth_token');
  if (!/^https?:\/\//.test(http.url) || !URL.canParse(http.url) || http.url.length > LONGEST_URL) {
    throw invalid(
      `HttpRequest.url must start with 'http://' or 'https://' and be at most ${LONGEST_URL} characters long: '${http.url}'.`,
    );
  }
  const method = http.httpMethod === 'HTTP_METHOD_UNSPECIFIED' ? 'POST' : http.httpMethod;
  if (http.body.length > 0 && !METHODS_WITH_BODY.has(method)) {
    throw invalid(`HttpRequest.body is only allowed with POST, PUT and PATCH, not with ${method}.`);
  }
  return {
    request: requestOf(http, method),
    body: http.body.length > 0 ? http.body : null,
    due: dueTime(task, now),
    deadline: deadlineOf(task),
  };
}

/** How many operations a task is billed as, for its size: https://cloud.google.com/tasks/pricing. */
export function chunksOf({ request, body }: Pick<NewTask, 'request' | 'body'>): number {
  const bytes = Buffer.byteLength(request.url + JSON.stringify(request.headers)) + (body?.length ?? 0);
  return Math.ceil(bytes / CHUNK_BYTES);
}

function requestOf(http: NonNullable<TaskMessage['httpRequest']>, method: string): TaskRequest {
  const headers = Object.fromEntries(Object.entries(http.headers).filter(([name]) => !OWN_HEADERS.test(name)));
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value);
  const headerBytes = Buffer.byteLength(JSON.stringify(headers));
  if (headerBytes > LARGEST_HEADERS_BYTES) throw invalid('HttpRequest.headers must be smaller than 80KB.');
  if (headerBytes + http.body.length > LARGEST_TASK_BYTES) throw invalid('Task size too large: the maximum is 100KB.');
  const oidc = http.oidcToken;
  if (!oidc) return { url: http.url, method, headers };
  if (!oidc.serviceAccountEmail) throw invalid('OidcToken.service_account_email is required.');
  return {
    url: http.url,
    method,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization')),
    oidc: { serviceAccountEmail: oidc.serviceAccountEmail, audience: oidc.audience || http.url },
  };
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw invalid(`HttpRequest.headers has a header that HTTP cannot carry: '${name}'.`);
  }
}

function dueTime(task: TaskMessage, now: number): number {
  const due = Math.max(now, fromWireTime(task.scheduleTime) ?? now);
  if (due - now > FURTHEST_SCHEDULE_MS)
    throw invalid('The Task.scheduleTime is too far in the future: the maximum is 30 days.');
  return due;
}

function deadlineOf(task: TaskMessage): number {
  const deadline = fromWireTime(task.dispatchDeadline) ?? DEADLINE_MS.default;
  if (deadline < DEADLINE_MS.least || deadline > DEADLINE_MS.most) {
    throw invalid('Task.dispatchDeadline must be between [15s, 30m].');
  }
  return deadline;
}

function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}

function unsupported(field: string): RpcError {
  return new RpcError(status.UNIMPLEMENTED, `${field} is not supported locally: use HttpRequest with an OIDC token`);
}
