import assert from 'node:assert/strict';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { type NewEvent, toCloudEvent } from '../../shared/events/publish.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const USER = 'usr_bootstrap';

/** Endpoints that want order, or only so much at a time; and who is subscribed at all. */
export function deliveryOrder(cloud: () => SuiteCloud): void {
  describe('that want it so', () => {
    let endpoint: Endpoint;
    beforeEach(async () => {
      endpoint = await startEndpoint();
    });
    afterEach(() => endpoint?.close());

    async function make(more: object): Promise<string> {
      const asked = { url: endpoint.url, events: ['run.*', 'report.ready'], ...more };
      const { status, body } = await cloud().call('POST', '/v1/webhooks', asked);
      assert.equal(status, 201, JSON.stringify(body));
      return (body as { id: string }).id;
    }
    async function publish(event: NewEvent): Promise<string> {
      const envelope = toCloudEvent(event);
      const attributes = { type: envelope.type, source: envelope.source, subject: envelope.subject, user_id: USER };
      const data = Buffer.from(JSON.stringify(envelope));
      await cloud().google.pubsub.topic('webhook-events').publishMessage({ data, attributes });
      return envelope.id;
    }
    const told = (run: string, n: number): NewEvent => ({
      ...{ type: 'run.started', key: [run, n], subject: `runs/${run}`, time: new Date(1_772_625_600_000 + n * 1000) },
      data: { user_id: USER, run_id: run, sessions: n },
    });
    const until = (webhook: string, event: string, fits: (delivery: DeliveryEntity) => boolean) =>
      new Promise<void>((resolve, reject) => {
        const found = cloud()
          .google.firestore.collection('deliveries')
          .where('webhook_id', '==', webhook)
          .where('type', '==', 'run.started')
          .orderBy('created_at', 'desc');
        const stop = found.onSnapshot(({ docs }) => {
          const one = docs.map((snapshot) => snapshot.data() as DeliveryEntity).find((each) => each.event_id === event);
          if (!one || !fits(one)) return;
          stop();
          resolve();
        }, reject);
      });
    const sessions = () =>
      endpoint.got.map(({ body }) => (JSON.parse(body) as { data: { sessions: number } }).data.sessions);

    it('get what tells of one run in the order in which it happened, one after the other', async () => {
      const id = await make({ ordered: true });
      endpoint.answer = { status: 500 };
      const last = await publish(told('run_o', 3));
      const first = await publish(told('run_o', 1));
      await publish(told('run_o', 2));
      // The first one fails: the others wait for it.
      await until(id, first, ({ attempts }) => attempts.length === 1);
      endpoint.answer = { status: 204 };
      await until(id, last, ({ status }) => status === 'delivered');
      assert.deepEqual([...new Set(sessions())], [1, 2, 3]);
      assert.deepEqual(sessions(), sessions().toSorted());
      const other = await publish(told('run_p', 0));
      await until(id, other, ({ status }) => status === 'delivered');
    });

    it('get one at a time, whichever instance it is that sends', async () => {
      const id = await make({ concurrency: 1 });
      let underWay = 0;
      let most = 0;
      endpoint.during = async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
      };
      const events = await Promise.all([1, 2, 3, 4].map((n) => publish(told(`run_c${n}`, n))));
      for (const event of events) await until(id, event, ({ status }) => status === 'delivered');
      assert.equal(endpoint.got.length, 4);
      assert.equal(most, 1);
      // Each gives its place back after it is recorded.
      await cloud().until<{ held: object }>(`cache/slots-${id}`, ({ held }) => Object.keys(held).length === 0);
    });
  });

  describe('are subscribed', () => {
    const pages = async () => {
      const { docs } = await cloud().google.firestore.collection('subscribers').where('user_id', '==', USER).get();
      return docs.map((page) => Object.keys(page.get('subscribers') as object));
    };
    const call = async (method: string, path: string, body?: object) =>
      (await cloud().call(method, path, body)).body as { id: string };

    it('on a page of their user, while they are active', async () => {
      const [one, two] = await Promise.all(
        ['a', 'b'].map((path) =>
          call('POST', '/v1/webhooks', { url: `http://127.0.0.1:9/${path}`, events: ['test.*'] }),
        ),
      );
      assert.deepEqual((await pages()).flat().sort(), [one?.id, two?.id].sort());
      await call('PATCH', `/v1/webhooks/${one?.id}`, { active: false });
      assert.deepEqual(await pages(), [[two?.id]]);
      await call('PATCH', `/v1/webhooks/${one?.id}`, { active: true, description: 'A' });
      assert.equal((await pages()).flat().length, 2);
      for (const each of [one, two]) await cloud().call('DELETE', `/v1/webhooks/${each?.id}`);
      assert.deepEqual(await pages(), []);
    });
  });
}
