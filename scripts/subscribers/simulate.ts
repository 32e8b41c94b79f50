import { setTimeout as sleep } from 'node:timers/promises';
import type { Firestore } from '@google-cloud/firestore';
import type { RunEntity } from '../../schemas/entities.ts';
import { createRunLog, LAST_EVENT } from '../../shared/domain/run-log.ts';
import type { NewEvent } from '../../shared/events/publish.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import { testPlatform } from '../../shared/platform/testing.ts';
import { readServerSentEvents } from '../cli/server-sent-events.ts';
import { connect, startDatabase, type TestDatabase } from '../local/firestore/testing.ts';
import { Random } from '../torture/random.ts';
import { StreamingInstance } from './instance.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly subscribers: number;
  /** Events that the run has, but for its last. */
  readonly events: number;
  readonly log?: (line: string) => void;
}

export interface SimulationReport {
  /** Each subscriber that did not get exactly the log, and what was wrong. */
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const RUN = 'run_simulated';
const USER = 'usr_1';
/** How often an instance is stopped or killed after something was written; once it is at any rate, in the middle. */
const DISTURBED = 0.07;
/** What an instance takes at a time. */
const CONCURRENCY = 80;

/** What subscribers, instances and writers of a simulation share. */
interface Stage {
  readonly database: TestDatabase;
  readonly random: Random;
  readonly instances: StreamingInstance[];
  /** Those that were stopped or killed. */
  readonly gone: StreamingInstance[];
  readonly counts: Record<string, number>;
}

/**
 * Subscribers to the events of a run while they are written, by several writers that repeat themselves: subscribers
 * come early and late, leave and come again, and the instances that they are connected to are stopped and killed.
 * Says who did not get exactly the log.
 */
export async function simulateSubscribers(options: SimulationOptions): Promise<SimulationReport> {
  const { seed, subscribers, log = () => {} } = options;
  const database = await startDatabase();
  const counts = { connections: 0, 'connections cut': 0, 'instances stopped': 0, 'instances killed': 0 };
  const stage: Stage = { database, random: new Random(seed), instances: [], gone: [], counts };
  try {
    await database.db.doc(`runs/${RUN}`).set(aRun);
    for (let n = 0; n < Math.ceil(subscribers / CONCURRENCY); n++) stage.instances.push(newInstance(stage));
    const all = Promise.all(Array.from({ length: subscribers }, (_, n) => subscribe(n, stage)));
    await writeLog(options.events, stage);
    log(`the log is written: ${counts.connections} connections so far`);
    const received = await all;
    return await judge(received, options, stage);
  } finally {
    await Promise.all(stage.gone.concat(stage.instances).map((instance) => instance.close()));
    await database.close();
  }
}

const aRun: RunEntity = {
  ...{ id: RUN, user_id: USER, created_at: new Date(), updated_at: new Date() },
  selection: { tests: [], definitions: [], variables: {} },
  ...{ status: 'running', trigger: 'api' },
  totals: { sessions: 0, passed: 0, failed: 0, error: 0, checkpoints: 0, steps: 0 },
};

/** Instances are processes, each with connections of its own, of which one carries a hundred streams at most. */
const newInstance = ({ database }: Stage): StreamingInstance =>
  new StreamingInstance(connect(database.cloud, { 'grpc.use_local_subchannel_pool': 1 }));

/** A subscriber, until it is told that there is no more to come. Gives the ids of the events that it got, in order. */
async function subscribe(n: number, stage: Stage): Promise<string[]> {
  const { counts } = stage;
  const random = stage.random.fork();
  const received: string[] = [];
  let last: string | undefined;
  await sleep(random.below(1500));
  for (;;) {
    const stream = await connectTo(stage, random, last);
    if (stream === 'over') return received;
    counts.connections = (counts.connections ?? 0) + 1;
    const patience = random.chance(0.3) ? 1 + random.below(20) : Number.POSITIVE_INFINITY;
    let had = 0;
    try {
      for await (const { id, type, data } of readServerSentEvents(stream)) {
        received.push((JSON.parse(data) as { id: string }).id);
        last = id;
        if (type === LAST_EVENT && random.chance(0.5)) return received;
        if (++had === patience) break;
      }
    } catch {
      // The instance was killed: another one goes on.
    }
    if (had === patience) counts['connections cut'] = (counts['connections cut'] ?? 0) + 1;
    await sleep(random.below(200) + (n % 7));
  }
}

/** Instances that have just been killed refuse: then it is another's turn. */
async function connectTo(
  { instances }: Stage,
  random: Random,
  after: string | undefined,
): Promise<ReadableStream<Uint8Array> | 'over'> {
  for (;;) {
    const instance = instances[random.below(instances.length)] as StreamingInstance;
    try {
      return (await instance.open(RUN, USER, after)) ?? 'over';
    } catch {
      await sleep(50);
    }
  }
}

/** Stops or kills an instance, and starts another one in its place. */
function disturb(stage: Stage): void {
  const { instances, random, counts } = stage;
  const at = random.below(instances.length);
  const gone = instances[at] as StreamingInstance;
  instances[at] = newInstance(stage);
  stage.gone.push(gone);
  const killed = random.chance(0.5);
  if (killed) gone.kill();
  else gone.stop();
  const what = killed ? 'instances killed' : 'instances stopped';
  counts[what] = (counts[what] ?? 0) + 1;
}

/** Several writers, each at events of its own, some of which another one writes again. */
async function writeLog(events: number, stage: Stage): Promise<void> {
  const { database, random } = stage;
  const platform = testPlatform({ clients: { firestore: async () => database.db as Firestore } });
  const log = createRunLog({ ...platform, clock: { now: () => Date.now(), sleep: async () => {} } });
  const batches: NewEvent[][] = [];
  for (let n = 0; n < events; ) {
    const size = Math.min(events - n, 1 + random.below(4));
    batches.push(Array.from({ length: size }, (_, at) => eventOf(n + at)));
    n += size;
  }
  let next = 0;
  const writer = async (own: Random): Promise<void> => {
    while (next < batches.length) {
      const at = next++;
      await log.append(batches[at] as NewEvent[]);
      if (own.chance(0.2)) await log.append(batches[own.below(next)] as NewEvent[]);
      if (own.chance(DISTURBED) || at === Math.floor(batches.length / 2)) disturb(stage);
      await sleep(own.below(100));
    }
  };
  await Promise.all([1, 2, 3].map(() => writer(random.fork())));
  await database.db.doc(`runs/${RUN}`).update({ status: 'passed', ended_at: new Date() });
  await log.append([lastEvent]);
}

const common = { subject: `runs/${RUN}`, time: new Date() };
const eventOf = (n: number): NewEvent => ({
  ...{ ...common, type: 'session.resumed', key: [RUN, n] },
  data: {
    user_id: USER,
    session_id: `ses_${n}`,
    run_id: RUN,
    test_id: 'tst_1',
    test_name: 'A',
    attempt: 1,
    resumed: 1,
  },
});
const lastEvent: NewEvent = {
  ...{ ...common, type: LAST_EVENT, key: [RUN] },
  data: { user_id: USER, run_id: RUN, html: '', json: '', junit: '', manifest: '' },
};

async function judge(
  received: readonly string[][],
  { events }: SimulationOptions,
  { database, counts }: Stage,
): Promise<SimulationReport> {
  const platform = testPlatform({ clients: { firestore: async () => database.db as Firestore } });
  const stored = (await createRunLog(platform).read(RUN, undefined)).map(({ id }) => id);
  const wanted = new Set([
    ...Array.from({ length: events }, (_, n) => derivedId('evt', 'session.resumed', RUN, n)),
    derivedId('evt', LAST_EVENT, RUN),
  ]);
  const violations: string[] = [];
  if (stored.length !== wanted.size || stored.some((id) => !wanted.has(id)))
    violations.push(`the log has ${stored.length} events instead of ${wanted.size}`);
  for (const [n, ids] of received.entries()) {
    const at = stored.findIndex((id, place) => ids[place] !== id);
    if (at !== -1) violations.push(`subscriber ${n}: event ${at} is ${ids[at]} instead of ${stored[at]}`);
    else if (ids.length !== stored.length) violations.push(`subscriber ${n}: ${ids.length} events of ${stored.length}`);
  }
  return { violations, counts: { subscribers: received.length, events: stored.length, ...counts } };
}
