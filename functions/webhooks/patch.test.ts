import assert from 'node:assert/strict';
import { FieldValue } from '@google-cloud/firestore';
import sinon from 'sinon';
import type { WebhookEntity } from '../../schemas/entities.ts';
import { type WebhookPatch, webhookPatch } from '../../schemas/requests.ts';
import { etagOf } from '../../shared/http/etags.ts';
import { createEgressGuard } from '../../shared/platform/egress.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aWebhook } from '../testing.ts';
import { patchWebhook } from './patch.ts';
import { view } from './view.ts';

function bench(given: Partial<WebhookEntity> = {}) {
  let stored: WebhookEntity | undefined = aWebhook(given);
  const webhooks = {
    getOwned: sinon.stub().callsFake(async () => stored),
    change: sinon.stub().callsFake(async (_id: string, change: (current: WebhookEntity) => object) => {
      if (!stored) return undefined;
      const next = Object.entries({ ...stored, ...change(stored) });
      stored = Object.fromEntries(next.filter(([, value]) => !(value instanceof FieldValue))) as WebhookEntity;
      return stored;
    }),
  };
  const cipher = { encrypt: async (plain: string) => `sealed:${plain}` };
  const services = withBase({
    ...{ webhooks, cipher, deliveries: {} },
    egress: { guard: createEgressGuard([]), send: sinon.stub() },
  } as never) as never;
  const patch = (body: WebhookPatch, headers: Record<string, string> = {}) =>
    patchWebhook.handle(aRequest({ params: { id: 'whk_1' }, body, headers }), services);
  return { webhooks, patch, stored: () => stored as WebhookEntity, remove: () => (stored = undefined) };
}

describe('changing a webhook', () => {
  it('changes what is named, and answers with all of it', async () => {
    const { patch, stored } = bench({ description: 'CI', rate_limit: 3 });
    const { status, body } = await patch({ events: ['run.*'], payload: 'thin', filters: { tags: ['smoke'] } });
    assert.equal(status, 200);
    assert.deepEqual(body, view(stored()));
    const { events, payload, filters, description, rate_limit, url, active } = stored();
    assert.deepEqual([events, payload, filters], [['run.*'], 'thin', { tags: ['smoke'] }]);
    assert.deepEqual([description, rate_limit, url, active], ['CI', 3, 'https://hooks.example/in', true]);
  });

  it('takes away what is null', async () => {
    const { patch, stored } = bench({ description: 'CI', rate_limit: 3, headers: { 'x-a': 'sealed:1', 'x-b': '2' } });
    await patch({ description: null, rateLimit: null, headers: { 'X-A': null, 'X-C': '3' } });
    assert.equal('description' in stored() || 'rate_limit' in stored(), false);
    assert.deepEqual(stored().headers, { 'x-b': '2', 'x-c': 'sealed:3' });
  });

  it('has one that was disabled go on, and forgets why it was', async () => {
    const { patch, stored } = bench({
      ...{ active: false, disabled_reason: 'The endpoint answered 410 Gone.', failing_since: new Date(NOON) },
    });
    await patch({ active: true });
    assert.deepEqual([stored().active, stored().disabled_reason, stored().failing_since], [true, undefined, undefined]);
  });

  it('remembers that an endpoint fails, while it stays the same one', async () => {
    const { patch, stored } = bench({ failing_since: new Date(NOON) });
    await patch({ active: true });
    await patch({ description: 'A' });
    assert.deepEqual(stored().failing_since, new Date(NOON));
  });

  it('is refused when the webhook is not any more what the client knows', async () => {
    const { patch, stored } = bench();
    const etag = etagOf(JSON.stringify(view(stored())));
    await patch({ description: 'A' }, { 'if-match': etag });
    await assert.rejects(patch({ description: 'B' }, { 'if-match': etag }), appError('precondition-failed'));
    assert.equal(stored().description, 'A');
  });

  it('checks addresses, types and headers as when it was made', async () => {
    const { webhooks, patch } = bench();
    for (const body of [{ url: 'http://10.0.0.1/' }, { events: ['nothing.*'] }, { headers: { Host: 'a' } }])
      await assert.rejects(patch(body), appError('invalid-argument'));
    assert.equal(webhooks.change.callCount, 0);
  });

  it('keeps at most twenty headers', async () => {
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x-${i}`, 'sealed']));
    const { patch } = bench({ headers: twenty });
    await assert.rejects(patch({ headers: { 'x-more': '1' } }), appError('invalid-argument', /21 headers/));
    await patch({ headers: { 'x-more': '1', 'x-0': null } });
  });

  it('of one that is gone in between says so', async () => {
    const { webhooks, patch } = bench();
    webhooks.change.resolves(undefined);
    await assert.rejects(patch({ active: false }), appError('not-found'));
  });

  it('takes no field that it does not know, and not nothing', () => {
    for (const body of [{}, { secrets: [] }, { signature: 'v1a' }, { url: null }, { headers: { 'x a': '1' } }])
      assert.ok(!webhookPatch.accepts(body), JSON.stringify(body));
    for (const value of ['a\r\nb', '', ' a', 'ä']) assert.ok(!webhookPatch.accepts({ headers: { 'x-a': value } }));
    assert.ok(webhookPatch.accepts({ headers: { Authorization: 'Bearer a.b-c', 'X-Gone': null } }));
  });
});
