import type { WebhookEntity } from '../../schemas/entities.ts';
import { listQuery, webhookRequest } from '../../schemas/requests.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import { subscribes, type Webhooks } from '../../shared/domain/webhooks.ts';
import { subscribableTypes } from '../../shared/events/catalogue.ts';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { camelize } from '../../shared/http/camelize.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { finder, listRoute, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import type { Egress } from '../../shared/platform/egress.ts';
import { AppError } from '../../shared/platform/errors.ts';

export interface Services {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly cipher: Cipher;
  readonly egress: Egress;
}

const view = ({ secrets: _secrets, ...webhook }: WebhookEntity) => camelize(webhook) as object;

const owned = finder(
  ({ webhooks }: Pick<Services, 'webhooks'>, id, userId) => webhooks.getOwned(id, userId),
  (id) => `There is no webhook '${id}'.`,
);

export const createWebhook = route<Services, typeof webhookRequest>({
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Subscribes an endpoint to events; the signing secret is in this answer and never shown again.',
  access: { scope: 'webhooks:write' },
  answers: { 201: 'webhook-made' },
  body: webhookRequest,
  async handle({ body, caller }, { webhooks, cipher, egress, ids }) {
    const events = body.events ?? ['*'];
    checkEvents(events);
    await checkUrl(body.url, egress);
    const secret = newWebhookSecret();
    const webhook = await webhooks.create({
      id: ids.next('whk'),
      user_id: caller.userId,
      url: body.url,
      events,
      active: true,
      ...(body.description === undefined ? {} : { description: body.description }),
      secrets: [await cipher.encrypt(secret)],
    });
    return { status: 201, headers: { location: `/v1/webhooks/${webhook.id}` }, body: { ...view(webhook), secret } };
  },
});

function checkEvents(patterns: readonly string[]): void {
  const unknown = patterns.filter((pattern) => !subscribableTypes.some((type) => subscribes([pattern], type)));
  if (unknown.length === 0) return;
  throw new AppError('invalid-argument', 'Some of the event types do not exist.', {
    details: unknown.map((pattern) => ({
      pointer: '/events',
      message: `'${pattern}' fits no event type`,
      hint: `the types are ${subscribableTypes.join(', ')}`,
    })),
  });
}

async function checkUrl(text: string, { guard }: Egress): Promise<void> {
  const refuse = (message: string, cause?: unknown) =>
    new AppError('invalid-argument', 'The URL cannot be delivered to.', {
      cause,
      details: [{ pointer: '/url', message }],
    });
  if (!URL.canParse(text)) throw refuse('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('only http and https URLs are allowed');
  if (url.username || url.password) throw refuse('a URL with a user name or password is not allowed');
  try {
    await guard.check(url.hostname);
  } catch (error) {
    throw refuse(error instanceof AppError ? error.message : String(error), error);
  }
}

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

export const listDeliveries = route<Services, undefined, typeof listQuery>({
  method: 'GET',
  path: '/v1/webhooks/:id/deliveries',
  summary: "Lists a webhook's deliveries with their attempts, newest first.",
  access: { scope: 'webhooks:read' },
  answers: { 200: 'deliveries' },
  query: listQuery,
  async handle(request, { webhooks, deliveries }) {
    const webhook = await owned(request, { webhooks });
    const page = pageOf(request.query);
    return listReply(page, await deliveries.ofWebhook(webhook.id, page), ({ body: _body, ...delivery }) =>
      camelize(delivery),
    );
  },
});

export const deleteWebhook = route<Services>({
  method: 'DELETE',
  path: '/v1/webhooks/:id',
  summary: 'Deletes a webhook; its pending deliveries are discarded.',
  access: { scope: 'webhooks:write' },
  answers: { 204: 'nothing' },
  async handle(request, { webhooks }) {
    await webhooks.delete((await owned(request, { webhooks })).id);
    return { status: 204 };
  },
});
