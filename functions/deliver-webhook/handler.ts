import type { DeliveryEntity, WebhookEntity } from '../../schemas/entities.ts';
import type { TaskInput } from '../../shared/define/trigger.ts';
import type { Attempt, Deliveries } from '../../shared/domain/deliveries.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { admit, type Limiting } from './admit.ts';
import { nextAttempt } from './schedule.ts';
import { type Sending, send } from './send.ts';

export interface Services extends Sending, Limiting {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
}

const GONE = 410;
/** An endpoint that has failed for so long is disabled. */
const LONGEST_FAILING_MS = 5 * 24 * 3600 * 1000;

/** Sends one attempt of a delivery, records it and schedules the next one when it failed. */
export async function deliverWebhook(
  { payload }: TaskInput<{ delivery_id: string; attempt?: number; again?: boolean }>,
  services: Services & Base,
): Promise<void> {
  const { deliveries, webhooks } = services;
  const delivery = await due(payload, deliveries);
  if (!delivery) return;
  annotate({ delivery_id: delivery.id, webhook_id: delivery.webhook_id, user_id: delivery.user_id });
  const webhook = await webhooks.get(delivery.webhook_id);
  if (!webhook?.active) return await deliveries.discard(delivery.id);
  const over = await admit(delivery, webhook, services);
  if (!over) return;
  try {
    await attemptOnce(delivery, webhook, services);
  } finally {
    over();
  }
}

async function attemptOnce(delivery: DeliveryEntity, webhook: WebhookEntity, services: Services & Base): Promise<void> {
  const { deliveries, queue, clock, random } = services;
  const made = delivery.attempts.length;
  const { attempt, retryAfter } = await send(delivery, webhook, services);
  const delivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
  const inSchedule = made + 1 - (delivery.sent_again_after ?? 0);
  const next =
    delivered || attempt.status === GONE ? undefined : nextAttempt(inSchedule, clock.now(), random(), retryAfter);
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

/** The delivery of a task, when the attempt that the task is for is still to be made. */
async function due(
  { delivery_id: id, attempt, again }: { delivery_id: string; attempt?: number; again?: boolean },
  deliveries: Deliveries,
): Promise<DeliveryEntity | undefined> {
  if (again && attempt !== undefined) await deliveries.sendAgain(id, attempt);
  const delivery = await deliveries.get(id);
  if (delivery?.status !== 'pending') return undefined;
  return attempt === undefined || attempt === delivery.attempts.length ? delivery : undefined;
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
