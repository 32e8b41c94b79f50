import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, readJson, type Shape, toApiError } from './api-answer.ts';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts';
import type { StatisticView } from './statistics-table.ts';

export interface RunView {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'passed' | 'failed' | 'error' | 'cancelled';
  readonly totals: Readonly<Record<'sessions' | 'passed' | 'failed' | 'error' | 'checkpoints' | 'steps', number>>;
  readonly report?: Readonly<Record<string, string>>;
  readonly error?: string;
  /** Its time was over before its tests were: then the error is no reason to have no report. */
  readonly timedOut?: boolean;
  /** While nothing of it has been begun. */
  readonly queued?: {
    readonly position: number;
    readonly waitsFor: 'slot' | 'browser';
    readonly estimatedWaitMs?: number;
  };
}

export interface SessionView {
  readonly id: string;
  readonly testName: string;
  readonly status: string;
  readonly attempt: number;
  readonly attempts: number;
  readonly row?: Record<string, unknown>;
  readonly superseded: boolean;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly error?: { readonly message: string; readonly hint?: string };
  readonly progress?: {
    readonly checkpoint: string;
    readonly step: string;
    readonly done: number;
    readonly total: number;
  };
}

/** A stored file: a test, or a suite that names its tests. */
export interface Uploaded {
  readonly id: string;
  readonly status: string;
  readonly tests?: readonly { readonly id: string; readonly name: string }[];
}

export interface RunOptions {
  readonly tests: readonly string[];
  readonly baseUrl?: string;
  readonly variables?: Record<string, string>;
  readonly retries?: number;
  readonly timeout?: number;
  /** Name of a stored environment. */
  readonly environment?: string;
  readonly updateSnapshots?: 'changed';
  /** Ends the run at the first test that fails. */
  readonly failFast?: boolean;
  /** Its sessions at once, at most. */
  readonly parallel?: number;
  readonly priority?: 'high' | 'normal' | 'low';
  /** Milliseconds for all of it. */
  readonly runTimeout?: number;
}

export type RerunOptions = Omit<RunOptions, 'tests'> & { readonly failedOnly?: boolean };

/** The API as the command line uses it. Every method throws an ApiError when the answer is no success. */
export interface ApiClient {
  readonly url: string;
  /** Gives the test, or the suite with its tests. */
  uploadTest(name: string, bytes: Uint8Array): Promise<Uploaded>;
  startRun(options: RunOptions, key: string): Promise<RunView>;
  /** Waits on the server for the verdict and its report, so many seconds at most. */
  readRun(id: string, waitSeconds?: number): Promise<RunView>;
  listSessions(runId: string): Promise<SessionView[]>;
  /** What happens in a run, from after an event on, until the server ends the stream. */
  runEvents(runId: string, options: { after: string | undefined; until: AbortSignal }): AsyncIterable<ServerSentEvent>;
  readReport(runId: string, format: 'html' | 'json' | 'xml'): Promise<Uint8Array>;
  /** Ends a run, also when this client was interrupted. Gives false when that cannot be done just now; never throws. */
  cancelRun(id: string): Promise<boolean>;
  /** Runs a run's tests again. */
  rerun(id: string, options: RerunOptions, key: string): Promise<RunView>;
  /** Asks for a run's end. Gives the run as it is then: one that has ended stays as it is. */
  endRun(id: string): Promise<RunView>;
  /** Asks for a statistic by its name: `runs`. */
  statistics(name: string, query: URLSearchParams): Promise<StatisticView>;
  /** Any other route, in JSON of a shape; undefined where the answer has no body. */
  ask<T>(method: string, path: string, shape: Shape, body?: object, headers?: Record<string, string>): Promise<T>;
  /** All that a list of the API has, page by page. */
  list<T>(path: string): Promise<T[]>;
  /** Anything else: a body is sent as JSON, or as it is when it is bytes. Gives undefined where the answer has no body. */
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object | Uint8Array): Promise<T>;
  createWebhook(url: string, events: readonly string[]): Promise<{ id: string; secret: string }>;
}

/** How long somebody who wants to leave waits for the run to be cancelled. */
const CANCEL_PATIENCE_MS = 5000;
/** A test whose import takes longer than an upload waits is uploaded so often in all. */
const MOST_UPLOADS = 4;
/** An API that is busy is asked so many times in all. */
const MOST_TRIES = 8;
const LONGEST_PAUSE_SECONDS = 60;

/** How long to wait before a request is sent again that was not done: the server says so, or twice as long each time. */
function pauseMs(response: Response, tried: number): number {
  const asked = Number(response.headers.get('retry-after') ?? 2 ** (tried - 1));
  return Math.min(Number.isFinite(asked) ? asked : 1, LONGEST_PAUSE_SECONDS) * 1000;
}

const RUN: Shape = { id: 'string', status: 'string' };
const STORED: Shape = { id: 'string' };
const LIST: Shape = { items: 'array' };
const STATISTIC: Shape = { from: 'string', to: 'string', groupBy: 'string', items: 'array' };

