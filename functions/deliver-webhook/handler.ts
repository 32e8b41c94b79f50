import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import type { TaskInput } from '../../shared/define/trigger.ts';
import type { Attempt, Deliveries } from '../../shared/domain/deliveries.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import { deliveryHeaders } from '../../shared/events/webhook-headers.ts';
import { signatureHeaders } from '../../shared/events/webhook-signature.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import type { Egress } from '../../shared/platform/egress.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { nextAttempt } from './schedule.ts';

export interface Services {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly cipher: Cipher;
  readonly egress: Egress;
  readonly queue: TaskQueue;
}

const TIMEOUT_MS = 15_000;
/** Only the status matters; this much of the answer is read. */
const LARGEST_ANSWER = 1024;
const GONE = 410;
/** An endpoint that has failed for so long is disabled. */
const LONGEST_FAILING_MS = 5 * 24 * 3600 * 1000;

/** Sends one attempt of a delivery, records it and schedules the next one when it failed. */
export async function deliverWebhook(
  { payload }: TaskInput<{ delivery_id: string; attempt?: number }>,
  services: Services & Base,
): Promise<void> {
  const { deliveries, webhooks, queue, clock, random } = services;
  const delivery = await deliveries.get(payload.delivery_id);
  if (delivery?.status !== 'pending') return;
  const made = delivery.attempts.length;
  if (payload.attempt !== undefined && payload.attempt !== made) return;
  annotate({ delivery_id: delivery.id, webhook_id: delivery.webhook_id, user_id: delivery.user_id });
  const webhook = await webhooks.get(delivery.webhook_id);
  if (!webhook?.active) return await deliveries.discard(delivery.id);
  const { attempt, retryAfter } = await send(delivery, webhook, services);
  const delivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
  const next =
    delivered || attempt.status === GONE ? undefined : nextAttempt(made + 1, clock.now(), random(), retryAfter);
  // The next task is made first: if this instance dies in between, two tasks of one name are one.
  if (next) {
    const payload = { delivery_id: delivery.id, attempt: made + 1 };
    await queue.enqueue([{ to: 'deliver-webhook', name: `${delivery.id}-${made + 1}`, payload, at: next }]);
  }
  await deliveries.recordAttempt(delivery.id, made, attempt, {
    status: delivered ? 'delivered' : next ? 'pending' : 'failed',
    next_attempt_at: next ?? null,
  });
  await judge(webhook, attempt, delivered, services);
}

async function send(delivery: DeliveryEntity, webhook: WebhookEntity, { cipher, egress, clock, log }: Services & Base) {
  const startedAt = clock.now();
  const open = async (sealed: string) => (await cipher.decrypt(sealed)).toString('utf8');
  const valid = webhook.secrets.filter(({ expires_at }) => !expires_at || expires_at.getTime() > startedAt);
  const secrets = await Promise.all(valid.map(({ sealed }) => open(sealed)));
  const own = Object.entries(webhook.headers).map(async ([name, sealed]) => [name, await open(sealed)] as const);
  const headers = Object.fromEntries(await Promise.all(own));
  const signature = signatureHeaders({
    id: delivery.event_id,
    timestamp: Math.floor(startedAt / 1000),
    body: delivery.body,
    secrets,
  });
  const done = (status: number | null, error: string | null): Attempt => ({
    at: new Date(startedAt),
    status,
    duration_ms: clock.now() - startedAt,
    error,
  });
  try {
    const answer = await egress.send({
      method: 'POST',
      url: webhook.url,
      headers: {
        ...headers,
        ...deliveryHeaders(delivery.body),
        ...signature,
      },
      body: delivery.body,
      timeoutMs: TIMEOUT_MS,
      largestAnswer: LARGEST_ANSWER,
    });
    log.info(`delivery attempt: ${answer.status}`);
    const error = answer.status >= 300 && answer.status < 400 ? 'redirects are not followed' : null;
    return { attempt: done(answer.status, error), retryAfter: answer.headers['retry-after'] };
  } catch (error) {
    log.info(`delivery attempt failed: ${(error as Error).message}`);
    return { attempt: done(null, (error as Error).message), retryAfter: undefined };
  }
}

/** Keeps track of whether the endpoint works; one that is gone, or has failed for days, is disabled. */
async function judge(
  webhook: WebhookEntity,
  attempt: Attempt,
  delivered: boolean,
  { webhooks, clock }: Services & Base,
): Promise<void> {
  if (attempt.status === GONE) return await webhooks.disable(webhook, 'The endpoint answered 410 Gone.');
  const since = webhook.failing_since?.getTime();
  if (!delivered && since !== undefined && clock.now() - since > LONGEST_FAILING_MS) {
    return await webhooks.disable(webhook, 'The endpoint has been failing for 5 days.');
  }
  await webhooks.setFailing(webhook, !delivered);
}
