import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aReport, aSession, aStep } from '../../shared/reports/report.testing.ts';

/** A request that the fake API was sent. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Answers a request; undefined for what the API answers by itself. `hang` never answers. */
export type Script = (seen: Seen, count: number) => Answer | 'hang' | undefined;

/** The HTTP API as far as the command line uses it, for tests: every upload is ready, a run ends when it is first read. */
export interface FakeApi {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Answers before the API does. */
  script: Script;
  verdict: 'passed' | 'failed';
  /** What has been uploaded: the digests of the files, by their names. */
  readonly stored: Map<string, string>;
  close(): Promise<void>;
}

export async function startFakeApi(): Promise<FakeApi> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    seen.push(one);
    const answer = api.script(one, seen.length) ?? answerOf(one, api);
    if (answer === 'hang') return;
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status ?? 200, answer.headers).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    script: () => undefined,
    verdict: 'passed',
    stored: new Map(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

function answerOf({ method, path, body }: Seen, { verdict, stored }: FakeApi): Answer {
  const [route = '', query = ''] = path.split('?');
  if (method === 'POST' && route === '/v1/tests') {
    const name = new URLSearchParams(query).get('name') ?? '';
    stored.set(name, createHash('sha256').update(body).digest('hex'));
    return { status: 201, body: { id: `tst_${name}`, status: 'ready' } };
  }
  if (method === 'POST' && route === '/v1/tests/lookup') return { body: { items: lookedUp(body, stored) } };
  if (method === 'POST' && route === '/v1/runs') return { status: 202, body: { id: 'run_1', status: 'queued' } };
  if (route === '/v1/runs/run_1') return { body: { id: 'run_1', status: verdict, report: { html: 'x' } } };
  if (route === '/v1/runs/run_1/sessions') return { body: { items: [aSessionView({ status: verdict })] } };
  if (route === '/v1/runs/run_1/report.json') return { body: theReport(verdict) };
  if (route.startsWith('/v1/runs/run_1/report.')) return { body: `<${route.split('.').at(-1)}/>` };
  return { status: 404, body: { title: 'Not found', detail: `There is no ${method} ${route}.` } };
}

function lookedUp(body: string, stored: ReadonlyMap<string, string>) {
  const { files } = JSON.parse(body) as { files: { name: string; digest: string }[] };
  return files.map(({ name, digest }) =>
    stored.get(name) === digest ? { name, status: 'ready', id: `tst_${name}` } : { name, status: 'unknown' },
  );
}

export function aSessionView(given: object = {}) {
  return {
    ...{ id: 'ses_1', testName: 'Log in', status: 'passed', attempt: 1, attempts: 1, superseded: false },
    ...{ startedAt: '2026-03-04T09:05:10.000Z', endedAt: '2026-03-04T09:05:12.500Z' },
    ...given,
  };
}

function theReport(verdict: 'passed' | 'failed') {
  const trouble = { status: verdict, ...(verdict === 'failed' ? { expected: 'Hello', actual: 'Bye' } : {}) };
  const step = aStep({ command: 'assert.equals', target: 'h1', value: 'Hello' }, trouble);
  return aReport([aSession('ses_1', [step], { testName: 'Log in', status: verdict })], { status: verdict });
}
