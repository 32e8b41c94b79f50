/**
 * Webhook deliveries through the local cloud beside a plain loop of the same requests (undici's `fetch`, as the runtime
 * has it), to the same endpoints in the same minute: `npm run bench:webhooks -- [EVENTS]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeliveryEntity } from '../../../schemas/entities.ts';
import { deliveryHeaders } from '../../../shared/events/webhook-headers.ts';
import { newWebhookSecret, signatureHeaders } from '../../../shared/events/webhook-signature.ts';
import { inParallel } from '../../../shared/platform/in-parallel.ts';
import { type Receivers, startReceivers } from '../../deliveries/receivers.ts';
import { type Stage, setStage } from '../../deliveries/stage.ts';
import { Random } from '../../torture/random.ts';

const ENDPOINTS = 20;
/** Requests of the loop at a time: one after the other, and as many as the deliverer has under way at most. */
const LOOPS = [1, 50];
const LATENCIES_MS = [0, 50];
const LONE_EVENTS = 40;

const events = Number(process.argv[2] ?? 50);
for (const latencyMs of LATENCIES_MS) await measure(latencyMs);

async function measure(latencyMs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-bench-'));
  const receivers = await startReceivers({ count: ENDPOINTS, random: new Random(1), failures: 0, latencyMs });
  const stage = await setStage(folder);
  try {
    console.log(`\nendpoints that answer after ${latencyMs} ms`);
    await stage.subscribe(receivers, 0, ENDPOINTS);
    await warmUp(stage, receivers);
    const deliveries = events * ENDPOINTS;
    const before = new Map(stage.cloud.meter);
    const perSecond = await timed(deliveries, async () => {
      await stage.publish(1000, 1000 + events);
      await receivers.reached(receivers.received.length + deliveries);
    });
    await stage.cloud.settle({ timeoutMs: 600_000 });
    const operations = billed(before, stage.cloud.meter);
    console.log(line('deliveries', `${perSecond.toFixed(0)} /s`));
    const requests = (await stage.deliveries()).slice(0, Math.min(deliveries, 1000));
    for (const parallel of LOOPS) {
      const loop = await timed(requests.length, () => plainLoop(requests, receivers, parallel));
      const ratio = `${((perSecond / loop) * 100).toFixed(0)} % of it`;
      console.log(line(`plain loop, ${parallel} at a time`, `${loop.toFixed(0)} /s`, ratio));
    }
    for (const [operation, count] of operations)
      console.log(line(`  ${operation} a delivery`, (count / deliveries).toFixed(3)));
    await firstAttempts(stage, receivers);
  } finally {
    await stage.close();
    await receivers.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The functions' processes are there, and have read their secrets. */
async function warmUp(stage: Stage, { reached, received }: Receivers): Promise<void> {
  await stage.publish(0, 10);
  await reached(received.length + 10 * ENDPOINTS);
  await stage.cloud.settle();
}

async function plainLoop(list: readonly DeliveryEntity[], receivers: Receivers, parallel: number): Promise<void> {
  const secret = newWebhookSecret();
  await inParallel(parallel, list, async ({ event_id: id, body }) => {
    const signature = signatureHeaders({ id, timestamp: Math.floor(Date.now() / 1000), body, secrets: [secret] });
    const { 'content-length': _length, ...headers } = { ...deliveryHeaders(body), ...signature };
    const answer = await fetch(receivers.url(ENDPOINTS), { method: 'POST', headers, body });
    await answer.text();
  });
}

/** From an event's publication to its first attempt, one event after the other. */
async function firstAttempts(stage: Stage, receivers: Receivers): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < LONE_EVENTS; n++) {
    const reached = receivers.received.length;
    const publishedAt = Date.now();
    await stage.publish(100_000 + n, 100_001 + n);
    await receivers.reached(reached + ENDPOINTS);
    times.push(...receivers.received.slice(reached).map(({ at }) => at - publishedAt));
    await stage.cloud.settle();
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => `${times[Math.floor(times.length * share)]} ms`;
  console.log(line('event to first attempt, p50', at(0.5)));
  console.log(line('event to first attempt, p95', at(0.95)));
}

function billed(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): [string, number][] {
  return [...after]
    .map(([name, count]): [string, number] => [name, count - (before.get(name) ?? 0)])
    .filter(([name, count]) => count > 0 && !/_ms\//.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (count / (performance.now() - startedAt)) * 1000;
}

function line(name: string, figure: string, ratio = ''): string {
  return `${name.padEnd(44)}${figure.padStart(12)}${ratio.padStart(16)}`;
}
