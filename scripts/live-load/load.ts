import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../chain/api.ts';
import { type Hits, startHits } from './hits.ts';

export interface LoadOptions {
  /** Live sessions at once. */
  readonly sessions: number;
  /** Clients of each session, all at once. */
  readonly clients: number;
  /** Commands that each client sends, one after the other. */
  readonly commands: number;
}

/** What came of it. */
export interface LoadFacts {
  /** Commands that were answered as passed. */
  readonly answered: number;
  /** Most sessions at a time that said that they wait for a browser. */
  readonly waiting: number;
  /** Most that had one. */
  readonly running: number;
  /** What must not be; empty when all is well. */
  readonly violations: readonly string[];
}

interface Answered {
  readonly n: number;
  readonly status: string;
}

/** Who looks how the sessions are leaves the machine time for them. */
const LOOK_MS = 200;

/** Opens live sessions, all at once, and has clients send them commands, over HTTP only. */
export async function liveLoad({ call }: Pick<Api, 'call'>, options: LoadOptions): Promise<LoadFacts> {
  const hits = await startHits();
  const seen = { waiting: 0, running: 0 };
  let over = false;
  const look = async (): Promise<void> => {
    for (; !over; await sleep(LOOK_MS)) {
      const { body } = await call('GET', '/v1/sessions?pageSize=200');
      const { items } = body as { items: { status: string }[] };
      for (const status of ['waiting', 'running'] as const)
        seen[status] = Math.max(seen[status], items.filter((one) => one.status === status).length);
    }
  };
  const looking = look();
  try {
    const all = Array.from({ length: options.sessions }, () => useSession(call, hits, options));
    const each = await Promise.all(all).finally(() => {
      over = true;
    });
    await looking;
    const violations = each.flatMap((one) => one.violations);
    return { answered: each.reduce((sum, one) => sum + one.answered, 0), ...seen, violations };
  } finally {
    over = true;
    await hits.close();
  }
}

/** One session's life: its clients send, each waits for the answers; then it is closed. */
async function useSession(call: Api['call'], hits: Hits, { clients, commands }: LoadOptions) {
  const opened = await call('POST', '/v1/sessions', { baseUrl: hits.origin, config: { screenshots: 'none' } });
  const { id } = opened.body as { id: string };
  const send = async (name: string): Promise<[string, Answered]> => {
    const step = { command: 'navigate.to', url: `/hit?session=${id}&command=${name}` };
    const sent = await call('POST', `/v1/sessions/${id}/commands`, { step }, { 'idempotency-key': `${id}-${name}` });
    let command = sent.body as Answered;
    while (command.status === 'pending' || command.status === 'running') {
      const wait = { prefer: 'wait=60' };
      command = (await call('GET', `/v1/sessions/${id}/commands/${command.n}`, undefined, wait)).body as Answered;
    }
    return [name, command];
  };
  const client = async (number: number): Promise<[string, Answered][]> => {
    const answers: [string, Answered][] = [];
    for (let count = 1; count <= commands; count++) answers.push(await send(`${number}-${count}`));
    return answers;
  };
  const perClient = await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  const { resumed } = (await call('GET', `/v1/sessions/${id}`)).body as { resumed: number };
  await call('DELETE', `/v1/sessions/${id}`);
  const answers = perClient.flat();
  const passed = answers.filter(([, { status }]) => status === 'passed');
  return {
    answered: passed.length,
    violations: violationsOf(id, perClient, resumed > 0 ? withoutRepetitions(hits.of(id)) : hits.of(id)),
  };
}

/** Another browser that goes on opens again what was being opened: that asks nobody for anything. */
const withoutRepetitions = (visits: readonly string[]): string[] =>
  visits.filter((visit, i) => visit !== visits[i - 1]);

/** Each command passed and was done once, in the order of its number; a client's in the order in which it sent them. */
function violationsOf(id: string, perClient: readonly [string, Answered][][], visits: readonly string[]): string[] {
  const answers = perClient.flat();
  const bad = answers
    .filter(([, { status }]) => status !== 'passed')
    .map(([name, { status }]) => `${name} is ${status}`);
  const inOrder = answers.toSorted(([, a], [, b]) => a.n - b.n);
  const numbers = inOrder.map(([, { n }]) => n);
  const names = inOrder.map(([name]) => name);
  const lost = numbers.some((n, i) => n !== i + 1);
  const disordered = perClient.some((own) => own.some(([, { n }], i) => i > 0 && n <= (own[i - 1]?.[1].n ?? 0)));
  return [
    ...bad,
    ...(lost ? [`the numbers are ${numbers.join(' ')}`] : []),
    ...(disordered ? ['a client has a later number for an earlier command'] : []),
    ...(names.join(' ') === visits.join(' ') ? [] : [`numbered ${names.join(' ')}, done ${visits.join(' ')}`]),
  ].map((violation) => `${id}: ${violation}`);
}
