import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../torture/random.ts';
import { type Compared, compare } from './compare.ts';
import { type Receivers, startReceivers } from './receivers.ts';
import { type Stage, setStage } from './stage.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly deliveries: number;
  readonly endpoints: number;
  /** How often the deliverer is killed. */
  readonly kills: number;
  /** Share of the requests that fail, from 0 to 1. */
  readonly failures: number;
  readonly log?: (line: string) => void;
}

export interface Simulated extends Compared {
  readonly counts: Readonly<Record<string, number>>;
}

const DELIVERER = 'deliver-webhook';
/** Beyond the longest wait between two attempts: what functions schedule by the real time is due at once. */
const AHEAD_MS = 48 * 3_600_000;
/** What a queue waits before it sends a task again that got no answer passes faster. */
const STEP_MS = 30_000;
const LONGEST_MS = 30 * 60_000;
/** Deliveries that wait for their first attempt. */
const MOST_WAITING = 400;

/** Delivers events to endpoints that fail at random, by a deliverer that is killed again and again. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const { seed, endpoints, failures, log = () => {} } = options;
  const random = new Random(seed);
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-deliveries-'));
  const receivers = await startReceivers({ count: endpoints, random: random.fork(), failures, latencyMs: 5 });
  let stage: Stage | undefined;
  try {
    stage = await setStage(folder);
    const webhooks = await stage.subscribe(receivers, 0, endpoints);
    stage.cloud.clock.advance(AHEAD_MS);
    log(`${endpoints} endpoints are subscribed`);
    const [events, killed] = await Promise.all([
      publishBitByBit(stage, receivers, options),
      killWhileDelivering(stage, receivers.received, options, random.fork()),
    ]);
    await finish(stage);
    const deliveries = await stage.deliveries();
    const { received, refused } = receivers;
    const compared = compare({ webhooks, events, log: deliveries, received, killed });
    return {
      ...compared,
      violations: [...refused, ...compared.violations],
      counts: {
        deliveries: deliveries.length,
        requests: received.length,
        'failed on purpose': received.filter(({ answered }) => answered !== 204).length,
        kills: options.kills,
        'under way at a kill': killed,
        'of them not in the log': compared.unrecorded,
        'most attempts of one': Math.max(...deliveries.map(({ attempts }) => attempts.length)),
      },
    };
  } finally {
    await stage?.close();
    await receivers.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Publishes all events, never so many that an endpoint, which is in this process too, would answer too late. */
async function publishBitByBit(
  stage: Stage,
  { reached }: Receivers,
  { deliveries, endpoints }: SimulationOptions,
): Promise<string[]> {
  const all = Math.ceil(deliveries / endpoints);
  const atOnce = Math.ceil(MOST_WAITING / endpoints);
  const events: string[] = [];
  while (events.length < all) {
    events.push(...(await stage.publish(events.length, Math.min(all, events.length + atOnce))));
    await reached((events.length - atOnce / 2) * endpoints);
  }
  return events;
}

/** Kills the deliverer as often as it is to be, evenly over the requests. @returns how much was under way each time */
async function killWhileDelivering(
  { cloud }: Stage,
  received: readonly unknown[],
  { kills, deliveries, log = () => {} }: SimulationOptions,
  random: Random,
): Promise<number> {
  let underWay = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const from = (deliveries / (kills + 1)) * kill;
    await until(
      () => received.length >= from && busiest(cloud) > 0,
      () => step(cloud),
    );
    await pause(random.below(20));
    underWay += busiest(cloud);
    cloud.killInstance(DELIVERER);
    log(`kill ${kill} of ${kills}, after ${received.length} requests`);
  }
  return underWay;
}

/** Requests in the instance that a kill ends. */
const busiest = (cloud: Stage['cloud']): number =>
  Math.max(0, ...cloud.instances().flatMap((one) => (one.function === DELIVERER ? one.active : [])));

const step = (cloud: Stage['cloud']) => cloud.clock.advance(STEP_MS);

async function finish({ cloud }: Stage): Promise<void> {
  const stepping = setInterval(() => step(cloud), 1000);
  try {
    await cloud.settle({ timeoutMs: LONGEST_MS });
  } finally {
    clearInterval(stepping);
  }
}

const LOOK_EVERY_MS = 5;
const STEP_EVERY = 200;

/** Waits until it is so; now and then time passes faster. */
async function until(isSo: () => boolean, meanwhile: () => void): Promise<void> {
  const end = Date.now() + LONGEST_MS;
  for (let look = 1; !isSo(); look++) {
    if (Date.now() > end) throw new Error('nothing is delivered any more');
    if (look % STEP_EVERY === 0) meanwhile();
    await pause(LOOK_EVERY_MS);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
