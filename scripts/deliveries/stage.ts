import { join } from 'node:path';
import { functions } from '../../functions/index.ts';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { read } from '../../shared/domain/documents.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { webhookEvents } from '../../shared/resources/topics.ts';
import { type Api, apiOf } from '../chain/api.ts';
import { type GoogleClients, googleClients } from '../chain/clients.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import type { Receivers } from './receivers.ts';

/** The functions that deliver, on a local cloud, and what is needed to have them deliver. */
export interface Stage {
  readonly cloud: LocalCloud;
  readonly google: GoogleClients;
  readonly api: Api;
  /** Subscribes the endpoints from one number up to another, without that. @returns their webhooks' ids */
  subscribe(receivers: Receivers, from: number, to: number): Promise<string[]>;
  /** Publishes events of a user, the bootstrap one when none is named. @returns their ids */
  publish(from: number, to: number, userId?: string): Promise<string[]>;
  /** The log: every delivery there is. */
  deliveries(): Promise<DeliveryEntity[]>;
  close(): Promise<void>;
}

const NEEDED = ['webhooks', 'fan-out-webhooks', 'deliver-webhook', 'on-webhook', 'resume-deliveries'];
const PAGE = 1000;
const USER = 'usr_bootstrap';

/** @param folder for the data, and what functions put aside */
export async function setStage(folder: string, log: (line: string) => void = () => {}): Promise<Stage> {
  const cloud = await startCloud({
    data: join(folder, 'cloud'),
    functions: functions.filter(({ name }) => NEEDED.includes(name)),
    log,
  });
  const google = googleClients(cloud);
  const api = apiOf(cloud.origin, cloud.apiKey);
  const topic = google.pubsub.topic(webhookEvents.name, { batching: { maxMessages: 100, maxMilliseconds: 5 } });
  return {
    ...{ cloud, google, api },
    async subscribe(receivers, from, to) {
      const ids: string[] = [];
      for (let endpoint = from; endpoint < to; endpoint++) {
        const { status, body } = await api.call('POST', '/v1/webhooks', { url: receivers.url(endpoint) });
        const { id, secret } = body as { id: string; secret: string };
        if (status !== 201) throw new Error(`a webhook could not be made: ${status}`);
        receivers.trust(endpoint, secret);
        ids.push(id);
      }
      return ids;
    },
    publish: (from, to, userId = USER) =>
      Promise.all(
        Array.from({ length: to - from }, async (_, n) => {
          const envelope = toCloudEvent(eventOf(from + n, userId));
          const attributes = {
            type: envelope.type,
            source: envelope.source,
            subject: envelope.subject,
            user_id: userId,
          };
          await topic.publishMessage({ data: Buffer.from(JSON.stringify(envelope)), attributes });
          return envelope.id;
        }),
      ),
    async deliveries() {
      const all: DeliveryEntity[] = [];
      const collection = google.firestore.collection('deliveries').orderBy('__name__').limit(PAGE);
      for (let page = await collection.get(); ; page = await collection.startAfter(page.docs.at(-1)).get()) {
        all.push(...page.docs.map((document) => read<DeliveryEntity>(document) as DeliveryEntity));
        if (page.size < PAGE) return all;
      }
    },
    async close() {
      await google.close();
      await cloud.close();
    },
  };
}

/** The id of the nth event of the bootstrap user. */
export const eventId = (n: number): string => toCloudEvent(eventOf(n, USER)).id;

const eventOf = (n: number, userId: string): NewEvent<'run.completed'> => ({
  type: 'run.completed',
  key: [n],
  subject: `runs/run_${n}`,
  time: new Date(),
  data: {
    ...{ user_id: userId, run_id: `run_${n}`, status: 'passed', sessions: 3 },
    ...{ passed: 3, failed: 0, error: 0, duration_ms: 1234 },
  },
});
