import type { WebhookEntity } from '../../schemas/entities.ts';
import { type WebhookPatch, webhookPatch } from '../../schemas/requests.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { checkEvents, checkUrl } from './checks.ts';
import { sealedHeaders } from './sealed.ts';
import { missing, owned, type Services } from './services.ts';
import { storedFilters } from './stored-filters.ts';
import { view } from './view.ts';

const MOST_HEADERS = 20;

export const patchWebhook = route<Services, typeof webhookPatch>({
  method: 'PATCH',
  path: '/v1/webhooks/:id',
  summary: 'Changes a webhook, pauses it or has it go on; null takes a description, a header or a limit away.',
  access: { scope: 'webhooks:write' },
  answers: { 200: 'webhook' },
  body: webhookPatch,
  async handle(request, { webhooks, cipher, egress }) {
    const { body } = request;
    const { id } = await owned(request, { webhooks });
    if (body.events) checkEvents(body.events);
    const headers = await sealedHeaders(body.headers ?? {}, cipher);
    if (body.url !== undefined) await checkUrl(body.url, egress);
    const { FieldValue } = await import('@google-cloud/firestore');
    const gone = FieldValue.delete() as never;
    const changed = await webhooks.change(id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      return { ...changes(current, body, gone), headers: mergedHeaders(current.headers, headers) };
    });
    if (!changed) throw new AppError('not-found', missing(id));
    return { status: 200, body: view(await owned(request, { webhooks })) };
  },
});

/** @param gone what takes a field away */
function changes(current: WebhookEntity, body: WebhookPatch, gone: never): Partial<WebhookEntity> {
  const { url, events, active, payload, format, filters, description, rateLimit, concurrency, ordered } = body;
  const plain = Object.entries({ url, events, active, payload, format, ordered }).filter(
    ([, value]) => value !== undefined,
  );
  const anew = (active === true && !current.active) || (url !== undefined && url !== current.url);
  return {
    ...Object.fromEntries(plain),
    ...(filters ? { filters: storedFilters(filters) } : {}),
    ...(description === undefined ? {} : { description: description ?? gone }),
    ...(rateLimit === undefined ? {} : { rate_limit: rateLimit ?? gone }),
    ...(concurrency === undefined ? {} : { concurrency: concurrency ?? gone }),
    // What an endpoint did before is not held against it.
    ...(anew ? { failing_since: gone } : {}),
    ...(active === undefined ? {} : { disabled_reason: gone }),
  };
}

function mergedHeaders(
  current: WebhookEntity['headers'],
  changed: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = Object.entries({ ...current, ...changed }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  if (merged.length > MOST_HEADERS)
    throw new AppError('invalid-argument', `The webhook would have ${merged.length} headers; at most ${MOST_HEADERS}.`);
  return Object.fromEntries(merged);
}
