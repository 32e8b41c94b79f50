import type { TriggerEntity } from '../../schemas/triggers.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { triggersCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export interface Triggers {
  get(id: string): Promise<TriggerEntity | undefined>;
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<TriggerEntity | undefined>;
  /** @param active only those that are, or are not. */
  list(userId: string, page: Page, active?: boolean): Promise<TriggerEntity[]>;
  count(userId: string): Promise<number>;
  /** A user's active triggers by objects. */
  ofObjects(userId: string): Promise<TriggerEntity[]>;
  create(trigger: Omit<TriggerEntity, 'created_at' | 'updated_at'>): Promise<TriggerEntity>;
  /** Changes it without anything in between. Gives undefined when there is none any more. */
  change(id: string, change: (current: TriggerEntity) => Partial<TriggerEntity>): Promise<TriggerEntity | undefined>;
  /** `check` may refuse by throwing. */
  delete(id: string, check: (current: TriggerEntity) => void): Promise<void>;
}

/** What one user may have. */
export const MOST_TRIGGERS = 100;

export const triggers = defineService([writes(triggersCollection)], (platform): Triggers => {
  const documents = new Documents<TriggerEntity>(triggersCollection, platform);
  return {
    get: (id) => documents.get(id),
    async getOwned(id, userId) {
      const trigger = await documents.get(id);
      return trigger?.user_id === userId ? trigger : undefined;
    },
    list: (userId, page, active) =>
      documents.page(page, (query) => {
        const mine = query.where('user_id', '==', userId);
        return active === undefined ? mine : mine.where('active', '==', active);
      }),
    count: (userId) => documents.count((query) => query.where('user_id', '==', userId)),
    ofObjects: (userId) =>
      documents.find((query) =>
        query
          .where('user_id', '==', userId)
          .where('on', '==', 'object')
          .where('active', '==', true)
          .limit(MOST_TRIGGERS),
      ),
    async create(trigger) {
      const now = documents.now();
      const stored = { ...trigger, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    change: (id, change) => documents.change(id, change),
    delete: (id, check) => documents.delete(id, check),
  };
});
