/** What the local cloud costs beside the raw store under it: `npm run bench:local -- [PART OF A CASE'S NAME]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { googleClients } from '../../chain/clients.ts';
import { KillableCloud } from '../../torture/killable-cloud.ts';
import { median } from '../timing.ts';
import { bigqueryCases } from './bigquery.ts';
import type { Bench, Case, Cases } from './case.ts';
import { firestoreCases } from './firestore.ts';
import { pubsubCases } from './pubsub.ts';
import { storageCases } from './storage.ts';
import { tasksCases } from './tasks.ts';

const services: readonly Cases[] = [firestoreCases, pubsubCases, tasksCases, storageCases, bigqueryCases];
const TRIPS = 50;
const STARTS = 3;

const folder = await mkdtemp(join(tmpdir(), 'virtuoso-bench-'));
const cloud = new KillableCloud(join(folder, 'cloud'));
try {
  const starts = [];
  for (let n = 0; n < STARTS; n++) {
    starts.push(await cloud.start());
    if (n < STARTS - 1) await cloud.kill();
  }
  await compare(process.argv[2] ?? '');
  const [first = 0, ...again] = starts;
  console.log(
    `\nprocess start to ready: ${Math.round(first)} ms on a new folder, ${Math.round(median(again))} ms again`,
  );
} finally {
  await cloud.kill();
  await rm(folder, { recursive: true, force: true });
}

async function compare(part: string): Promise<void> {
  const raw = new DatabaseSync(join(folder, 'raw.db'));
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const google = googleClients({ origin: `http://127.0.0.1:${cloud.port}`, port: cloud.port });
  const bench: Bench = { google, raw, folder };
  console.log(line('', ['per second', 'raw store', 'of raw', 'of raw and trips']));
  try {
    for (const cases of services)
      for (const one of await cases(bench)) if (one.name.includes(part)) console.log(await measure(one));
  } finally {
    await google.close();
    raw.close();
  }
}

/** Ratios say how many times as long the local cloud takes: as the raw store alone, and with the least trips beside it. */
async function measure({ name, unit, count, trip, trips, local, onRaw }: Case): Promise<string> {
  const [tripsMs, localMs] = [await timed(() => repeat(trip)), await timed(local)];
  const rawMs = await timed(async () => onRaw());
  const floorMs = rawMs + (tripsMs / TRIPS) * trips;
  const perSecond = (ms: number) => Math.round((count / ms) * 1000).toString();
  const ratio = (ms: number) => `${(localMs / ms).toFixed(1)} ×`;
  return line(name, [`${perSecond(localMs)} ${unit}`, perSecond(rawMs), ratio(rawMs), ratio(floorMs)]);
}

async function repeat(trip: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < TRIPS; n++) await trip();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function line(name: string, [local = '', ...figures]: readonly string[]): string {
  return `${name.padEnd(52)}${local.padStart(22)}${figures.map((figure) => figure.padStart(18)).join('')}`;
}
