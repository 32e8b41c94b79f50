import type { Deliveries } from '../../shared/domain/deliveries.ts';
import type { Webhooks } from '../../shared/domain/webhooks.ts';
import type { Events } from '../../shared/events/publish.ts';
import { finder } from '../../shared/http/resources.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import type { Egress } from '../../shared/platform/egress.ts';

export interface Services {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly cipher: Cipher;
  readonly egress: Egress;
  readonly events: Events;
}

export const missing = (id: string): string => `There is no webhook '${id}'.`;

/** The webhook that a request names. @throws AppError not-found */
export const owned = finder(
  ({ webhooks }: Pick<Services, 'webhooks'>, id, userId) => webhooks.getOwned(id, userId),
  missing,
);
