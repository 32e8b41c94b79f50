import assert from 'node:assert/strict';
import type { Timestamp } from '@google-cloud/firestore';
import { Webhook } from 'standardwebhooks';
import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import { deliveryOrder } from './delivery-order.ts';
import { type Endpoint, type Got, startEndpoint } from './endpoint.ts';
import { hostile } from './hostile.ts';
import { signatures } from './signatures.ts';
import { only, type SuiteCloud, startSuite } from './suite-cloud.ts';

interface Made {
  readonly id: string;
  readonly secret: string;
  readonly publicKeys: string[];
}
interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly status: string;
  readonly type: string;
  readonly attempts: { status: number; answer?: string; durationMs: number }[];
}

describe('webhooks on the local cloud', function () {
  this.timeout(120_000);
  let suite: SuiteCloud;
  let endpoint: Endpoint;
  before(async () => {
    suite = await startSuite();
  });
  after(async () => {
    await suite?.close();
  });
  beforeEach(async () => {
    endpoint = await startEndpoint();
  });
  afterEach(async () => {
    await endpoint?.close();
    const { items } = (await suite.call('GET', '/v1/webhooks')).body as { items: Made[] };
    for (const { id } of items) await suite.call('DELETE', `/v1/webhooks/${id}`);
  });

  async function asked(method: string, path: string, status: number, body?: object, headers?: Record<string, string>) {
    const answer = await suite.call(method, path, body, headers);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    return answer;
  }
  const make = async (more: object = {}) =>
    (await asked('POST', '/v1/webhooks', 201, { url: endpoint.url, events: ['test.*'], ...more })).body as Made;
  const ended = (id: string, status: DeliveryEntity['status'] = 'delivered', attempts = 1) =>
    suite.until<DeliveryEntity>(
      `deliveries/${id}`,
      (delivery) => delivery.status === status && delivery.attempts.length === attempts,
    );
  async function ping(id: string): Promise<string> {
    const { deliveryId } = (await asked('POST', `/v1/webhooks/${id}/ping`, 202)).body as { deliveryId: string };
    return deliveryId;
  }
  const read = async (id: string) => (await asked('GET', `/v1/deliveries/${id}`, 200)).body as Delivery;
  const verified = (secret: string, { body, headers }: Got) => new Webhook(secret).verify(body, headers);

  it('are pinged, whatever they are subscribed to, with headers of their own; the answer is kept, masked', async () => {
    const { id, secret } = await make({ headers: { 'X-Team': 'Bearer t0p-s3cret' } });
    await make();
    endpoint.answer = { status: 200, body: 'thanks for t0p-s3cret' };
    const delivery = await ping(id);
    await ended(delivery);
    const got = only(endpoint.got);
    const sent = verified(secret, got) as { type: string; data: object };
    assert.deepEqual([sent.type, sent.data], ['webhook.ping', { webhook_id: id }]);
    assert.equal(got.headers['x-team'], 'Bearer t0p-s3cret');
    const shown = await read(delivery);
    assert.deepEqual([shown.status, only(shown.attempts).status], ['delivered', 200]);
    assert.match(only(shown.attempts).answer ?? '', /^thanks for •+$/);
    const stored = (await suite.google.firestore.doc(`webhooks/${id}`).get()).data() as WebhookEntity;
    assert.ok(!JSON.stringify(stored).includes('t0p-s3cret') && !JSON.stringify(stored).includes(secret));
  });

  it('are changed when they are still what the client knows', async () => {
    const { id } = await make();
    const etag = (await asked('GET', `/v1/webhooks/${id}`, 200)).headers.get('etag') ?? '';
    const patch = (status: number) =>
      asked('PATCH', `/v1/webhooks/${id}`, status, { description: 'A', payload: 'thin' }, { 'if-match': etag });
    const { body } = await patch(200);
    assert.equal((body as { description: string }).description, 'A');
    await patch(412);
  });

  it('that are gone are disabled, their owner is told, and what was missed is sent when they are back', async () => {
    const watcher = await startEndpoint();
    try {
      await make({ url: watcher.url, events: ['webhook.*'] });
      const { id } = await make();
      endpoint.answer = { status: 410 };
      const delivery = await ping(id);
      await suite.until<WebhookEntity>(`webhooks/${id}`, ({ active }) => !active);
      await suite.cloud.settle();
      const told = JSON.parse(only(watcher.got).body) as { type: string; data: Record<string, string> };
      assert.deepEqual([told.type, told.data.webhook_id], ['webhook.disabled', id]);
      for (const path of [`/v1/deliveries/${delivery}/redeliver`, `/v1/webhooks/${id}/ping`])
        await asked('POST', path, 409);
      endpoint.answer = { status: 204 };
      const { body } = await asked('PATCH', `/v1/webhooks/${id}`, 200, { active: true });
      assert.equal((body as { disabledReason?: string }).disabledReason, undefined);
      const since = new Date(Date.now() - 60_000).toISOString();
      const recovered = (await asked('POST', `/v1/webhooks/${id}/recover`, 202, { since })).body;
      assert.deepEqual(recovered, { deliveries: 1 });
      await ended(delivery, 'delivered', 2);
      assert.equal(new Set(endpoint.got.map(({ headers }) => headers['webhook-id'])).size, 1);
    } finally {
      await watcher.close();
    }
  });

  it('that fail are tried again later, or at once when somebody asks for it, under the same id', async () => {
    const { id, secret } = await make();
    endpoint.answer = { status: 500, headers: { 'retry-after': '3600' }, body: 'not now' };
    const delivery = await ping(id);
    const { next_attempt_at: next } = await ended(delivery, 'pending');
    assert.ok((next as unknown as Timestamp).toMillis() - Date.now() > 3_000_000);
    assert.equal((await read(delivery)).attempts[0]?.answer, 'not now');
    endpoint.answer = { status: 204 };
    await asked('POST', `/v1/deliveries/${delivery}/redeliver`, 202);
    await ended(delivery, 'delivered', 2);
    await asked('POST', `/v1/deliveries/${delivery}/redeliver`, 202);
    await ended(delivery, 'delivered', 3);
    for (const got of endpoint.got) verified(secret, got);
    assert.equal(new Set(endpoint.got.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size, 1);
  });

  it('get what waits although its task was given up', async () => {
    const { id } = await make();
    const delivery = await ping(id);
    await ended(delivery);
    const long = new Date(Date.now() - 3_600_000);
    await suite.google.firestore
      .doc(`deliveries/${delivery}`)
      .update({ status: 'pending', attempts: [], next_attempt_at: long });
    await suite.cloud.runSchedule('resume-deliveries');
    await ended(delivery);
    assert.equal(endpoint.got.length, 2);
  });

  it('get what their filters let through, in their format', async () => {
    const chat = await startEndpoint();
    try {
      const smoke = await make({ filters: { tags: ['smoke'] } });
      await make({ url: chat.url, format: 'slack' });
      const preview = (await asked('GET', `/v1/webhooks/${smoke.id}/preview?type=test.imported`, 200)).body;
      assert.match((preview as { body: string }).body, /"type":"test.imported"/);
      await suite.upload('other.yaml', 'name: Other\nsteps: [{ comment: A }]\n');
      const test = await suite.upload('smoke.yaml', 'name: Smoke\ntags: [smoke]\nsteps: [{ comment: A }]\n');
      await suite.cloud.settle();
      const { type, data } = JSON.parse(only(endpoint.got).body);
      assert.deepEqual([type, data.test_id], ['test.imported', test]);
      const texts = chat.got.map(({ body }) => (JSON.parse(body) as { text: string }).text);
      assert.deepEqual(texts.sort(), ['Test imported, Other', 'Test imported, Smoke']);
    } finally {
      await chat.close();
    }
  });

  it('list their deliveries by status, type and time', async () => {
    const { id } = await make();
    const deliveries = [await ping(id), await ping(id)];
    for (const delivery of deliveries) await ended(delivery);
    const list = async (query: string) => {
      const { body } = await asked('GET', `/v1/webhooks/${id}/deliveries?${query}`, 200);
      return (body as { items: Delivery[] }).items.length;
    };
    const past = new Date(Date.now() - 60_000).toISOString();
    assert.equal(await list(''), 2);
    assert.equal(await list(`status=delivered&since=${past}`), 2);
    assert.equal(await list(`status=failed`), 0);
    assert.equal(await list('type=webhook.ping'), 2);
    assert.equal(await list(`type=webhook.ping&status=delivered&since=${past}`), 2);
    assert.equal(await list(`until=${past}`), 0);
  });

  signatures(() => suite);
  deliveryOrder(() => suite);
  hostile(() => suite);

  it('say what can be subscribed to', async () => {
    const { body } = await asked('GET', '/v1/webhooks/event-types', 200);
    const types = (body as { items: { type: string }[] }).items.map(({ type }) => type);
    assert.ok(types.includes('run.completed') && types.includes('webhook.ping'));
  });
});
