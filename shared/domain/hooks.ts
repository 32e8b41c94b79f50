import type { HookEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { hooksCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export interface Hooks {
  get(id: string): Promise<HookEntity | undefined>;
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<HookEntity | undefined>;
  list(userId: string, page: Page): Promise<HookEntity[]>;
  create(hook: Omit<HookEntity, 'created_at' | 'updated_at'>): Promise<HookEntity>;
  /** `check` may refuse by throwing. */
  /** Changes it without anything in between. Gives undefined when there is none any more. */
  change(id: string, change: (current: HookEntity) => Partial<HookEntity> | undefined): Promise<HookEntity | undefined>;
  delete(id: string, check: (current: HookEntity) => void): Promise<void>;
}

export const hooks = defineService([writes(hooksCollection)], (platform): Hooks => {
  const documents = new Documents<HookEntity>(hooksCollection, platform);
  return {
    get: (id) => documents.get(id),
    async getOwned(id, userId) {
      const hook = await documents.get(id);
      return hook?.user_id === userId ? hook : undefined;
    },
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    async create(hook) {
      const now = documents.now();
      const stored = { ...hook, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    change: (id, change) => documents.change(id, change),
    delete: (id, check) => documents.delete(id, check),
  };
});
