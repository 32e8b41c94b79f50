/** An answer that is a problem (RFC 9457), or no answer at all. */
export class ApiError extends Error {
  readonly status: number | undefined;
  readonly problem: { readonly errors?: readonly Record<string, unknown>[] } | undefined;
  constructor(message: string, status?: number, problem?: ApiError['problem'], cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.problem = problem;
  }
}

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

export interface RunOptions {
  readonly tests: readonly string[];
  readonly baseUrl?: string;
  readonly variables?: Record<string, string>;
  readonly retries?: number;
  readonly timeout?: number;
}

/** The API as the command line uses it. Every method throws an ApiError when the answer is no success. */
export interface ApiClient {
  readonly url: string;
  uploadTest(name: string, bytes: Uint8Array): Promise<{ id: string; status: string }>;
  startRun(options: RunOptions, key: string): Promise<RunView>;
  /** Waits on the server for the verdict and its report, so many seconds at most. */
  readRun(id: string, waitSeconds?: number): Promise<RunView>;
  listSessions(runId: string): Promise<SessionView[]>;
  readReport(runId: string, format: 'html' | 'json' | 'xml'): Promise<Uint8Array>;
  createWebhook(url: string, events: readonly string[]): Promise<{ id: string; secret: string }>;
}

export function createApiClient(url: string, apiKey: string): ApiClient {
  const call = async (
    method: string,
    path: string,
    options: { body?: BodyInit; headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    let response: Response;
    try {
      const headers = { 'x-api-key': apiKey, ...options.headers };
      response = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(options.body === undefined ? {} : { body: options.body }),
      });
    } catch (cause) {
      throw new ApiError(
        `${url} does not answer: is it running, and is the address right?`,
        undefined,
        undefined,
        cause,
      );
    }
    if (response.ok) return response;
    throw await toApiError(response);
  };
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;
  const jsonBody = (value: unknown) => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  });
  const prefer = (seconds: number) => ({ prefer: `wait=${seconds}` });
  return {
    url,
    uploadTest: (name, bytes) =>
      json(
        call('POST', `/v1/tests?name=${encodeURIComponent(name)}`, {
          body: bytes as BodyInit,
          headers: { 'content-type': 'application/octet-stream', ...prefer(60) },
        }),
      ),
    startRun(options, key) {
      const { body, headers } = jsonBody(options);
      return json(call('POST', '/v1/runs', { body, headers: { ...headers, 'idempotency-key': key } }));
    },
    readRun: (id, waitSeconds) =>
      json(call('GET', `/v1/runs/${id}`, waitSeconds ? { headers: prefer(waitSeconds) } : {})),
    listSessions: async (id) => (await json<{ items: SessionView[] }>(call('GET', `/v1/runs/${id}/sessions`))).items,
    readReport: async (id, format) =>
      new Uint8Array(await (await call('GET', `/v1/runs/${id}/report.${format}`)).arrayBuffer()),
    createWebhook: (target, events) => json(call('POST', '/v1/webhooks', jsonBody({ url: target, events }))),
  };
}

async function toApiError(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as { detail?: string; title?: string; errors?: Record<string, unknown>[] };
    const errors = (problem.errors ?? [])
      .map(({ message, hint }) => `\n  ${message}${hint ? ` (${hint})` : ''}`)
      .join('');
    return new ApiError(`${problem.detail ?? problem.title ?? response.statusText}${errors}`, response.status, problem);
  } catch {
    return new ApiError(`${response.url} answered ${response.status}: ${text.slice(0, 200)}`, response.status);
  }
}
