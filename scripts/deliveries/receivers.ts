import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Random } from '../torture/random.ts';

/** A request that an endpoint got. */
export interface Received {
  readonly endpoint: number;
  /** `webhook-id` */
  readonly id: string;
  readonly signature: string;
  /** What it was answered with; null when the connection was cut instead. */
  readonly answered: number | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ReceiverOptions {
  readonly count: number;
  readonly random: Random;
  /** Share of the requests that fail, from 0 to 1. */
  readonly failures: number;
  /** How long an endpoint thinks before it answers, in milliseconds. */
  readonly latencyMs?: number;
  /** What an endpoint waits for beside that. */
  readonly hold?: (endpoint: number) => Promise<void> | undefined;
}

/** Endpoints that keep what they get, verify it with the official library and fail at random. */
export interface Receivers {
  readonly received: Received[];
  /** What was refused by the verifier, in words. */
  readonly refused: string[];
  url(endpoint: number): string;
  /** The secrets that deliveries to an endpoint are verified with. */
  trust(endpoint: number, secret: string): void;
  /** Resolves when the request of an event comes to an endpoint: to be called before the event is published. */
  arrived(endpoint: number, id: string): Promise<void>;
  /** Endpoints that got a request so far, whether they have answered it or not. */
  asked(): number;
  /** Resolves when so many requests have come in all. */
  reached(count: number): Promise<void>;
  close(): Promise<void>;
}

/** What a request may fail with: a status, or null for a connection that is cut. */
const FAILURES = [500, 503, 429, 404, null] as const;

export async function startReceivers({
  count,
  random,
  failures,
  latencyMs = 0,
  hold,
}: ReceiverOptions): Promise<Receivers> {
  const received: Received[] = [];
  const refused: string[] = [];
  const secrets = new Map<number, Webhook>();
  const waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  const arrivals = new Map<number, number>();
  const expecting = new Map<string, () => void>();
  const arrive = ({ endpoint, id }: Pick<Received, 'endpoint' | 'id'>) => {
    arrivals.set(endpoint, (arrivals.get(endpoint) ?? 0) + 1);
    expecting.get(`${endpoint} ${id}`)?.();
  };
  const note = (one: Received) => {
    received.push(one);
    for (const waiter of waiting)
      if (received.length >= waiter.count) {
        waiting.delete(waiter);
        waiter.resolve();
      }
  };
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const body = await text(request);
    const endpoint = Number(request.url?.slice(1));
    const headers = request.headers as Record<string, string>;
    const { 'webhook-id': id = '', 'webhook-signature': signature = '' } = headers;
    try {
      secrets.get(endpoint)?.verify(body, headers);
    } catch (error) {
      refused.push(`endpoint ${endpoint}, ${id}: ${(error as Error).message}`);
    }
    arrive({ endpoint, id });
    await hold?.(endpoint);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const answered = random.chance(failures) ? (FAILURES[random.below(FAILURES.length)] ?? null) : 204;
    note({ endpoint, id, signature, answered, at });
    if (answered === null) return void request.socket.destroy();
    response.writeHead(answered).end();
  }
  const server = createServer((request, response) => {
    take(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ received, refused },
    url(endpoint) {
      if (endpoint > count) throw new RangeError(`there are ${count} endpoints, and one that nobody subscribes`);
      return `http://127.0.0.1:${port}/${endpoint}`;
    },
    trust: (endpoint, secret) => void secrets.set(endpoint, new Webhook(secret)),
    arrived: (endpoint, id) => new Promise((resolve) => expecting.set(`${endpoint} ${id}`, resolve)),
    asked: () => arrivals.size,
    reached: (wanted) =>
      received.length >= wanted ? Promise.resolve() : new Promise((resolve) => waiting.add({ count: wanted, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
