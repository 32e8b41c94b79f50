import { deepEqual, equal, match } from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Step, StepResult } from '../../schemas/step.ts';
import { LARGEST_ANSWER } from './api.ts';
import { bench, statuses } from './testing/bench.ts';

/** Answers with what was asked. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method, url, headers } = request;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly durationMs: number;
  readonly body: string;
}

const recorded = (result: StepResult | undefined): Recorded => result?.value as Recorded;
const echoed = (result: StepResult | undefined): Echo => JSON.parse(recorded(result).body) as Echo;

describe('api.request', () => {
  const { base, open, run, step } = bench({
    '/': `<title>Home</title><script>document.cookie = 'seen=1'</script>`,
    '/echo': (request, response) => void echo(request, response),
    '/items': '{"items":[{"name":"Tea","price":3},{"name":"Cocoa","price":4}],"total":2}',
    '/gone': (_request, response) => response.writeHead(410).end('no more'),
    '/moved': (_request, response) => response.writeHead(302, { location: '/items' }).end(),
    '/inward': (_request, response) => response.writeHead(307, { location: 'http://10.0.0.1/' }).end(),
    '/circle': (_request, response) => response.writeHead(302, { location: '/circle' }).end(),
    '/log-in': (_request, response) =>
      response
        .writeHead(303, { location: '/echo', 'set-cookie': ['sid=42; Path=/; HttpOnly', 'x=1; Domain=b.example'] })
        .end(),
    '/silent': () => {},
    '/drops': (request) => request.destroy(),
    '/large': (_request, response) => response.end(`"${'x'.repeat(LARGEST_ANSWER)}"`),
    '/long': (_request, response) => response.end('y'.repeat(10_000)),
    '/says': (_request, response) => response.end(`${'z'.repeat(3990)}hunter2-hunter2`),
  });
  const ask = (fields: Record<string, unknown>): Promise<StepResult> => step({ command: 'api.request', ...fields });

  it('sends a GET and records what came of it', async () => {
    const result = await ask({ url: '/items' });
    const { method, url, status, durationMs, body } = recorded(result);
    deepEqual([result.status, method, url, status], ['passed', 'GET', `${base()}/items`, 200]);
    equal(durationMs >= 0 && body.startsWith('{"items"'), true);
  });

  it('sends the method, headers and body that it is given: text as it is, anything else as JSON', async () => {
    const text = await ask({ url: '/echo?a=1', method: 'PUT', body: 'hällo', headers: { 'X-Own': '{{uuid}}' } });
    const { method, url, headers, body } = echoed(text);
    deepEqual([method, url, body], ['PUT', '/echo?a=1', 'hällo']);
    match(headers['x-own'] ?? '', /^[\da-f-]{36}$/);
    equal(headers['content-type'], 'text/plain; charset=utf-8');
    const json = echoed(await ask({ url: '/echo', method: 'POST', body: { a: [1, '{{random.int(5,5)}}'] } }));
    deepEqual([json.body, json.headers['content-type']], ['{"a":[1,5]}', 'application/json']);
    const typed = echoed(
      await ask({ url: '/echo', method: 'PATCH', body: [], headers: { 'Content-Type': 'application/x' } }),
    );
    deepEqual([typed.body, typed.headers['content-type']], ['[]', 'application/x']);
    equal(echoed(await ask({ url: '/echo', method: 'DELETE' })).headers['content-type'], undefined);
  });

  it('fails when the status is another than expected, with both', async () => {
    const good = await ask({ url: '/gone', expectStatus: 410 });
    const bad = await ask({ url: '/gone', expectStatus: 200, store: { x: '$.x' } });
    const any = await ask({ url: '/gone' });
    deepEqual(statuses([good, bad, any]), ['passed', 'failed', 'passed']);
    deepEqual([bad.expected, bad.actual, recorded(bad).body], [200, 410, 'no more']);
  });

  it('stores parts of a JSON answer', async () => {
    const store = { first: '$.items[0].name', prices: '$.items[*].price', $all: '$' };
    const [, ...logs] = await run(
      { command: 'api.request', url: '/items', store },
      { command: 'misc.log', text: '{{first}} {{prices}} {{all.total}}' },
    );
    equal(logs[0]?.value, 'Tea [3,4] 2');
  });

  it('follows redirects, each through the guard', async () => {
    equal(recorded(await ask({ url: '/moved' })).url, `${base()}/items`);
    equal((await ask({ url: '/inward' })).error?.type, 'refused');
    match((await ask({ url: '/circle' })).error?.message ?? '', /More than 20 redirects/);
  });

  it('shares no cookie with the page, unless it is told to: then both ways', async () => {
    const log: Step = { command: 'api.request', url: '/log-in' };
    const [apart] = await run(log);
    equal(echoed(apart).headers.cookie, undefined);
    const session = await open();
    const steps = [
      { command: 'navigate.to', url: '/' },
      { ...log, cookies: true },
      { command: 'navigate.to', url: '/echo' },
    ];
    const page: Step = { command: 'misc.execute', script: 'return document.body.innerText' };
    const { results } = await session.runCheckpoint({ name: 'x', index: 0, steps: [...steps, page] });
    equal(echoed(results[1]).headers.cookie, 'seen=1; sid=42');
    match(String(results[3]?.value), /"cookie":"seen=1; sid=42"/);
  });

  it('says what went wrong when there is no answer', async () => {
    const cases: [Record<string, unknown>, string, RegExp][] = [
      [{ url: 'http://127.0.0.1:1/' }, 'request-failed', /could not be reached/],
      [{ url: '/drops' }, 'request-failed', /could not be reached/],
      [{ url: '/silent', timeoutMs: 200 }, 'timeout', /did not answer in time/],
      [{ url: 'http://169.254.169.254/' }, 'refused', /not a public address/],
      [{ url: 'ftp://a.example/' }, 'refused', /'ftp:' addresses/],
      [{ url: '/echo', headers: { 'X-A': 'one\ntwo' } }, 'invalid-value', /cannot be sent/],
      [{ url: '/echo', headers: { 'X-A': { b: 1 } } }, 'invalid-value', /cannot be sent/],
      [{ url: '/echo', headers: { 'X A': '1' } }, 'invalid-value', /cannot be set/],
      [{ url: '/echo', headers: { Host: 'metadata.google.internal' } }, 'invalid-value', /cannot be set/],
      [{ url: '/gone', store: { x: '$.a' } }, 'invalid-value', /is not JSON: no more/],
      [{ url: '/items', store: { x: '$.item' } }, 'invalid-value', /names nothing/],
      [{ url: '/items', store: { x: '$..item' } }, 'invalid-value', /descendants/],
      [{ url: '/large', store: { x: '$' } }, 'too-large', /more than 5 MB/],
    ];
    for (const [fields, type, message] of cases) {
      const { status, error } = await ask(fields);
      deepEqual([status, error?.type], ['error', type], JSON.stringify([fields, error]));
      match(error?.message ?? '', message);
    }
  });

  it('stores nothing when one of the paths names nothing', async () => {
    const session = await open();
    const { results } = await session.runCheckpoint({
      name: 'x',
      index: 0,
      steps: [
        { command: 'api.request', url: '/items', store: { total: '$.total', x: '$.x' }, onFailure: 'continue' },
        { command: 'misc.log', text: '{{total}}' },
      ],
    });
    equal(results[1]?.error?.type, 'unknown-variable');
  });

  it('records the beginning of a long body, its secrets masked before it is cut', async () => {
    equal(recorded(await ask({ url: '/long' })).body, `${'y'.repeat(4000)}…`);
    const session = await open({ secrets: ['hunter2-hunter2'] });
    const { results } = await session.runCheckpoint({
      name: 'x',
      index: 0,
      steps: [{ command: 'api.request', url: '/says' }],
    });
    equal(recorded(results[0]).body, `${'z'.repeat(3990)}••••••`);
  });
});
