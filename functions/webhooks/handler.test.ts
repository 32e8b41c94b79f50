import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { WebhookRequest } from '../../schemas/requests.ts';
import { createEgressGuard } from '../../shared/platform/egress.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { aDelivery, appError, aRequest, aWebhook } from '../testing.ts';
import { listDeliveries } from './deliveries.ts';
import { createWebhook, deleteWebhook, listWebhooks, readWebhook } from './handler.ts';

function bench() {
  const webhooks = {
    create: sinon.stub().callsFake(async (webhook) => aWebhook(webhook)),
    getOwned: sinon.stub().resolves(aWebhook()),
    list: sinon.stub().resolves([aWebhook()]),
    delete: sinon.stub().resolves(),
  };
  const deliveries = { ofWebhook: sinon.stub().resolves([aDelivery()]) };
  const cipher = { encrypt: sinon.stub().callsFake(async (plain: string) => `sealed:${plain}`) };
  const guard = createEgressGuard([]);
  const check = sinon.stub(guard, 'check').callThrough();
  check.withArgs('hooks.example').resolves({ host: 'hooks.example', address: '8.8.8.8', family: 4 });
  check.withArgs('unknown.example').rejects(new AppError('unavailable', 'not known'));
  const services = withBase({ webhooks, deliveries, cipher, egress: { guard, send: sinon.stub() } } as never) as never;
  const create = (body: WebhookRequest) => createWebhook.handle(aRequest({ body }), services);
  return { webhooks, deliveries, cipher, services, create };
}

