import assert from 'node:assert/strict';
import { type Receiver, startReceiver } from '../demo/receiver.ts';
import { enqueueAgain, keepMessages, tellAgain } from './deliver-again.ts';
import type { DeliveryKeeper } from './deliveries.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { snapshotOf } from './snapshot.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const testAt = (origin: string) => `
name: Look twice
starting_url: ${origin}/
config: { retries: 1, timeout: 3000 }
checkpoints:
  - name: Passes
    steps: [{ assert: Welcome }]
  - name: Fails
    steps: [{ assert: { type: not-exists, selector: h1 } }]
`;

const reacting = ['import-test', 'plan-run', 'run-session', 'on-checkpoint', 'on-session', 'build-report', 'on-report'];

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
    const { cloud, google, call, lines, logged } = suite();
    const webhook = (await call('POST', '/v1/webhooks', { url: receiver.url, events: ['*'] })).body;
    const { id, secret } = webhook as { id: string; secret: string };
    receiver.secret = secret;
    const publishAgain = await keepMessages(suite());
    const earlier = keeper.kept().length;
    await call('POST', '/v1/tests?name=twice.yaml&run=on-upload', testAt(pages.origin));
    await ingested();
    const [first, visits, since] = [await everything(), pages.visits('/'), lines.length];

    await tellAgain(suite(), keeper.kept().slice(earlier));
    await publishAgain();
    for (const session_id of await idsOf('sessions')) await enqueueAgain(suite(), 'run-session', { session_id });
    for (const delivery_id of await idsOf('deliveries'))
      await enqueueAgain(suite(), 'deliver-webhook', { delivery_id });
    await ingested();

    assert.deepEqual(await everything(), first);
    assert.equal(pages.visits('/'), visits);
    for (const name of [...reacting, 'fan-out-webhooks', 'deliver-webhook'])
      await logged((line) => line.message === `${name} done` && lines.indexOf(line) >= since);
    await call('DELETE', `/v1/webhooks/${id}`);

    async function ingested() {
      await cloud.settle();
      await cloud.runSchedule('ingest-analytics');
      await cloud.settle();
    }

    async function idsOf(collection: string) {
      return (await google.firestore.collection(collection).get()).docs.map((document) => document.id);
    }
  });

  /** What is stored, and what was sent. */
  async function everything() {
    const { google, rows } = suite();
    const tables = await Promise.all(
      ['command_executions', 'test_runs'].map((table) =>
        rows(`SELECT COUNT(*) AS n, COUNT(DISTINCT event_id) AS events FROM analytics.${table}`),
      ),
    );
    for (const [row] of tables) assert.equal(row?.n, row?.events);
    const webhooks = receiver.received.map((got) => got.id);
    assert.equal(webhooks.length, new Set(webhooks).size);
    return { stored: await snapshotOf(google), tables, webhooks };
  }
}
