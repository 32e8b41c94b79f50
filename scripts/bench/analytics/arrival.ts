import type { PubSub } from '@google-cloud/pubsub';
import { toCloudEvent } from '../../../shared/events/publish.ts';
import { commandEvents } from '../../../shared/resources/topics.ts';
import type { GoogleClients } from '../../chain/clients.ts';
import type { LocalCloud } from '../../local/cloud.ts';

/** How fast events become rows. */
export interface Arrival {
  readonly events: number;
  /** From the first publish until the last row can be queried. */
  readonly perSecond: number;
  readonly lagP50Ms: number;
  readonly lagP95Ms: number;
}

const BATCH = 500;
const PAUSE_MS = 20;

/**
 * Publishes events through Pub/Sub and drains them by ingest-analytics, one drain after the other, until each can be
 * queried in BigQuery. A batch's lag counts from its publishing.
 */
export async function measureArrival(cloud: LocalCloud, google: GoogleClients, batches: number): Promise<Arrival> {
  // The first drain starts an instance and opens the warehouse.
  await publish(google.pubsub, -1);
  await cloud.runSchedule('ingest-analytics');
  const before = await rowsOf(google);
  const publishedAt: number[] = [];
  const lags: number[] = [];
  const startedAt = performance.now();
  let draining = true;
  const drains = (async () => {
    while (draining) await cloud.runSchedule('ingest-analytics');
  })();
  const publishing = (async () => {
    for (let batch = 0; batch < batches; batch++) {
      publishedAt.push(performance.now());
      await publish(google.pubsub, batch);
    }
  })();
  while (lags.length < batches) {
    const there = (await rowsOf(google)) - before;
    const now = performance.now();
    while (lags.length < Math.floor(there / BATCH)) lags.push(now - (publishedAt[lags.length] ?? now));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  draining = false;
  await Promise.all([drains, publishing]);
  const sorted = lags.sort((a, b) => a - b);
  const nth = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const events = batches * BATCH;
  return { events, perSecond: events / seconds, lagP50Ms: nth(0.5), lagP95Ms: nth(0.95) };
}

async function publish(pubsub: PubSub, batch: number): Promise<void> {
  const topic = pubsub.topic(commandEvents.name, { batching: { maxMessages: BATCH, maxMilliseconds: 5 } });
  const time = new Date();
  const messages = Array.from({ length: BATCH }, (_, n) =>
    toCloudEvent({
      ...{ type: 'command.executed', key: [batch, n], subject: `sessions/ses_${batch}`, time },
      data: {
        ...{ user_id: 'usr_bench', session_id: `ses_${batch}`, checkpoint_id: 'chk_1', position: n },
        ...{ command: 'interact.click', status: 'passed', executed_at: time.toISOString(), duration_ms: n },
        ...{ healed: false, attempt: 1, region: 'us-central1' },
      },
    }),
  );
  await Promise.all(messages.map((event) => topic.publishMessage({ data: Buffer.from(JSON.stringify(event)) })));
}

async function rowsOf({ bigquery }: GoogleClients): Promise<number> {
  const [[row]] = await bigquery.query('SELECT COUNT(*) AS n FROM analytics.command_executions');
  return Number(row.n);
}
