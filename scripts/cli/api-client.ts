import { createTransport, type TransportOptions } from './api-transport.ts';

export { ApiError } from './api-transport.ts';

export interface RunView {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'passed' | 'failed' | 'error' | 'cancelled';
  readonly totals: Readonly<Record<'sessions' | 'passed' | 'failed' | 'error' | 'checkpoints' | 'steps', number>>;
  readonly report?: Readonly<Record<string, string>>;
  readonly error?: string;
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

export interface TestView {
  readonly id: string;
  readonly status: 'importing' | 'ready' | 'invalid';
  readonly contentHash?: string;
}

export interface RunOptions {
  readonly tests: readonly string[];
  readonly baseUrl?: string;
  readonly variables?: Record<string, string>;
  readonly retries?: number;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** The API as the command line uses it. Every method throws an ApiError when the answer is no success. */
export interface ApiClient {
  readonly url: string;
  /** Stores a test file and waits until it is imported, so many seconds at most. */
  uploadTest(name: string, bytes: Uint8Array): Promise<TestView>;
  /** Gives undefined when there is no such test. */
  readTest(id: string): Promise<TestView | undefined>;
  /** @param key the same key starts the same run once (Idempotency-Key). */
  startRun(options: RunOptions, key: string): Promise<RunView>;
  /** Waits on the server for the verdict and its report, so many seconds at most. */
  readRun(id: string, waitSeconds?: number): Promise<RunView>;
  listSessions(runId: string): Promise<SessionView[]>;
  readReport(runId: string, format: 'html' | 'json' | 'xml'): Promise<Uint8Array>;
  createWebhook(url: string, events: readonly string[]): Promise<{ id: string; secret: string }>;
}

const IMPORT_SECONDS = 30;

export function createApiClient(url: string, apiKey: string, options: TransportOptions = {}): ApiClient {
  const send = createTransport(url, apiKey, options);
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;
  const jsonBody = (value: unknown, headers: Record<string, string> = {}) => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json', ...headers },
  });
  const read = (path: string, wait?: number) => send('GET', path, wait === undefined ? {} : { wait });
  return {
    url,
    uploadTest: (name, bytes) =>
      json(
        send('POST', `/v1/tests?name=${encodeURIComponent(name)}`, {
          body: bytes as BodyInit,
          headers: { 'content-type': 'application/octet-stream' },
          wait: IMPORT_SECONDS,
        }),
      ),
    async readTest(id) {
      try {
        return await json(read(`/v1/tests/${id}`));
      } catch (error) {
        if ((error as { status?: number }).status === 404) return undefined;
        throw error;
      }
    },
    startRun: (run, key) => json(send('POST', '/v1/runs', jsonBody(run, { 'idempotency-key': key }))),
    readRun: (id, waitSeconds) => json(read(`/v1/runs/${id}`, waitSeconds)),
    listSessions: async (id) => (await json<{ items: SessionView[] }>(read(`/v1/runs/${id}/sessions`))).items,
    readReport: async (id, format) =>
      new Uint8Array(await (await read(`/v1/runs/${id}/report.${format}`)).arrayBuffer()),
    createWebhook: (target, events) =>
      json(send('POST', '/v1/webhooks', { ...jsonBody({ url: target, events }), once: true })),
  };
}
