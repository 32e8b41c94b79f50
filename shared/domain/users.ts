import type { UserEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import type { Platform } from '../platform/platform.ts';
import { usersCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export interface Users {
  get(id: string): Promise<UserEntity | undefined>;
  /** Newest first. */
  list(page: Page): Promise<UserEntity[]>;
  create(user: Omit<UserEntity, 'created_at' | 'updated_at'>): Promise<UserEntity>;
  /**
   * Changes a user as it is now; `check` may refuse by throwing.
   * @returns undefined when there is none
   */
  change(id: string, patch: Partial<UserEntity>, check: (current: UserEntity) => void): Promise<UserEntity | undefined>;
}

export const users = defineService([writes(usersCollection)], (platform) => createUsers(platform));

export function createUsers(platform: Pick<Platform, 'clients' | 'clock'>): Users {
  const documents = new Documents<UserEntity>(usersCollection, platform);
  return {
    get: (id) => documents.get(id),
    list: (page) => documents.page(page, (query) => query),
    async create(user) {
      const now = documents.now();
      const stored = { ...user, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    change: (id, patch, check) =>
      documents.change(id, (current) => {
        check(current);
        return patch;
      }),
  };
}
