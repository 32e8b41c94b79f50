import { allScopes } from '../../../shared/http/scopes.ts';
import { pick, type Random, random } from '../../../shared/test-files/testing/random.ts';
import { type Answer, apiOf } from '../../chain/api.ts';
import { judge } from './judge.ts';
import { mutations } from './mutations.ts';
import { operationsOf } from './operations.ts';
import { type Known, type RawRequest, validRequest } from './request.ts';
import { createSender } from './send.ts';

/** A request that was answered wrongly. */
export interface Find {
  readonly seed: number;
  readonly problem: string;
  readonly mutations: readonly string[];
  readonly request: RawRequest;
}

/** What came of a run: the finds, and how often each status was answered. */
export interface Outcome {
  readonly finds: readonly Find[];
  readonly statuses: ReadonlyMap<number, number>;
}

const MOST_FINDS = 20;
const AT_ONCE = 8;
const TOLD_EVERY = 1000;
/** Ids of a kind that requests may name; the oldest go. */
const MOST_IDS = 20;

/** Sends so many requests to an API, each of a seed of its own, and judges the answers. Stops after a number of finds. */
export async function fuzzApi(
  api: { readonly origin: string; readonly apiKey: string },
  { count, seed }: { readonly count: number; readonly seed: number },
  tell: (done: number) => void,
): Promise<Outcome> {
  const operations = operationsOf();
  const sender = createSender(api.origin);
  const ids = new Map<string, string[]>();
  const { apiKey, userId } = await newAdministrator(api);
  const known: Known = { apiKey, ids };
  const finds: Find[] = [];
  const statuses = new Map<number, number>();
  let round = 0;

  async function one(own: number): Promise<void> {
    const next = random(own);
    const { request, names } = spoilt(validRequest(pick(operations, next), known, next), next);
    const problem = await sender.send(request).then(
      (answer) => {
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        remember(ids, request, answer, userId);
        return judge(request, answer);
      },
      (error: unknown) => `no answer: ${String(error)}`,
    );
    if (problem) finds.push({ seed: own, problem, mutations: names, request });
  }
  async function work(): Promise<void> {
    while (round < count && finds.length < MOST_FINDS) {
      const own = (seed + Math.imul(round++, 0x9e3779b1)) >>> 0;
      if (round % TOLD_EVERY === 0) tell(round);
      await one(own);
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    sender.close();
  }
  return { finds, statuses };
}

/** A quarter of the requests stay as they are; others are wrong in one way or in several. */
function spoilt(valid: RawRequest, next: Random): { request: RawRequest; names: string[] } {
  const names = Array.from({ length: pick([0, 1, 1, 2], next) }, () => pick(Object.keys(mutations), next));
  const request = names.reduce((sofar, name) => mutations[name]?.(sofar, next) ?? sofar, valid);
  return { request, names };
}

/** A user who may do everything but erase themselves, and is stored: the bootstrap key's is not. */
async function newAdministrator({ origin, apiKey }: { readonly origin: string; readonly apiKey: string }) {
  const { call } = apiOf(origin, apiKey);
  const scopes = allScopes.filter((scope) => scope !== 'account:erase');
  const user = await call('POST', '/v1/users', { email: 'fuzz@example.com', name: 'Fuzz', role: 'admin' });
  const { id: userId } = user.body as { id: string };
  const made = await call('POST', '/v1/api-keys', { name: 'fuzz', userId, scopes });
  return { userId, apiKey: (made.body as { key: string }).key };
}

/** What an answer made can be named by the requests after it; but for the one who asks, who would lock themselves out. */
function remember(ids: Map<string, string[]>, { path }: RawRequest, { status, body }: Answer, self: string): void {
  const id = (body as { id?: unknown } | null)?.id;
  if (status >= 300 || typeof id !== 'string' || id === self) return;
  const resource = path.split(/[/?]/)[2] ?? '';
  // To look at a live session's page is to wait for a browser.
  if (resource === 'sessions') return;
  const kept = ids.get(resource) ?? [];
  if (!kept.includes(id)) ids.set(resource, [...kept, id].slice(-MOST_IDS));
}
