import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { apiKeySecret } from '../../../shared/resources/secrets.ts';
import { type GoogleClients, googleClients } from '../../chain/clients.ts';
import { type LocalCloud, startCloud } from '../../local/cloud.ts';
import { type Received, startReceiver, until } from '../../local/plumbing/receiver.ts';
import type { World } from '../behaviour.ts';
import { functions, resources } from './functions.ts';

/** What a function got: a request, or an event, whose protobuf data is base64. */
export interface Told {
  readonly function: string;
  readonly pid: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string | undefined>;
  readonly body?: string;
  readonly event: Record<string, string>;
  readonly data: Record<string, unknown> & { readonly base64?: string };
}

/** A cloud of the suite's own functions, which tell what they get, and do as they are told. */
export interface Stage {
  readonly cloud: LocalCloud;
  readonly google: GoogleClients;
  /** What was logged so far. */
  readonly lines: readonly Record<string, unknown>[];
  /** A word that nothing has had before: functions are known to be at a behaviour by it. */
  mark(): string;
  /** Sends a request to a function by its name. */
  ask(name: string, path: string, init?: RequestInit): Promise<Response>;
  /** What a function got with the mark in it, so far; of any function, without a name. */
  told(mark: string, name?: string): Told[];
  /** Waits until a function got so much. */
  heard(mark: string, name: string, count?: number): Promise<Told[]>;
  /** Lets functions answer what has the mark with these statuses, in turn, then with 200. */
  answers(mark: string, ...statuses: number[]): void;
  /** Holds what has the mark back from now on; what it returns lets it go. */
  hold(mark: string): () => void;
}

/** A variable of this process that is no function's business. */
export const PROBE = 'CONFORMANCE_PROBE';

const BUNDLE = fileURLToPath(new URL('../../local/host/fixtures/bundle', import.meta.url));
/** Short, so that behaviours can wait for what Cloud Run does after minutes and seconds. */
const TIMES = { idleMs: 2000, queueMs: 500 };

export async function openStage(world: World): Promise<Stage> {
  process.env[PROBE] = 'seen';
  world.onEnd(async () => void delete process.env[PROBE]);
  const lines: Record<string, unknown>[] = [];
  const statuses = new Map<string, number[]>();
  const held = new Map<string, ServerResponse[]>();
  const receiver = await startReceiver(({ body }, _, response) => {
    const hold = find(held, body);
    if (hold) return void hold.push(response);
    return find(statuses, body)?.shift() ?? 200;
  });
  world.onEnd(() => receiver.close());
  const cloud = await startCloud({
    ...{ functions, resources: { ...resources, secrets: [apiKeySecret] }, ...TIMES },
    bundles: async () => new Map(functions.map(({ name }) => [name, BUNDLE])),
    environment: { RECEIVER_URL: receiver.url },
    log: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  world.onEnd(() => cloud.close());
  const google = googleClients(cloud);
  world.onEnd(() => google.close());
  const told: Stage['told'] = (mark, name) =>
    receiver.received
      .filter(({ path, body }) => has(body, mark) && (name === undefined || path === `/${name}`))
      .map(read);
  return {
    ...{ cloud, google, lines, told },
    mark: () => world.name('m'),
    ask: (name, path, init) => fetch(`${cloud.origin}/functions/${name}${path}`, init),
    async heard(mark, name, count = 1) {
      await until(() => told(mark, name).length >= count);
      return told(mark, name);
    },
    answers: (mark, ...given) => void statuses.set(mark, given),
    hold(mark) {
      held.set(mark, []);
      return () => {
        const responses = held.get(mark) ?? [];
        held.delete(mark);
        for (const response of responses) response.end();
      };
    },
  };
}

function read({ path, body }: Received): Told {
  return { function: path.slice(1), ...(JSON.parse(body) as Omit<Told, 'function'>) };
}

/** Whether the mark stands in what a function told, in its data too, which may be base64 of a message's or document's. */
function has(body: string, mark: string): boolean {
  if (body.includes(mark)) return true;
  const encoded = /"(?:base64|data)":"([A-Za-z0-9+/=]+)"/.exec(body)?.[1];
  return encoded !== undefined && Buffer.from(encoded, 'base64').includes(mark);
}

function find<T>(marked: ReadonlyMap<string, T>, body: string): T | undefined {
  for (const [mark, value] of marked) if (has(body, mark)) return value;
  return undefined;
}
