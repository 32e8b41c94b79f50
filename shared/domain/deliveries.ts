import type { DeliveryEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { deliveriesCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export type Attempt = DeliveryEntity['attempts'][number];

/** A delivery's id follows from what is sent where: an event that comes again is the same delivery. */
export const deliveryIdOf = (webhookId: string, eventId: string): string => derivedId('dlv', webhookId, eventId);

export interface Deliveries {
  get(id: string): Promise<DeliveryEntity | undefined>;
  ofWebhook(webhookId: string, page: Page): Promise<DeliveryEntity[]>;
  /** Gives false when a delivery of this id exists already. */
  create(delivery: Omit<DeliveryEntity, 'created_at' | 'updated_at'>): Promise<boolean>;
  /** Adds an attempt and what follows from it. Nothing when as many attempts as `before` are no longer what is stored. */
  recordAttempt(
    id: string,
    before: number,
    attempt: Attempt,
    next: Pick<DeliveryEntity, 'status' | 'next_attempt_at'>,
  ): Promise<boolean>;
  discard(id: string): Promise<void>;
}

export const deliveries = defineService([writes(deliveriesCollection)], (platform): Deliveries => {
  const documents = new Documents<DeliveryEntity>(deliveriesCollection, platform);
  return {
    get: (id) => documents.get(id),
    ofWebhook: (webhookId, page) => documents.page(page, (query) => query.where('webhook_id', '==', webhookId)),
    create(delivery) {
      const now = documents.now();
      return documents.create({ ...delivery, created_at: now, updated_at: now });
    },
    async recordAttempt(id, before, attempt, next) {
      const changed = await documents.change(id, (delivery) =>
        delivery.attempts.length === before && delivery.status === 'pending'
          ? { attempts: [...delivery.attempts, attempt], ...next }
          : undefined,
      );
      return changed !== undefined;
    },
    discard: (id) => documents.update(id, { status: 'discarded', next_attempt_at: null }),
  };
});
