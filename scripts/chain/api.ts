import assert from 'node:assert/strict';
import { assertDocumented } from './documented.ts';

/** An answer of the API; a body that is not JSON is text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What a run's resource shows of it. */
export interface RunView {
  readonly id: string;
  readonly status: string;
  readonly totals: Record<string, number>;
  readonly report?: Record<string, string>;
  readonly error?: string;
  readonly timedOut?: boolean;
}

/** The HTTP API as tests use it: an answer that its description does not have fails them. */
export interface Api {
  call(
    method: string,
    path: string,
    body?: string | Uint8Array | object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Uploads a test file that must be good; resolves with the test's id once it is imported. */
  upload(name: string, source: string): Promise<string>;
  /** Starts a run of tests. */
  start(tests: readonly string[], more?: Record<string, unknown>): Promise<{ id: string; trace: string }>;
  /** Waits for a run's verdict and its report. */
  ended(runId: string): Promise<RunView>;
}

export function apiOf(origin: string, apiKey: string): Api {
  const call: Api['call'] = async (method, path, body, headers = {}) => {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const answer = await fetch(origin + path, {
      method,
      headers: { 'x-api-key': apiKey, ...(body && !raw ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const answered = { status: answer.status, headers: answer.headers, body: parsed(text) };
    assertDocumented(method, path, answered);
    return answered;
  };
  return {
    call,
    async upload(name, source) {
      const path = `/v1/tests?name=${encodeURIComponent(name)}`;
      const { status, body } = await call('POST', path, source, { prefer: 'wait=60' });
      assert.equal(status, 201, JSON.stringify(body));
      return (body as { id: string }).id;
    },
    async start(tests, more = {}) {
      const { status, body, headers } = await call('POST', '/v1/runs', { tests, ...more });
      assert.equal(status, 202, JSON.stringify(body));
      return { id: (body as RunView).id, trace: headers.get('traceparent')?.slice(3, 35) ?? '' };
    },
    async ended(runId) {
      for (;;) {
        const { body } = await call('GET', `/v1/runs/${runId}`, undefined, { prefer: 'wait=60' });
        const run = body as RunView;
        if (run.report || (run.error && !run.timedOut)) return run;
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
