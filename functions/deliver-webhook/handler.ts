import type { DeliveryEntity, DeliveryLane, WebhookEntity } from '../../schemas/entities.ts';
import type { TaskInput } from '../../shared/define/trigger.ts';
import type { Attempt, Deliveries } from '../../shared/domain/deliveries.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { admit, type Limiting } from './admit.ts';
import { isHandedTo } from './hand-on.ts';
import { isItsTurn, type Ordering, wakeNext } from './order.ts';
import { nextAttempt } from './schedule.ts';
import { type Sending, send } from './send.ts';

export interface Services extends Sending, Limiting, Ordering {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
}

/** What a task of a delivery says. */
interface Payload {
  readonly delivery_id: string;
  readonly webhook_id?: string;
  readonly attempt?: number;
  readonly again?: boolean;
  readonly lane?: DeliveryLane;
}

const GONE = 410;
/** An endpoint that has failed for so long is disabled. */
const LONGEST_FAILING_MS = 5 * 24 * 3600 * 1000;

/** Sends one attempt of a delivery, records it and schedules the next one when it failed. */
export async function deliverWebhook({ payload, name }: TaskInput<Payload>, services: Services & Base): Promise<void> {
  const { deliveries } = services;
  const { delivery, webhook } = await found(payload, name, services);
  if (!delivery) return;
  annotate({ delivery_id: delivery.id, webhook_id: delivery.webhook_id, user_id: delivery.user_id });
  // This task may be the second of an attempt whose first ended before it had woken the next.
  if (delivery.status !== 'pending') return await wakeNext(delivery, services);
  const { attempt = delivery.attempts.length } = payload;
  // Who was to record the one before was cut off: its own task makes it once more, and finds this one's name taken.
  if (attempt > delivery.attempts.length) throw new AppError('timeout', 'The attempt before is not recorded yet.');
  if (attempt < delivery.attempts.length || !(await isHandedTo(name, delivery, services))) return;
  if (!webhook?.active) {
    await deliveries.discard(delivery.id);
    return await wakeNext(delivery, services);
  }
  if (!(await isItsTurn(delivery, services))) return;
  const over = await admit(delivery, webhook, payload.lane ?? 'prompt', services);
  if (!over) return;
  try {
    await attemptOnce(delivery, webhook, services);
  } finally {
    await over();
  }
}

/** The delivery of a task, and its endpoint: both are asked for at once where the task names both. */
async function found(
  { delivery_id: id, webhook_id, attempt, again }: Payload,
  name: string,
  { deliveries, webhooks }: Services,
): Promise<{ delivery: DeliveryEntity | undefined; webhook: WebhookEntity | undefined }> {
  if (again && attempt !== undefined) await deliveries.sendAgain(id, attempt, name);
  const [delivery, named] = await Promise.all([
    deliveries.get(id),
    webhook_id === undefined ? undefined : webhooks.get(webhook_id),
  ]);
  if (!delivery || named?.id === delivery.webhook_id || webhook_id === delivery.webhook_id)
    return { delivery, webhook: named };
  return { delivery, webhook: await webhooks.get(delivery.webhook_id) };
}

async function attemptOnce(delivery: DeliveryEntity, webhook: WebhookEntity, services: Services & Base): Promise<void> {
  const { deliveries, queues, clock, random } = services;
  const made = delivery.attempts.length;
  const { attempt, retryAfter } = await send(delivery, webhook, services);
  const delivered = isDelivered(attempt);
  const inSchedule = made + 1 - (delivery.sent_again_after ?? 0);
  const next =
    delivered || attempt.status === GONE ? undefined : nextAttempt(inSchedule, clock.now(), random(), retryAfter);
  // The next task is made first: if this instance dies in between, two tasks of one name are one.
  if (next) {
    const payload = { delivery_id: delivery.id, webhook_id: webhook.id, attempt: made + 1 };
    const task = { to: 'deliver-webhook', name: `${delivery.id}-${made + 1}`, payload, at: next };
    await queues.of(delivery.user_id, 'backlog').enqueue([task]);
  }
  await deliveries.recordAttempt(delivery, attempt, {
    status: delivered ? 'delivered' : next ? 'pending' : 'failed',
    next_attempt_at: next ?? null,
  });
  await judge(webhook, attempt, made, services);
  if (!next) await wakeNext(delivery, services);
}

const isDelivered = ({ status }: Attempt): boolean => status !== null && status >= 200 && status < 300;

/** Keeps track of whether the endpoint works; one that is gone, or has failed for days, is disabled. */
async function judge(
  webhook: WebhookEntity,
  attempt: Attempt,
  made: number,
  { webhooks, clock }: Services & Base,
): Promise<void> {
  const delivered = isDelivered(attempt);
  if (attempt.status === GONE) return await webhooks.disable(webhook, 'The endpoint answered 410 Gone.');
  const since = webhook.failing_since?.getTime();
  if (!delivered && since !== undefined && clock.now() - since > LONGEST_FAILING_MS) {
    return await webhooks.disable(webhook, 'The endpoint has been failing for 5 days.');
  }
  // One first attempt that fails says little, and an endpoint's document must not be written with every second delivery.
  if (delivered || made > 0) await webhooks.setFailing(webhook, !delivered);
}