describe('subscribing an endpoint', () => {
  it('answers with the secret, once; it is stored encrypted', async () => {
    const { webhooks, create } = bench();
    const { status, headers, body } = await create({
      url: 'https://hooks.example/in',
      events: ['run.*'],
      description: 'CI',
    });
    const { secret, secrets, ...shown } = body as Record<string, unknown>;
    assert.equal(status, 201);
    assert.match(String(secret), /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal(secrets, undefined);
    assert.deepEqual([shown.events, shown.description, shown.active, shown.userId], [['run.*'], 'CI', true, 'usr_1']);
    assert.deepEqual(webhooks.create.firstCall.args[0].secrets, [{ sealed: `sealed:${secret}` }]);
    assert.equal(headers?.location, `/v1/webhooks/${shown.id}`);
  });

  it('takes all events where none are named', async () => {
    const { webhooks, create } = bench();
    await create({ url: 'https://hooks.example/in' });
    assert.deepEqual(webhooks.create.firstCall.args[0].events, ['*']);
  });

  it('answers with the public half of a pair of keys, and never with the other', async () => {
    const { webhooks, create } = bench();
    const { body } = await create({ url: 'https://hooks.example/in', signature: 'v1a' });
    const { secret, publicKeys } = body as { secret?: string; publicKeys: string[] };
    const [stored] = webhooks.create.firstCall.args[0].secrets;
    assert.equal(secret, undefined);
    assert.deepEqual(publicKeys, [stored.public_key]);
    assert.match(stored.public_key, /^whpk_/);
    assert.match(stored.sealed, /^sealed:whsk_/);
    assert.ok(!JSON.stringify(body).includes('whsk_'));
  });

  it('keeps headers encrypted, and shows their names', async () => {
    const { webhooks, create } = bench();
    const { body } = await create({ url: 'https://hooks.example/in', headers: { Authorization: 'Bearer x1y2' } });
    assert.deepEqual(webhooks.create.firstCall.args[0].headers, { authorization: 'sealed:Bearer x1y2' });
    assert.deepEqual((body as { headers: unknown }).headers, ['authorization']);
    assert.ok(!JSON.stringify(body).includes('x1y2'));
  });

  for (const [name, message] of [
    ['Host', /set by the delivery/],
    ['Content-Type', /set by the delivery/],
    ['content-length', /set by the delivery/],
    ['Webhook-Signature', /set by the delivery/],
    ['Transfer-Encoding', /set by the delivery/],
    ['Connection', /set by the delivery/],
    ['Proxy-Authorization', /set by the delivery/],
    ['X-KEY', /more than once/],
    ['__proto__', /cannot be kept/],
    ['__name__', /cannot be kept/],
  ] as const) {
    it(`refuses the header ${name}`, async () => {
      const { webhooks, create } = bench();
      const headers = { 'x-key': '1', [name]: '2' };
      await assert.rejects(create({ url: 'https://hooks.example/in', headers }), (error) => {
        assert.ok(appError('invalid-argument')(error));
        const [detail] = (error as AppError).details;
        assert.equal(detail?.pointer, `/headers/${name}`);
        assert.match(detail?.message ?? '', message);
        return true;
      });
      assert.equal(webhooks.create.callCount, 0);
    });
  }

  it('keeps filters, payload, format and rate', async () => {
    const { webhooks, create } = bench();
    const { body } = await create({
      url: 'https://hooks.example/in',
      ...{ filters: { tags: ['smoke', 'smoke'], onlyChanges: true }, payload: 'thin', format: 'slack', rateLimit: 2 },
    });
    const stored = webhooks.create.firstCall.args[0];
    assert.deepEqual(stored.filters, { tags: ['smoke'], only_changes: true });
    assert.deepEqual([stored.payload, stored.format, stored.rate_limit], ['thin', 'slack', 2]);
    assert.deepEqual((body as { filters: unknown }).filters, { tags: ['smoke'], onlyChanges: true });
  });

  for (const events of [['run.exploded'], ['command.executed'], ['request.*'], ['run.completed', 'nothing.*']]) {
    it(`refuses ${events.at(-1)}, which nobody may subscribe to, and names the types`, async () => {
      const { webhooks, create } = bench();
      await assert.rejects(create({ url: 'https://hooks.example/in', events }), (error) => {
        assert.ok(appError('invalid-argument')(error));
        const [detail, ...more] = (error as AppError).details;
        assert.deepEqual(more, []);
        assert.ok(detail?.message.includes(events.at(-1) ?? '') && detail.hint?.includes('run.completed'));
        return true;
      });
      assert.equal(webhooks.create.callCount, 0);
    });
  }

  for (const url of [
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/computeMetadata/v1/',
    'http://metadata.google.internal/',
    'http://2130706433/',
    'https://unknown.example/',
    'ftp://hooks.example/',
    'urn:hooks:example',
    'https://user:password@hooks.example/',
    'https://hooks.example:99999/',
  ]) {
    it(`refuses ${url}`, async () => {
      const { webhooks, create } = bench();
      await assert.rejects(create({ url }), (error) => {
        assert.ok(appError('invalid-argument', /cannot be delivered to/)(error));
        assert.equal((error as AppError).details[0]?.pointer, '/url');
        return true;
      });
      assert.equal(webhooks.create.callCount, 0);
    });
  }
});

describe('webhooks', () => {
  it('are listed and read without their secrets', async () => {
    const { webhooks, services } = bench();
    const list = await listWebhooks.handle(aRequest(), services);
    const one = await readWebhook.handle(aRequest({ params: { id: 'whk_1' } }), services);
    assert.ok(!JSON.stringify([list, one]).includes('sealed'));
    assert.equal(webhooks.list.firstCall.args[0], 'usr_1');
    assert.deepEqual(webhooks.getOwned.firstCall.args, ['whk_1', 'usr_1']);
  });

  it('have deliveries, listed without their bodies', async () => {
    const { deliveries, services } = bench();
    const { body } = await listDeliveries.handle(
      aRequest({ params: { id: 'whk_1' }, query: { pageSize: '10' } }),
      services,
    );
    const [item] = (body as { items: Record<string, unknown>[] }).items;
    assert.deepEqual([item?.eventId, item?.body, item?.attempts], ['evt_1', undefined, []]);
    assert.deepEqual(deliveries.ofWebhook.firstCall.args.slice(0, 2), ['whk_1', { size: 10, after: undefined }]);
  });

  it('are deleted', async () => {
    const { webhooks, services } = bench();
    assert.deepEqual(await deleteWebhook.handle(aRequest({ params: { id: 'whk_1' } }), services), { status: 204 });
    assert.deepEqual(
      webhooks.delete.args.map(([id]) => id),
      ['whk_1'],
    );
  });

  it('of somebody else are as if they were not there', async () => {
    const { webhooks, services } = bench();
    webhooks.getOwned.resolves(undefined);
    for (const route of [readWebhook, listDeliveries, deleteWebhook]) {
      await assert.rejects(route.handle(aRequest({ params: { id: 'whk_2' } }), services), appError('not-found'));
    }
    assert.equal(webhooks.delete.callCount, 0);
  });
});
