import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GoogleClients, googleClients } from '../chain/clients.ts';
import { KillableCloud } from './killable-cloud.ts';
import { auditLedger, openAccounts, transfer } from './ledger.ts';
import { type Mail, openMail } from './mail.ts';
import { Random } from './random.ts';
import { watch } from './watchers.ts';
import { type TaskWork, taskWork } from './work.ts';

export interface TortureOptions {
  readonly seed: number;
  /** How often the cloud's process is killed. */
  readonly kills: number;
  readonly writers?: number;
  /** How many transfers are acknowledged between two kills, at most; 120 when absent. */
  readonly between?: number;
  readonly log?: (line: string) => void;
}

/** What a torture came to. */
export interface TortureReport {
  /** Everything that must not be; empty when the cloud stood it. */
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Ids of what was acknowledged. */
interface Acknowledged {
  readonly transfers: Set<string>;
  readonly tasks: Set<string>;
  readonly messages: Set<string>;
  /** How many calls ended without saying whether they had an effect. */
  unknown: number;
}

const SETTLE_MS = 60_000;

/**
 * Writers, listeners, tasks and messages on a local cloud whose process is killed and started again at random: says
 * what was acknowledged and is lost, half done, out of order or stuck.
 */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const { seed, kills, writers = 8, between = 120, log = () => {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-torture-'));
  const cloud = new KillableCloud(folder);
  let google: GoogleClients | undefined;
  try {
    await cloud.start();
    const { port } = cloud;
    google = googleClients({ origin: `http://127.0.0.1:${port}`, port });
    return await under(cloud, google, { random: new Random(seed), kills, writers, between, log });
  } finally {
    await google?.close();
    await cloud.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function under(
  cloud: KillableCloud,
  { firestore, tasks, pubsub }: GoogleClients,
  { writers, ...rest }: Required<Omit<TortureOptions, 'seed'>> & { random: Random },
): Promise<TortureReport> {
  const { random } = rest;
  await openAccounts(firestore);
  const watchers = watch(firestore);
  const work = await taskWork(tasks, random.fork());
  const mail = await openMail(pubsub, random.fork());
  const acknowledged: Acknowledged = { transfers: new Set(), tasks: new Set(), messages: new Set(), unknown: 0 };
  try {
    const stop = new AbortController();
    const writing = Array.from({ length: writers }, (_, n) => {
      const does = { transfer: (id: string, own: Random) => transfer(firestore, id, own), work, mail };
      return write(`w${n}`, random.fork(), does, acknowledged, stop.signal);
    });
    const slow = await killing(cloud, { ...rest, acknowledged }).finally(() => stop.abort());
    await Promise.all(writing);
    const stuck = await settle(cloud, { work, mail, acknowledged, seen: watchers.seen });
    const audit = await auditLedger(firestore, acknowledged.transfers);
    return {
      violations: [...slow, ...watchers.violations, ...audit, ...stuck],
      counts: countsOf(acknowledged, watchers.snapshots(), work, mail),
    };
  } finally {
    watchers.stop();
    await mail.close();
    await work.close();
  }
}

/** One writer: transfers one after the other, tasks and messages beside them; resolves when all have ended. */
async function write(
  name: string,
  random: Random,
  does: { transfer(id: string, random: Random): Promise<void>; work: TaskWork; mail: Mail },
  acknowledged: Acknowledged,
  signal: AbortSignal,
): Promise<void> {
  const aside = new Set<Promise<void>>();
  const note = (made: Promise<void>, id: string, into: Set<string>) => {
    const noted = made.then(
      () => void into.add(id),
      () => void acknowledged.unknown++,
    );
    aside.add(noted);
    return noted.finally(() => aside.delete(noted));
  };
  for (let n = 1; !signal.aborted; n++) {
    const id = `${name}-${n}`;
    if (random.chance(0.5)) void note(does.work.create(id), id, acknowledged.tasks);
    if (random.chance(0.5)) void note(does.mail.publish(id), id, acknowledged.messages);
    await note(does.transfer(id, random), id, acknowledged.transfers);
    await sleep(random.below(10));
    if (aside.size > 50) await Promise.all(aside);
  }
  await Promise.all(aside);
}

/** Kills and starts, each time when some writes were acknowledged since; says when they were not. */
async function killing(
  cloud: KillableCloud,
  options: { random: Random; kills: number; between: number; acknowledged: Acknowledged; log: (line: string) => void },
): Promise<string[]> {
  const { random, kills, between, log } = options;
  const { transfers } = options.acknowledged;
  for (let kill = 0; kill <= kills; kill++) {
    const enough = transfers.size + 1 + random.below(between);
    if (!(await holds(() => transfers.size >= enough)))
      return [`no writes were acknowledged for ${SETTLE_MS / 1000} s after kill ${kill}`];
    if (kill === kills) break;
    await sleep(random.below(100));
    await cloud.kill();
    log(`kill ${kill + 1}: ${transfers.size} transfers so far`);
    await sleep(random.below(200));
    log(`ready again after ${Math.round(await cloud.start())} ms`);
  }
  return [];
}

/** Waits until nothing is under way any more; says what still is. */
async function settle(
  cloud: KillableCloud,
  {
    work,
    mail,
    acknowledged,
    seen,
  }: { work: TaskWork; mail: Mail; acknowledged: Acknowledged; seen: ReadonlySet<string> },
): Promise<string[]> {
  const left = () => [
    ...missing(acknowledged.transfers, seen).map((id) => `the listener has not seen transfer ${id}`),
    ...missing(acknowledged.tasks, work.done).map((id) => `task ${id} is stuck`),
    ...missing(acknowledged.messages, mail.pulled, mail.dead).map((id) => `message ${id} was not pulled`),
    ...missing(acknowledged.messages, mail.pushed).map((id) => `message ${id} was not pushed`),
  ];
  let waiting: string[] = [];
  await holds(async () => {
    if (left().length > 0) {
      // What a killed process had handed out is only given again when its deadline has passed.
      cloud.advance(5000);
      return false;
    }
    waiting = await work.waiting();
    return waiting.length === 0;
  });
  return [...left(), ...waiting.map((id) => `task ${id} is still in the queue`)];
}

/** What is in none of the sets. */
const missing = (all: ReadonlySet<string>, ...sets: readonly ReadonlySet<string>[]): string[] =>
  [...all].filter((id) => !sets.some((set) => set.has(id)));

/** Whether a condition comes true in time. */
async function holds(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + SETTLE_MS; performance.now() < end; await sleep(50))
    if (await condition()) return true;
  return false;
}

function countsOf(acknowledged: Acknowledged, snapshots: number, work: TaskWork, mail: Mail): Record<string, number> {
  return {
    'transfers acknowledged': acknowledged.transfers.size,
    'tasks acknowledged': acknowledged.tasks.size,
    'task calls refused by their receiver': work.refused(),
    'messages acknowledged': acknowledged.messages.size,
    'messages dead-lettered': mail.dead.size,
    'calls without a known outcome': acknowledged.unknown,
    'snapshots checked': snapshots,
  };
}
