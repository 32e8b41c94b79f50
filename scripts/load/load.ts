import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { createApiKeys, hashOfKey, newApiKey, prefixOfKey } from '../../shared/domain/api-keys.ts';
import { createUsers } from '../../shared/domain/users.ts';
import { limits } from '../../shared/http/rate-limits.ts';
import { scopesOfRole } from '../../shared/http/scopes.ts';
import type { Clients } from '../../shared/platform/clients.ts';
import { testPlatform } from '../../shared/platform/testing.ts';
import { apiOf } from '../chain/api.ts';
import { type GoogleClients, googleClients } from '../chain/clients.ts';
import { startCloud } from '../local/cloud.ts';
import { ask, PATHS, type User } from './client.ts';
import { SMALL_HEAP, watchMemory } from './memory.ts';

/** What came of a load. */
export interface Outcome {
  /** Those who keep to their limit, and those who do not. */
  readonly modest: readonly User[];
  readonly greedy: readonly User[];
  /** What a greedy user may have got at most. */
  readonly most: number;
  /** Megabytes of the largest instance, once a second. */
  readonly memory: readonly number[];
}

const GREEDY = 4;
const MODEST = 10;
/** Of the requests that a minute allows, what a modest user asks for. */
const SHARE = 0.5;

/**
 * Clients of several users, at once: one of each modest user, and of the greedy ones all the others.
 * @param factor what the limits are multiplied by
 */
export async function load(options: { clients: number; seconds: number; factor?: number }): Promise<Outcome> {
  const { clients, seconds, factor = 1 } = options;
  const perMinute = limits.read.perMinute * factor;
  const cloud = await startCloud({
    environment: { ...SMALL_HEAP, RATE_LIMIT_FACTOR: String(factor), LOG_LEVEL: 'WARNING' },
  });
  const google = googleClients(cloud);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  try {
    const modest = await usersOf(google, 'modest', MODEST, 60_000 / (perMinute * SHARE));
    const greedy = await usersOf(google, 'greedy', GREEDY, 0);
    await Promise.all(PATHS.map((path) => apiOf(cloud.origin, cloud.apiKey).call('GET', path)));
    const memory = watchMemory(cloud);
    const begun = Date.now();
    const until = begun + seconds * 1000;
    const crowd = Array.from({ length: clients - MODEST }, (_, i) => greedy[i % GREEDY] as User);
    await Promise.all([...modest, ...crowd].map((user) => ask(user, cloud.origin, agent, until)));
    memory.stop();
    // What was there at the beginning, and what has come since.
    const most = perMinute * (1 + Math.ceil((Date.now() - begun) / 1000) / 60);
    return { modest, greedy, most: Math.ceil(most), memory: memory.megabytes };
  } finally {
    agent.destroy();
    await google.close();
    await cloud.close();
  }
}

/** Users with a key each, written as the API would: to make so many by requests is limited, too. */
async function usersOf({ firestore }: GoogleClients, kind: string, count: number, everyMs: number): Promise<User[]> {
  const platform = { ...testPlatform(), clients: { firestore: async () => firestore } as unknown as Clients };
  const [users, keys] = [createUsers(platform), createApiKeys(platform)];
  return await Promise.all(
    Array.from({ length: count }, async (_, n): Promise<User> => {
      const [id, name, apiKey] = [`usr_${kind}${n}`, `${kind} ${n + 1}`, newApiKey(randomBytes)];
      const role = 'developer' as const;
      await users.create({ id, name, role, email: `${kind}${n}@example.com`, settings: {}, disabled: false });
      await keys.create({
        ...{ id: hashOfKey(apiKey), key_id: `key_${kind}${n}`, user_id: id, name },
        ...{ prefix: prefixOfKey(apiKey), scopes: [...scopesOfRole[role]] },
      });
      return { name, apiKey, everyMs, tally: { done: 0, refused: 0, wrong: [] } };
    }),
  );
}

/** What is not as it must be: nothing, when all is well. */
export function violationsOf({ modest, greedy, most }: Outcome): string[] {
  const all = [...modest, ...greedy];
  const wrong = all.flatMap(({ name, tally }) => tally.wrong.map((words) => `${name}: ${words}`));
  const refused = modest.filter(({ tally }) => tally.refused > 0);
  const tooMany = greedy.filter(({ tally }) => tally.done > most);
  const ratio = ratioOf(greedy);
  return [
    ...wrong,
    ...refused.map(({ name, tally }) => `${name} keeps to the limit, and was refused ${tally.refused} times`),
    ...tooMany.map(({ name, tally }) => `${name} got ${tally.done} answers, where ${most} are the most`),
    ...(ratio > MOST_RATIO ? [`one greedy user got ${ratio.toFixed(2)} times as much as another`] : []),
  ];
}

/** How much more one of those who take what they get may get than another. */
const MOST_RATIO = 1.25;

/** The most that one of the users got, of the least that one did. */
export function ratioOf(users: readonly User[]): number {
  const done = users.map(({ tally }) => tally.done);
  return Math.max(...done) / Math.max(1, Math.min(...done));
}