/** @param signal ends the requests that are under way. */
export function createApiClient(url: string, apiKey: string, signal?: AbortSignal): ApiClient {
  const call: typeof send = async (method, path, options) => {
    for (let tried = 1; ; tried++) {
      const response = await send(method, path, options);
      if (response.ok) return response;
      // Who waits for a run has its own patience with a server that is not there.
      const busy = response.status === 429 || (response.status === 503 && method !== 'GET');
      if (!busy || tried === MOST_TRIES) throw await toApiError(response, signal);
      await response.arrayBuffer().catch(() => undefined);
      await sleep(pauseMs(response, tried), undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  };
  const send = async (
    method: string,
    path: string,
    options: { body?: BodyInit; headers?: Record<string, string>; until?: AbortSignal } = {},
  ): Promise<Response> => {
    const signals = [signal, options.until].filter((one) => one !== undefined);
    let response: Response;
    try {
      const headers = { 'x-api-key': apiKey, ...options.headers };
      response = await fetch(`${url}${path}`, {
        method,
        headers,
        // The key is for this address alone: who has moved says so, and people decide.
        redirect: 'manual',
        ...(options.body === undefined ? {} : { body: options.body }),
        signal: AbortSignal.any(signals),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ApiError(
        `${url} does not answer: is it running, and is the address right?`,
        undefined,
        undefined,
        cause,
      );
    }
    return response;
  };
  const json = async <T>(answer: Promise<Response>, shape: Shape): Promise<T> =>
    readJson<T>(await answer, shape, signal);
  const jsonBody = (value: unknown) => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  });
  const once = (value: unknown, key: string) => {
    const { body, headers } = jsonBody(value);
    return { body, headers: { ...headers, 'idempotency-key': key } };
  };
  const prefer = (seconds: number) => ({ prefer: `wait=${seconds}` });
  return {
    url,
    async uploadTest(name, bytes) {
      // An upload is answered before its import when that takes long; the same file again does no harm.
      for (let tried = 1; tried <= MOST_UPLOADS; tried++) {
        const uploaded = await json<Uploaded & { status?: string }>(
          call('POST', `/v1/tests?name=${encodeURIComponent(name)}`, {
            body: bytes as BodyInit,
            headers: { 'content-type': 'application/octet-stream', ...prefer(60) },
          }),
          RUN,
        );
        if (uploaded.status !== 'importing') return uploaded;
      }
      throw new ApiError(`${name} is stored, but its import takes too long: try again later.`);
    },
    startRun: (options, key) => json(call('POST', '/v1/runs', once(options, key)), RUN),
    rerun: (id, options, key) => json(call('POST', `/v1/runs/${id}/rerun`, once(options, key)), RUN),
    readRun: (id, waitSeconds) =>
      json(call('GET', `/v1/runs/${id}`, waitSeconds ? { headers: prefer(waitSeconds) } : {}), RUN),
    listSessions: async (id) =>
      (await json<{ items: SessionView[] }>(call('GET', `/v1/runs/${id}/sessions`), LIST)).items,
    async *runEvents(id, { after, until }) {
      const headers = { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) };
      const { url: from, body } = await call('GET', `/v1/runs/${id}/events`, { headers, until });
      try {
        if (body) yield* readServerSentEvents(body);
      } catch (cause) {
        throw new ApiError(`${from} broke off its answer.`, undefined, undefined, cause);
      }
    },
    async readReport(id, format) {
      const response = await call('GET', `/v1/runs/${id}/report.${format}`);
      try {
        return new Uint8Array(await response.arrayBuffer());
      } catch (cause) {
        signal?.throwIfAborted();
        throw new ApiError(`${response.url} broke off its answer.`, undefined, undefined, cause);
      }
    },
    async cancelRun(id) {
      const headers = { 'x-api-key': apiKey };
      const signal = AbortSignal.timeout(CANCEL_PATIENCE_MS);
      const answer = await fetch(`${url}/v1/runs/${id}/cancel`, { method: 'POST', headers, signal }).catch(
        () => undefined,
      );
      return answer?.ok === true;
    },
    endRun: (id) => json(call('POST', `/v1/runs/${id}/cancel`), STORED),
    statistics: (name, query) => json(call('GET', `/v1/analytics/${name}?${query}`), STATISTIC),
    ask: async (method, path, shape, body, headers = {}) => {
      const own =
        body === undefined
          ? { headers }
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
      const answer = await call(method, path, own);
      return answer.status === 204 ? (undefined as never) : await json(Promise.resolve(answer), shape);
    },
    async list<T>(path: string) {
      const items: T[] = [];
      for (let token: string | undefined = ''; token !== undefined; ) {
        const query: string = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
        const page: { items: T[]; nextPageToken?: string } = await json(
          call('GET', `${path}?pageSize=200${query}`),
          LIST,
        );
        items.push(...page.items);
        token = page.nextPageToken;
      }
      return items;
    },
    async send<T>(method: string, path: string, body?: object | Uint8Array) {
      const bytes = { 'content-type': 'application/octet-stream' };
      const sent = body instanceof Uint8Array ? { body: body as BodyInit, headers: bytes } : body ? jsonBody(body) : {};
      const response = await call(method, path, sent);
      return response.status === 204 ? (undefined as T) : await json<T>(Promise.resolve(response), STORED);
    },
    createWebhook: (target, events) => json(call('POST', '/v1/webhooks', jsonBody({ url: target, events })), STORED),
  };
}
