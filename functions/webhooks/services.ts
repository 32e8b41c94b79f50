import type { WebhookEntity } from '../../schemas/entities.ts';
import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { DeliveryQueues } from '../../shared/domain/delivery-queues.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import type { Events } from '../../shared/events/publish.ts';
import { finder } from '../../shared/http/resources.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import type { Egress } from '../../shared/platform/egress.ts';
import { AppError } from '../../shared/platform/errors.ts';

export interface Services {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly cipher: Cipher;
  readonly egress: Egress;
  readonly events: Events;
  readonly queues: DeliveryQueues;
}

export const missing = (id: string): string => `There is no webhook '${id}'.`;

/** The webhook that a request names. @throws AppError not-found */
export const owned = finder(
  ({ webhooks }: Pick<Services, 'webhooks'>, id, userId) => webhooks.getOwned(id, userId),
  missing,
);

/** @throws AppError conflict when nothing is sent, for the webhook is paused or disabled */
export function checkActive({ active }: WebhookEntity): void {
  if (active) return;
  throw new AppError('conflict', "The webhook is not active, so that nothing is sent: PATCH it with 'active': true.");
}
