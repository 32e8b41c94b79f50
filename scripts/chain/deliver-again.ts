import assert from 'node:assert/strict';
import { resources } from '../../shared/resources/index.ts';
import { pullOnce, subscriberClient } from '../local/pubsub/client.ts';
import { LOCATION } from '../local/tasks/client.ts';
import type { KeptDelivery } from './deliveries.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const INVOKER = 'virtuoso-invoker@virtuoso-local.iam.gserviceaccount.com';
const queues = { 'run-session': 'test-suite', 'deliver-webhook': 'webhook-delivery' } as const;
const topics = resources.topics.map(({ name }) => name).filter((name) => name !== 'dead-letters');

/** Sends events of documents and objects to their functions, one after the other. */
export async function tellAgain({ cloud }: SuiteCloud, events: readonly KeptDelivery[]): Promise<void> {
  for (const { function: name, headers, body } of events) {
    const url = `${cloud.origin}/functions/${name}`;
    const answer = await fetch(url, { method: 'POST', headers, body: body as BodyInit });
    assert.ok(answer.ok, `${name}: ${answer.status}`);
  }
}

/** Keeps what is published from now on; what it gives back publishes that once more and keeps no more. */
export async function keepMessages({ cloud, google }: SuiteCloud): Promise<() => Promise<void>> {
  for (const topic of topics) await google.pubsub.createSubscription(topic, `again-${topic}`);
  return async () => {
    const raw = subscriberClient(cloud.port);
    for (const topic of topics) {
      const messages = await pullOnce(raw, `again-${topic}`, 1000);
      await google.pubsub.subscription(`again-${topic}`).delete();
      for (const { message } of messages) {
        const data = Buffer.from(message?.data as Uint8Array);
        await google.pubsub.topic(topic).publishMessage({ data, attributes: message?.attributes ?? {} });
      }
    }
    await raw.close();
  };
}

/** Puts a second task for a session or a delivery on its queue. */
export async function enqueueAgain(
  { cloud, google }: SuiteCloud,
  to: keyof typeof queues,
  payload: Record<string, string>,
): Promise<void> {
  const url = `${cloud.origin}/functions/${to}`;
  await google.tasks.createTask({
    parent: `${LOCATION}/queues/${queues[to]}`,
    task: {
      httpRequest: {
        ...{ url, httpMethod: 'POST' as const, headers: { 'content-type': 'application/json' } },
        body: Buffer.from(JSON.stringify(payload)),
        oidcToken: { serviceAccountEmail: INVOKER, audience: url },
      },
    },
  });
}
