import assert from 'node:assert/strict';
import { resources } from '../../shared/resources/index.ts';
import { type Receiver, startReceiver } from '../demo/receiver.ts';
import { pullOnce, subscriberClient } from '../local/pubsub/client.ts';
import { LOCATION } from '../local/tasks/client.ts';
import type { DeliveryKeeper } from './deliveries.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { snapshotOf } from './snapshot.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const testAt = (origin: string) => `
name: Look twice
starting_url: ${origin}/
config: { retries: 1, timeout: 1500 }
checkpoints:
  - name: Passes
    steps: [{ assert: Welcome }]
  - name: Fails
    steps: [{ assert: { type: not-exists, selector: h1 } }]
`;

const INVOKER = 'virtuoso-invoker@virtuoso-local.iam.gserviceaccount.com';

/** A run whose every event and task comes a second time. */
export function secondDelivery(suite: () => SuiteCloud, keeper: DeliveryKeeper): void {
  let pages: PageServer;
  let receiver: Receiver;

  before(async () => {
    pages = await startPages({ '/': () => pageOf('<h1>Welcome</h1>') });
    receiver = await startReceiver();
  });
  after(async () => {
    await receiver?.close();
    await pages?.close();
  });

  it('changes nothing when every event and task is delivered again', async function () {
    this.timeout(120_000);
    const { cloud, google, call, rows, lines } = suite();
    const webhook = (await call('POST', '/v1/webhooks', { url: receiver.url, events: ['*'] })).body;
    const { id, secret } = webhook as { id: string; secret: string };
    receiver.secret = secret;
    const subscriptions = resources.topics.slice(0, 4).map(({ name }) => ({ topic: name, name: `again-${name}` }));
    for (const { topic, name } of subscriptions) await google.pubsub.createSubscription(topic, name);

    const before = keeper.kept().length;
    await call('POST', '/v1/tests?name=twice.yaml&run=on-upload', testAt(pages.origin));
    await cloud.settle();
    await cloud.runSchedule('ingest-analytics');
    await cloud.settle();
    const first = { ...(await stored()), webhooks: receiver.received.map((got) => got.id) };
    assert.equal(first.webhooks.length, new Set(first.webhooks).size);
    const visits = pages.visits('/');
    const since = lines.length;

    const told = await tellAgain(keeper.kept().slice(before));
    await publishAgain();
    await enqueueAgain();
    await cloud.settle();
    await cloud.runSchedule('ingest-analytics');
    await cloud.settle();

    const again = { ...(await stored()), webhooks: receiver.received.map((got) => got.id) };
    assert.deepEqual(again, first);
    assert.equal(pages.visits('/'), visits);
    const done = new Set(
      lines.slice(since).flatMap(({ message }) => (/ done$/.test(message) ? [message.slice(0, -5)] : [])),
    );
    const reacting = [
      'import-test',
      'plan-run',
      'run-session',
      'on-checkpoint',
      'on-session',
      'build-report',
      'on-report',
    ];
    for (const name of [...reacting, 'fan-out-webhooks', 'deliver-webhook']) assert.ok(done.has(name), name);
    assert.ok(told.has('plan-run'));
    await call('DELETE', `/v1/webhooks/${id}`);

    async function stored() {
      const tables = await Promise.all(
        ['command_executions', 'test_runs'].map((table) =>
          rows(`SELECT COUNT(*) AS n, COUNT(DISTINCT event_id) AS events FROM analytics.${table}`),
        ),
      );
      for (const [row] of tables) assert.equal(row?.n, row?.events);
      return { stored: await snapshotOf(google), tables };
    }

    async function tellAgain(events: ReturnType<DeliveryKeeper['kept']>) {
      for (const event of events) {
        const { headers, body } = event;
        const url = `${cloud.origin}/functions/${event.function}`;
        const answer = await fetch(url, { method: 'POST', headers, body: body as BodyInit });
        assert.ok(answer.ok, `${event.function}: ${answer.status}`);
      }
      return new Set(events.map((event) => event.function));
    }

    async function publishAgain() {
      const raw = subscriberClient(cloud.port);
      for (const { topic, name } of subscriptions) {
        const messages = await pullOnce(raw, name, 1000);
        await google.pubsub.subscription(name).delete();
        for (const { message } of messages) {
          const data = Buffer.from(message?.data as Uint8Array);
          await google.pubsub.topic(topic).publishMessage({ data, attributes: message?.attributes ?? {} });
        }
      }
      await raw.close();
    }

    async function enqueueAgain() {
      const tasks = [
        ...(await idsOf('sessions')).map((id) => ['test-suite', 'run-session', { session_id: id }] as const),
        ...(await idsOf('deliveries')).map(
          (id) => ['webhook-delivery', 'deliver-webhook', { delivery_id: id }] as const,
        ),
      ];
      for (const [queue, to, payload] of tasks) {
        const url = `${cloud.origin}/functions/${to}`;
        const body = Buffer.from(JSON.stringify(payload));
        const headers = { 'content-type': 'application/json' };
        const oidcToken = { serviceAccountEmail: INVOKER, audience: url };
        const httpRequest = { url, httpMethod: 'POST' as const, headers, body, oidcToken };
        await google.tasks.createTask({ parent: `${LOCATION}/queues/${queue}`, task: { httpRequest } });
      }
    }

    async function idsOf(collection: string) {
      return (await google.firestore.collection(collection).get()).docs.map((document) => document.id);
    }
  });
}
