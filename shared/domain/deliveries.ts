import type { DocumentSnapshot, Query, Timestamp } from '@google-cloud/firestore';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { deliveriesCollection } from '../resources/collections.ts';
import { createdOnce, Documents, read } from './documents.ts';
import { storable } from './storable.ts';
import { updateTogether } from './update-together.ts';

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

export type NewDelivery = Omit<DeliveryEntity, 'created_at' | 'updated_at'>;

export interface Deliveries {
  get(id: string): Promise<DeliveryEntity | undefined>;
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<DeliveryEntity | undefined>;
  ofWebhook(webhookId: string, page: Page, filter?: DeliveryFilter): Promise<DeliveryEntity[]>;
  /** Those that exist already stay as they are. @returns all of them as they are stored, in this order */
  createAll(list: readonly NewDelivery[]): Promise<NewDelivery[]>;
  /**
   * Adds an attempt to a delivery as it was got, and what follows from it. Nothing when another attempt was recorded
   * meanwhile.
   */
  recordAttempt(
    delivery: DeliveryEntity,
    attempt: Attempt,
    next: Pick<DeliveryEntity, 'status' | 'next_attempt_at'>,
  ): Promise<boolean>;
  /** Of the deliveries that are sent in an order, the first that is not over. */
  firstInOrder(key: string): Promise<DeliveryEntity | undefined>;
  discard(id: string): Promise<void>;
  /** Notes that the attempt after so many is made later. */
  postpone(id: string, before: number, at: Date): Promise<void>;
  /**
   * Notes which task alone makes the next attempt, and when. Nothing, and false, when the delivery is not any more what
   * was got.
   */
  handOn(delivery: DeliveryEntity, task: string, at: Date): Promise<boolean>;
  /** Those whose next attempt should have been made before this time, the longest overdue first. */
  overdue(since: Date, most: number): Promise<DeliveryEntity[]>;
  /**
   * Has it sent again by a task, its schedule anew, also when it was delivered or given up. Nothing when as many attempts
   * as `before` are no longer what is stored.
   */
  sendAgain(id: string, before: number, task: string): Promise<void>;
}

/** Firestore's FAILED_PRECONDITION. */
const CHANGED_MEANWHILE = 9;
/** What takes a field away. */
async function noField(): Promise<never> {
  const { FieldValue } = await import('@google-cloud/firestore');
  return FieldValue.delete() as never;
}

/** Documents of one write. */
const MOST_AT_ONCE = 100;

export const deliveries = defineService([writes(deliveriesCollection)], (platform): Deliveries => {
  const documents = new Documents<DeliveryEntity>(deliveriesCollection, platform);
  /** Of what was got here, the version: what is written on it needs no second read. */
  const versions = new WeakMap<DeliveryEntity, Timestamp>();

  function versioned(snapshot: DocumentSnapshot): DeliveryEntity | undefined {
    const delivery = read<DeliveryEntity>(snapshot);
    if (delivery && snapshot.updateTime) versions.set(delivery, snapshot.updateTime);
    return delivery;
  }

  async function find(narrow: (query: Query) => Query): Promise<DeliveryEntity[]> {
    const { docs } = await narrow(await documents.query()).get();
    return docs.flatMap((snapshot) => versioned(snapshot) ?? []);
  }

  /** Writes on a delivery as it was got. Gives false when it is no longer that. */
  async function writeOn(delivery: DeliveryEntity, patch: Partial<DeliveryEntity>): Promise<boolean> {
    const lastUpdateTime = versions.get(delivery);
    if (!lastUpdateTime) return false;
    try {
      const stamped = { ...patch, updated_at: documents.now() };
      const [firestore, ref] = await Promise.all([documents.firestore(), documents.ref(delivery.id)]);
      await updateTogether(firestore, ref, storable(stamped), { lastUpdateTime });
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === CHANGED_MEANWHILE) return false;
      throw error;
    }
  }

  /** All of them in one write, or those that are not there yet. */
  async function createSome(list: readonly NewDelivery[]): Promise<readonly NewDelivery[]> {
    const firestore = await documents.firestore();
    const now = documents.now();
    const stored = list.map((delivery) => ({ ...delivery, created_at: now, updated_at: now }));
    const written = await createdOnce(async () => {
      const batch = firestore.batch();
      for (const one of stored) batch.create(await documents.ref(one.id), storable(one));
      await batch.commit();
    });
    if (written) return list;
    await Promise.all(stored.map((one) => documents.create(one)));
    const found = await documents.getAll(list.map(({ id }) => id));
    return list.map((one, n) => found[n] ?? one);
  }

  return {
    async get(id) {
      const snapshot = await documents.snapshot(id);
      return snapshot && versioned(snapshot);
    },
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
    async createAll(list) {
      const parts = Array.from({ length: Math.ceil(list.length / MOST_AT_ONCE) }, (_, n) =>
        list.slice(n * MOST_AT_ONCE, (n + 1) * MOST_AT_ONCE),
      );
      const made: NewDelivery[] = [];
      for (const part of parts) made.push(...(await createSome(part)));
      return made;
    },
    async recordAttempt(delivery, attempt, next) {
      const before = delivery.attempts.length;
      const after = ({ attempts }: DeliveryEntity, more: Partial<DeliveryEntity>) => ({
        ...{ attempts: [...attempts, attempt], ...next },
        ...more,
      });
      const handedTo = delivery.handed_to === undefined ? {} : { handed_to: await noField() };
      if (await writeOn(delivery, after(delivery, handedTo))) return true;
      const toNobody = { handed_to: await noField() };
      const changed = await documents.change(delivery.id, (current) =>
        current.attempts.length === before && current.status === 'pending' ? after(current, toNobody) : undefined,
      );
      return changed !== undefined;
    },
    async firstInOrder(key) {
      const [first] = await find((query) =>
        query.where('order.key', '==', key).where('status', '==', 'pending').orderBy('order.place').limit(1),
      );
      return first;
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
      find((query) =>
        query
          .where('status', '==', 'pending')
          .where('next_attempt_at', '<', since)
          .orderBy('next_attempt_at')
          .limit(most),
      ),
    handOn: (delivery, task, at) => writeOn(delivery, { handed_to: task, next_attempt_at: at }),
    async sendAgain(id, before, task) {
      await documents.change(id, ({ attempts }) =>
        attempts.length === before
          ? { status: 'pending', sent_again_after: before, handed_to: task, next_attempt_at: documents.now() }
          : undefined,
      );
    },
  };
});
