import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@google-cloud/pubsub';
import { atATime } from '../bench/local/case.ts';
import { type GoogleClients, googleClients } from '../chain/clients.ts';
import { startReceiver } from '../local/plumbing/receiver.ts';
import { KillableCloud } from './killable-cloud.ts';

const ROUNDS = 10;
const DOCUMENTS = 10_000;
const BATCH = 500;
const MESSAGES = 10_000;
const TASKS = 1000;
/** Old versions, finished tasks' names and retained messages are kept for a while, as Google does. */
const KEPT_MS = 25 * 3_600_000;
/** How much more the second half may use than the first. */
const ALLOWED = 1.1;

const QUEUES = 'projects/virtuoso-local/locations/us-central1';

/** What the cloud uses when nothing is left of a round's work. */
interface Use {
  readonly heap: number;
  readonly disk: number;
}

/**
 * Writes and deletes 100 000 documents, publishes and acknowledges 100 000 messages and runs 10 000 tasks, in ten rounds.
 * @returns what grew: nothing, when heap and disk of the second half of the rounds are those of the first.
 */
export async function measureMemory(log: (line: string) => void): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-memory-'));
  const cloud = new KillableCloud(folder);
  let google: GoogleClients | undefined;
  try {
    await cloud.start();
    google = googleClients({ origin: `http://127.0.0.1:${cloud.port}`, port: cloud.port });
    const round = await prepare(google);
    const uses: Use[] = [];
    for (let n = 1; n <= ROUNDS; n++) {
      await round(n);
      cloud.advance(KEPT_MS);
      const use = { heap: (await cloud.usage()).heapBytes, disk: await sizeOf(folder) };
      uses.push(use);
      log(`round ${n}: heap ${megabytes(use.heap)}, disk ${megabytes(use.disk)}`);
    }
    return growthOf(uses);
  } finally {
    await google?.close();
    await cloud.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare({ firestore, pubsub, tasks }: GoogleClients): Promise<(round: number) => Promise<void>> {
  const [topic] = await pubsub.createTopic('memory');
  await topic.createSubscription('memory');
  const queue = `${QUEUES}/queues/memory`;
  await tasks.createQueue({ parent: QUEUES, queue: { name: queue } });
  return async (round) => {
    await atATime(2, DOCUMENTS / BATCH, async (b) => {
      const documents = Array.from({ length: BATCH }, (_, n) => firestore.doc(`memory/r${round}-${b}-${n}`));
      const [sets, deletes] = [firestore.batch(), firestore.batch()];
      for (const document of documents) {
        sets.set(document, { round, name: document.id, tags: ['a', 'b'] });
        deletes.delete(document);
      }
      await sets.commit();
      await deletes.commit();
    });
    const read = receive(pubsub.subscription('memory'));
    await atATime(500, MESSAGES, (n) => topic.publishMessage({ data: Buffer.from(`message ${round}-${n}`) }));
    await read;
    const receiver = await startReceiver();
    const httpRequest = { url: receiver.url, httpMethod: 'POST' as const };
    await atATime(16, TASKS, (n) =>
      tasks.createTask({ parent: queue, task: { name: `${queue}/tasks/r${round}-${n}`, httpRequest } }),
    );
    await receiver.wait(TASKS);
    await receiver.close();
  };
}

/** Acknowledges a round's messages; resolves when the service has all of the acknowledgements. */
function receive(subscription: ReturnType<GoogleClients['pubsub']['subscription']>): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = new Set<string>();
    subscription.on('error', reject);
    subscription.on('message', (message: Message) => {
      left.add(message.data.toString());
      message.ack();
      if (left.size === MESSAGES) subscription.close().then(resolve, reject);
    });
  });
}

/** Compares the most that each half used. */
function growthOf(uses: readonly Use[]): string[] {
  const most = (half: readonly Use[], what: keyof Use) => Math.max(...half.map((use) => use[what]));
  const middle = uses.length / 2;
  return (['heap', 'disk'] as const).flatMap((what) => {
    const [first, second] = [most(uses.slice(0, middle), what), most(uses.slice(middle), what)];
    if (second <= first * ALLOWED) return [];
    return [`the ${what} grew from ${megabytes(first)} to ${megabytes(second)}`];
  });
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
