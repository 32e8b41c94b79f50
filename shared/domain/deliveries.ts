import type { DeliveryEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { deliveriesCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export type Attempt = DeliveryEntity['attempts'][number];

/** Which of a webhook's deliveries are meant: those that fit all that is given. */
export interface DeliveryFilter {
  readonly status?: readonly DeliveryEntity['status'][] | undefined;
  readonly type?: string | undefined;
  /** When they were made: from, and before. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** A delivery's id follows from what is sent where: an event that comes again is the same delivery. */
export const deliveryIdOf = (webhookId: string, eventId: string): string => derivedId('dlv', webhookId, eventId);

export interface Deliveries {
  get(id: string): Promise<DeliveryEntity | undefined>;
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<DeliveryEntity | undefined>;
  ofWebhook(webhookId: string, page: Page, filter?: DeliveryFilter): Promise<DeliveryEntity[]>;
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
  /** Notes that the attempt after so many is made later. */
  postpone(id: string, before: number, at: Date): Promise<void>;
  /** Those whose next attempt should have been made before this time, the longest overdue first. */
  overdue(since: Date, most: number): Promise<DeliveryEntity[]>;
  /**
   * Has it sent again, its schedule anew, also when it was delivered or given up. Nothing when as many attempts as
   * `before` are no longer what is stored.
   */
  sendAgain(id: string, before: number): Promise<void>;
}

export const deliveries = defineService([writes(deliveriesCollection)], (platform): Deliveries => {
  const documents = new Documents<DeliveryEntity>(deliveriesCollection, platform);
  return {
    get: (id) => documents.get(id),
    async getOwned(id, userId) {
      const delivery = await documents.get(id);
      return delivery?.user_id === userId ? delivery : undefined;
    },
    ofWebhook: (webhookId, page, { status, type, since, until } = {}) =>
      documents.page(page, (all) => {
        let query = all.where('webhook_id', '==', webhookId);
        if (status) query = query.where('status', 'in', status);
        if (type) query = query.where('type', '==', type);
        if (since) query = query.where('created_at', '>=', since);
        return until ? query.where('created_at', '<', until) : query;
      }),
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
    async discard(id) {
      await documents.change(id, ({ status }) =>
        status === 'pending' ? { status: 'discarded', next_attempt_at: null } : undefined,
      );
    },
    async postpone(id, before, at) {
      await documents.change(id, ({ status, attempts }) =>
        status === 'pending' && attempts.length === before ? { next_attempt_at: at } : undefined,
      );
    },
    overdue: (since, most) =>
      documents.find((query) =>
        query
          .where('status', '==', 'pending')
          .where('next_attempt_at', '<', since)
          .orderBy('next_attempt_at')
          .limit(most),
      ),
    async sendAgain(id, before) {
      await documents.change(id, ({ attempts }) =>
        attempts.length === before
          ? { status: 'pending', sent_again_after: before, next_attempt_at: documents.now() }
          : undefined,
      );
    },
  };
});
