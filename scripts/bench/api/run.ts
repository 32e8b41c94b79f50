/** What the API's manners cost beside a bare hono handler, through the same host: `npm run bench:api -- [REQUESTS]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '../../../functions/identity/index.ts';
import { runs } from '../../../functions/runs/index.ts';
import type { AnyFunction } from '../../../shared/define/function.ts';
import { apiOf } from '../../chain/api.ts';
import { buildFunctions } from '../../deploy/build.ts';
import { type LocalCloud, startCloud } from '../../local/cloud.ts';

import { compareColdStarts } from '../cold-start/compare.ts';
import { median } from '../timing.ts';
import { bareFunctions, bundleBare } from './bare-function.ts';
import { type Case, createClient, percentile } from './measure.ts';

const ROUNDS = 5;
const requests = Number(process.argv[2] ?? 300);

const cloud = await startCloud({
  functions: [runs, identity, ...bareFunctions],
  // Limits are on, and far away.
  environment: { RATE_LIMIT_FACTOR: '1000000', LOG_LEVEL: 'INFO' },
  bundles,
});
try {
  for (const [title, cases] of await casesOf(cloud)) await compare(title, cases);
} finally {
  await cloud.close();
}
const folder = await mkdtemp(join(tmpdir(), 'virtuoso-bench-'));
try {
  await compareColdStarts(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function bundles(all: readonly AnyFunction[]): Promise<ReadonlyMap<string, string>> {
  const bare = bareFunctions.map(({ name }) => name);
  const names = all.map(({ name }) => name).filter((name) => !bare.includes(name));
  const { folders } = await buildFunctions({ functions: names });
  const folder = await bundleBare();
  return new Map([...folders, ...bare.map((name) => [name, folder] as const)]);
}

/** The same request in its ways, the bare one first: a user's key is looked up, the bootstrap key is not. */
async function casesOf({ origin, apiKey }: LocalCloud): Promise<[string, Case[]][]> {
  const { call } = apiOf(origin, apiKey);
  const user = await call('POST', '/v1/users', { email: 'bench@example.com', name: 'Bench', role: 'developer' });
  const { id: userId } = user.body as { id: string };
  const made = await call('POST', '/v1/api-keys', { name: 'bench', userId });
  const mine = { 'x-api-key': (made.body as { key: string }).key };
  const exchanged = await call('POST', '/v1/auth/token', undefined, mine);
  const token = { authorization: `Bearer ${(exchanged.body as { accessToken: string }).accessToken}` };
  const json = { 'content-type': 'application/json' };
  const run = { definition: { name: 'Bench', steps: [{ command: 'navigate.to', url: 'https://a.example/' }] } };
  const body = JSON.stringify(run);
  const started = await call('POST', '/v1/runs', run, mine);
  const { id } = started.body as { id: string };
  const get = { method: 'GET', status: 200 } as const;
  const post = { method: 'POST', status: 202, body } as const;
  return [
    [
      'GET /v1/runs/{id}',
      [
        { ...get, name: 'bare hono, constant', path: '/bench/constant' },
        { ...get, name: 'bare hono, the same handler', path: `/bench/runs/${id}`, headers: { 'x-user': userId } },
        {
          ...{ ...get, name: 'the same, outside the domain', path: `/bench-outside/runs/${id}` },
          headers: { 'x-user': userId },
        },
        { ...get, name: 'the API, a key', path: `/v1/runs/${id}`, headers: mine },
        { ...get, name: 'the API, a token', path: `/v1/runs/${id}`, headers: token },
      ],
    ],
    [
      'POST /v1/runs',
      [
        { ...post, name: 'bare hono, constant', path: '/bench/constant', status: 200, headers: json },
        { ...post, name: 'bare hono, the same handler', path: '/bench/runs', headers: { ...json, 'x-user': userId } },
        {
          ...{ ...post, name: 'the same, outside the domain', path: '/bench-outside/runs' },
          headers: { ...json, 'x-user': userId },
        },
        { ...post, name: 'the API, a key', path: '/v1/runs', headers: { ...json, ...mine } },
        { ...post, name: 'the API, a token', path: '/v1/runs', headers: { ...json, ...token } },
      ],
    ],
  ];
}

/** All cases in turn, request by request, so that what disturbs the machine disturbs them alike. */
async function compare(title: string, cases: readonly Case[]): Promise<void> {
  const client = createClient(cloud.origin);
  const figures = cases.map(() => ({ ms: [] as number[], perSecond: [] as number[] }));
  try {
    for (const one of cases) await client.oneAtATime(one, requests / 3);
    for (let n = 0; n < requests * ROUNDS; n++) {
      for (const [i, one] of cases.entries()) figures[i]?.ms.push(...(await client.oneAtATime(one, 1)));
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, one] of cases.entries()) figures[i]?.perSecond.push(await client.manyAtATime(one, requests));
    }
  } finally {
    client.close();
  }
  console.log(line(title, ['p50', 'p95', 'p99', 'over the handler', 'and outside', 'a second']));
  const [handler, outside] = [1, 2].map((i) => percentile(figures[i]?.ms ?? [], 0.5)) as [number, number];
  for (const [i, { name }] of cases.entries()) {
    const { ms = [], perSecond = [] } = figures[i] ?? {};
    const over = (bare: number) => (i < 3 ? '' : `${(percentile(ms, 0.5) - bare).toFixed(2)} ms`);
    const shares = [0.5, 0.95, 0.99].map((share) => `${percentile(ms, share).toFixed(2)} ms`);
    console.log(line(`  ${name}`, [...shares, over(handler), over(outside), median(perSecond).toFixed(0)]));
  }
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(32)}${cells.map((cell) => cell.padStart(17)).join('')}`;
}
