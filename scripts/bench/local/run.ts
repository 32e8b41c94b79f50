/** What the local cloud costs beside the raw store under it: `npm run bench:local -- [PART OF A CASE'S NAME]`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { googleClients } from '../../chain/clients.ts';
import { KillableCloud } from '../../torture/killable-cloud.ts';
import { median } from '../timing.ts';
import { bigqueryCases } from './bigquery.ts';
import type { Case, Cases } from './case.ts';
import { firestoreCases } from './firestore.ts';
import { startFloor } from './floor.ts';
import { pubsubCases } from './pubsub.ts';
import { storageCases } from './storage.ts';
import { tasksCases } from './tasks.ts';

/** On gRPC, where the official client and the wire cost more than most stores do. */
const grpcServices: readonly Cases[] = [firestoreCases, pubsubCases];
const otherServices: readonly Cases[] = [tasksCases, storageCases, bigqueryCases];
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
  const [raw, rawOfFloor] = [openRaw('raw.db'), openRaw('floor.db')];
  const google = googlesOf(cloud.port);
  const floor = await startFloor();
  const floorGoogle = googlesOf(floor.port);
  console.log(line('', ['per second', 'raw store', 'of raw', 'processor of raw', 'client of raw']));
  try {
    for (const cases of grpcServices) {
      const least = await cases({ google: floorGoogle, raw: rawOfFloor, folder });
      for (const [at, one] of (await cases({ google, raw, folder })).entries())
        if (one.name.includes(part)) console.log(await measure(one, least[at]));
    }
    for (const cases of otherServices)
      for (const one of await cases({ google, raw, folder }))
        if (one.name.includes(part)) console.log(await measure(one));
  } finally {
    await Promise.all([google.close(), floorGoogle.close()]);
    floor.stop();
    raw.close();
    rawOfFloor.close();
  }
}

function googlesOf(port: number) {
  return googleClients({ origin: `http://127.0.0.1:${port}`, port });
}

function openRaw(name: string): DatabaseSync {
  const raw = new DatabaseSync(join(folder, name));
  raw.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  return raw;
}

/**
 * Ratios say how many times as long the local cloud takes as the raw store: on the clock, where the official client and
 * the wire count too, and in processor time of the cloud's process beside that of the raw store. What else runs on the
 * machine disturbs the clock more than the processor time. `least` is the same work on a server that does nothing: what
 * the client and the wire take of the clock whatever the store.
 */
async function measure({ name, unit, count, local, onRaw }: Case, least?: Case): Promise<string> {
  const before = await cloud.usage();
  const localMs = await timed(local);
  const cpuMs = (await cloud.usage()).cpuMs - before.cpuMs;
  const leastMs = least && (await timed(least.local));
  const rawBefore = process.cpuUsage();
  const rawMs = await timed(async () => onRaw());
  const { user, system } = process.cpuUsage(rawBefore);
  const perSecond = (ms: number) => Math.round((count / ms) * 1000).toString();
  const ratios = [localMs / rawMs, cpuMs / ((user + system) / 1000), ...(leastMs ? [leastMs / rawMs] : [])].map(
    (ratio) => `${ratio.toFixed(1)} ×`,
  );
  return line(name, [`${perSecond(localMs)} ${unit}`, perSecond(rawMs), ...ratios]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function line(name: string, [local = '', ...figures]: readonly string[]): string {
  return `${name.padEnd(52)}${local.padStart(22)}${figures.map((figure) => figure.padStart(18)).join('')}`;
}
