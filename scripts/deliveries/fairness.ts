import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebhookEntity } from '../../schemas/entities.ts';
import { read } from '../../shared/domain/documents.ts';
import { pagesOf } from '../../shared/domain/subscribers.ts';
import { subscribersCollection, webhooksCollection } from '../../shared/resources/collections.ts';
import { Random } from '../torture/random.ts';
import { type Receivers, startReceivers } from './receivers.ts';
import { eventId, type Stage, setStage } from './stage.ts';

/** How a user with one endpoint fares beside one with many. */
export interface Fared {
  /** Milliseconds from an event to its endpoint: with nobody else there, and while the other user's many are sent. */
  readonly alone: readonly number[];
  readonly beside: readonly number[];
  /** Of the other user's endpoints, those that had been asked when the last of this user's events had arrived. */
  readonly othersBefore: number;
}

const MANY = 'usr_many';

/**
 * Sends one event to many endpoints of a user, which take it and say nothing, and meanwhile events of another user to one
 * endpoint.
 */
export async function fare(endpoints: number, events: number): Promise<Fared> {
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-deliveries-'));
  const over = Promise.withResolvers<void>();
  const hold = (endpoint: number) => (endpoint < endpoints ? over.promise : undefined);
  const receivers = await startReceivers({ count: endpoints + 1, random: new Random(1), failures: 0, hold });
  let stage: Stage | undefined;
  try {
    stage = await setStage(folder);
    const [own = ''] = await stage.subscribe(receivers, endpoints, endpoints + 1);
    await copyFor(MANY, own, endpoints, stage, receivers);
    await arrivals(stage, receivers, endpoints, [0, events]);
    const alone = await arrivals(stage, receivers, endpoints, [events, 2 * events]);
    await stage.publish(10_000, 10_001, MANY);
    while (receivers.asked() < 2) await new Promise((resolve) => setImmediate(resolve));
    const beside = await arrivals(stage, receivers, endpoints, [20_000, 20_000 + events]);
    return { alone, beside, othersBefore: receivers.asked() - 1 };
  } finally {
    over.resolve();
    await stage?.close();
    await receivers.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Publishes events one after the other. @returns how long each took to its endpoint */
async function arrivals(
  { publish }: Stage,
  { arrived }: Receivers,
  endpoint: number,
  [from, to]: readonly [number, number],
): Promise<number[]> {
  const times: number[] = [];
  for (let n = from; n < to; n++) {
    const arrival = arrived(endpoint, eventId(n));
    const publishedAt = Date.now();
    await publish(n, n + 1);
    await arrival;
    times.push(Date.now() - publishedAt);
  }
  return times;
}

/** Gives a user as many endpoints, all alike. */
async function copyFor(
  userId: string,
  webhookId: string,
  count: number,
  { google: { firestore } }: Stage,
  receivers: Receivers,
): Promise<void> {
  const webhook = read<WebhookEntity>(await firestore.collection(webhooksCollection.name).doc(webhookId).get());
  if (!webhook) throw new Error(`there is no webhook '${webhookId}'`);
  const copies = Array.from({ length: count }, (_, n) => {
    return { ...webhook, id: `whk_many_${n}`, user_id: userId, url: receivers.url(n) };
  });
  const writer = firestore.bulkWriter();
  for (const copy of copies) void writer.create(firestore.collection(webhooksCollection.name).doc(copy.id), copy);
  for (const page of pagesOf(copies)) void writer.create(firestore.collection(subscribersCollection.name).doc(), page);
  await writer.close();
}
