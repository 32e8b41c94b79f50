import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '../demo/receiver.ts';

/** What the smoke tests need. */
export interface SmokeOptions {
  /** Where the API is. */
  readonly url: string;
  readonly apiKey: string;
  /** How long each test may take. */
  readonly timeoutMs: number;
  /**
   * An endpoint for the webhook. Absent, the API itself is one: that it answers at all shows that the delivery was made,
   * for it takes no webhooks.
   */
  readonly receiver?: Receiver;
  /** Told of each test that has passed. */
  passed(what: string): void;
}

type Body = Readonly<Record<string, unknown>>;

const PAUSE_MS = 500;

/** Tests a deployment from outside: health, a run of one test in a real browser, a webhook. @throws Error at the first failure */
export async function smoke(options: SmokeOptions): Promise<void> {
  await health(options);
  options.passed('every dependency answers');
  await oneTest(options);
  options.passed('a test was run, and has a report');
  await oneWebhook(options);
  options.passed('a webhook was delivered');
}

/** An instance that has just been started may find its dependencies slow: it is asked again. */
async function health(options: SmokeOptions): Promise<void> {
  await until(options, 'every dependency answers (GET /health/ready)', async () => {
    const { status, body } = await ask(options, 'GET', '/health/ready', undefined);
    return status === 200 && body.status === 'ok' ? true : undefined;
  });
}

/** The page that is tested is the API's own: there is one wherever the API is. */
async function oneTest(options: SmokeOptions): Promise<void> {
  const test = ['test: Smoke', `base: ${options.url}`, 'do:', '  - nav: /docs', '  - ch: Virtuoso', ''].join('\n');
  const { body: stored } = await ask(options, 'POST', '/v1/tests?name=smoke.yaml', 201, test, { prefer: 'wait=60' });
  try {
    const { body: started } = await ask(options, 'POST', '/v1/runs', 202, { tests: [stored.id] });
    const path = `/v1/runs/${String(started.id)}`;
    const run = await until(options, `the run ${String(started.id)} has a report`, async () => {
      const { body } = await ask(options, 'GET', path, 200, undefined, { prefer: 'wait=30' });
      return body.report || body.status === 'error' ? body : undefined;
    });
    if (run.status !== 'passed') throw new Error(`the run ${String(started.id)} ended as ${JSON.stringify(run)}`);
    await ask(options, 'GET', `${path}/report`, 200);
  } finally {
    await ask(options, 'DELETE', `/v1/tests/${String(stored.id)}`, 204);
  }
}

async function oneWebhook(options: SmokeOptions): Promise<void> {
  const { receiver } = options;
  const target = receiver?.url ?? `${options.url}/health`;
  const { body: made } = await ask(options, 'POST', '/v1/webhooks', 201, { url: target, events: ['run.completed'] });
  const path = `/v1/webhooks/${String(made.id)}`;
  try {
    if (receiver) receiver.secret = String(made.secret);
    const { body: pinged } = await ask(options, 'POST', `${path}/ping`, 202);
    const delivery = `/v1/deliveries/${String(pinged.deliveryId)}`;
    const attempt = await until(options, `the delivery ${String(pinged.deliveryId)} is tried`, async () => {
      const { status, body } = await ask(options, 'GET', delivery, undefined);
      return status === 200 ? (body.attempts as { status?: number }[])[0] : undefined;
    });
    if (!attempt.status) throw new Error(`the delivery had no answer: ${JSON.stringify(attempt)}`);
    if (receiver && !receiver.received.some(({ type, verified }) => type === 'webhook.ping' && verified))
      throw new Error('the endpoint got no ping whose signature holds');
  } finally {
    await ask(options, 'DELETE', path, 204);
  }
}

/** Asks the API. @throws Error when the answer has another status than the wanted one */
async function ask(
  { url, apiKey, timeoutMs }: SmokeOptions,
  method: string,
  path: string,
  wanted: number | undefined,
  sent?: string | object,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body }> {
  const isJson = typeof sent === 'object';
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-api-key': apiKey, ...(isJson && { 'content-type': 'application/json' }), ...headers },
    ...(sent !== undefined && { body: isJson ? JSON.stringify(sent) : sent }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (wanted !== undefined && response.status !== wanted)
    throw new Error(`${method} ${path} was answered with ${response.status}, not ${wanted}: ${text.slice(0, 500)}`);
  const json = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: json ? (JSON.parse(text) as Body) : {} };
}

/** Looks again and again until there is something. @throws Error that says what did not come in time */
async function until<T>({ timeoutMs }: SmokeOptions, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`in ${timeoutMs / 1000} s it did not come to it that ${what}`);
    await sleep(PAUSE_MS);
  }
}
