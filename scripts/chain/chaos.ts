import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectFiles } from '../cli/collect-files.ts';
import { type Receiver, startReceiver } from '../demo/receiver.ts';
import { startShop } from '../demo/site/server.ts';
import type { ChaosSettings } from '../local/chaos/settings.ts';
import { until } from '../local/plumbing/receiver.ts';
import { pullOnce, subscriberClient } from '../local/pubsub/client.ts';
import { type Facts, readFacts } from './chaos-facts.ts';
import { processesWith } from './processes.ts';
import { type SuiteCloud, startSuite, suiteOptions } from './suite-cloud.ts';
import { temporaryFolder } from './temporary.ts';

/** What the shop's tests came to, and how they did. */
export interface ShopOutcome extends Facts {
  /** How many faults were made, by name. */
  readonly faults: ReadonlyMap<string, number>;
  /** Processes that were left when the cloud was gone. */
  readonly left: number;
  readonly seconds: number;
}

const DEMO = join(import.meta.dirname, '../demo');
/** A run that takes longer is stuck. */
const RUN_MS = 600_000;
/** Under chaos what failed waits for its next attempt: some of those waits are ten seconds and more. */
const SETTLE_MS = 240_000;
/** Acknowledgements that got lost come to light when their deadline of a minute has passed. */
const ACK_DEADLINE_MS = 61_000;
/** What was asked for is in the warehouse, lost acknowledgements or not, before ids are forgotten: in ten minutes. */
const MOST_DRAINS = 8;
const PULLED = ['analytics-command-events', 'analytics-test-events', 'analytics-system-events'];

/**
 * Runs tests of the demo's shop through the whole chain, upload to warehouse, and looks at what came out.
 * @param names of the test files, below the demo's folder: all of them, with those that fail, when absent.
 * @throws Error when something is still to be done after minutes.
 */
export async function runShopUnder(
  chaos: Partial<ChaosSettings> | undefined,
  names: readonly string[] = ['tests', 'failing'],
): Promise<ShopOutcome> {
  const startedAt = performance.now();
  const temporary = temporaryFolder();
  const [shop, receiver] = [await startShop({ port: 0 }), await startReceiver()];
  let suite: SuiteCloud | undefined;
  let facts: Facts;
  let faults: ReadonlyMap<string, number>;
  try {
    suite = await startSuite({
      ...suiteOptions(temporary.path),
      ...(chaos && { chaos }),
    });
    const run = await runTests(suite, { receiver, baseUrl: shop.origin, names });
    await suite.cloud.settle({ timeoutMs: SETTLE_MS });
    facts = await drained(suite, () => readFacts(suite as SuiteCloud, { run, receiver }));
    faults = new Map(suite.cloud.faults);
    if (processesWith('TMPDIR', temporary.path).length === 0) throw new Error("the cloud's processes are not found");
  } finally {
    await suite?.close();
    await receiver.close();
    await shop.close();
  }
  const left = await leftOf(temporary.path);
  temporary.remove();
  return { ...facts, faults, left, seconds: Math.round((performance.now() - startedAt) / 1000) };
}

async function runTests(
  { cloud, call, start, ended }: SuiteCloud,
  { receiver, baseUrl, names }: { receiver: Receiver; baseUrl: string; names: readonly string[] },
): Promise<string> {
  const events = ['run.*', 'session.*', 'report.ready', 'test.*'];
  const { body } = await call('POST', '/v1/webhooks', { url: receiver.url, events });
  receiver.secret = (body as { secret: string }).secret;
  const files = await collectFiles(names.map((name) => join(DEMO, name)));
  const tests = await Promise.all(files.map(async ({ name, path }) => upload(call, name, await readFile(path))));
  await cloud.settle({ timeoutMs: SETTLE_MS });
  const { id } = await start(tests, { baseUrl });
  await within(RUN_MS, ended(id), `the run ${id} has not ended`);
  return id;
}

/** An import that met faults takes minutes: whoever uploads does not wait for it. Resolves with the test's id. */
async function upload(call: SuiteCloud['call'], name: string, source: Uint8Array): Promise<string> {
  const { status, body } = await call('POST', `/v1/tests?name=${encodeURIComponent(name)}`, source);
  if (status !== 202) throw new Error(`${name} was answered with ${status}: ${JSON.stringify(body)}`);
  return (body as { id: string }).id;
}

/** @throws Error with the message when it takes longer. */
async function within<T>(ms: number, work: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} within ${ms / 1000} s`)), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Ingests until no message is left, not even one whose acknowledgement was lost, and every request has its row. */
async function drained({ cloud }: SuiteCloud, read: () => Promise<Facts>): Promise<Facts> {
  const raw = subscriberClient(cloud.port);
  try {
    for (let round = 1; ; round++) {
      await cloud.runSchedule('ingest-analytics');
      cloud.clock.advance(ACK_DEADLINE_MS);
      const held = await Promise.all(PULLED.map((name) => pullOnce(raw, name)));
      const facts = await read();
      const complete = facts.tables.every(({ events, facts }) => events >= facts);
      if ((complete && held.flat().length === 0) || round === MOST_DRAINS) return facts;
      cloud.clock.advance(ACK_DEADLINE_MS);
    }
  } finally {
    await raw.close();
  }
}

/** How many of the cloud's processes do not end: they are given some seconds. */
async function leftOf(temporary: string): Promise<number> {
  const end = performance.now() + 10_000;
  await until(() => processesWith('TMPDIR', temporary).length === 0 || performance.now() > end);
  return processesWith('TMPDIR', temporary).length;
}
