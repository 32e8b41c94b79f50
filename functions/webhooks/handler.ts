import { webhookRequest } from '../../schemas/requests.ts';
import { newSigningKey } from '../../shared/events/webhook-signature.ts';
import { deleteRoute, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { checkEvents, checkUrl } from './checks.ts';
import { sealedHeaders, sealedKey } from './sealed.ts';
import { owned, type Services } from './services.ts';
import { storedFilters } from './stored-filters.ts';
import { view } from './view.ts';

export const createWebhook = route<Services, typeof webhookRequest>({
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Subscribes an endpoint to events; the signing secret is in this answer and never shown again.',
  access: { scope: 'webhooks:write' },
  answers: { 201: 'webhook-made' },
  body: webhookRequest,
  async handle({ body, caller }, { webhooks, cipher, egress, ids }) {
    const { events = ['*'], signature = 'v1', active = true, payload = 'full', format = 'json' } = body;
    checkEvents(events);
    const headers = await sealedHeaders(body.headers ?? {}, cipher);
    await checkUrl(body.url, egress);
    const key = newSigningKey(signature);
    const webhook = await webhooks.create({
      id: ids.next('whk'),
      user_id: caller.userId,
      url: body.url,
      filters: storedFilters(body.filters),
      secrets: [await sealedKey(key, cipher)],
      ...{ events, active, headers, payload, format, signature },
      ...(body.description === undefined ? {} : { description: body.description }),
      ...(body.rateLimit === undefined ? {} : { rate_limit: body.rateLimit }),
      ...(body.concurrency === undefined ? {} : { concurrency: body.concurrency }),
      ...(body.ordered ? { ordered: true } : {}),
    });
    return {
      status: 201,
      headers: { location: `/v1/webhooks/${webhook.id}` },
      body: { ...view(webhook), ...(key.publicKey ? {} : { secret: key.secret }) },
    };
  },
});

export const listWebhooks = listRoute(
  { path: '/v1/webhooks', summary: 'Lists your webhooks, newest first.', scope: 'webhooks:read', answer: 'webhooks' },
  ({ webhooks }: Services, userId, page) => webhooks.list(userId, page),
  view,
);

export const readWebhook = readRoute(
  { path: '/v1/webhooks/:id', summary: 'Reads a webhook.', scope: 'webhooks:read', answer: 'webhook' },
  owned,
  view,
);

export const deleteWebhook = deleteRoute(
  {
    path: '/v1/webhooks/:id',
    summary: 'Deletes a webhook; its pending deliveries are discarded.',
    scope: 'webhooks:write',
  },
  owned,
  view,
  ({ webhooks }: Services, { id }, check) => webhooks.delete(id, check),
);
