import type { UserEntity } from '../../schemas/entities.ts';
import type { QuotasPatch } from '../../schemas/quotas.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import type { Platform } from '../platform/platform.ts';
import { slotsCollection, usersCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';
import { Ledgers } from './ledgers.ts';
import { withQuotas } from './quotas.ts';

export interface Users {
  get(id: string): Promise<UserEntity | undefined>;
  /** Newest first. */
  list(page: Page): Promise<UserEntity[]>;
  create(user: Omit<UserEntity, 'created_at' | 'updated_at'>): Promise<UserEntity>;
  /**
   * Changes a user as it is now; `check` may refuse by throwing.
   * @returns undefined when there is none
   */
  change(id: string, patch: UserChange, check: (current: UserEntity) => void): Promise<UserEntity | undefined>;
}

/** What changes of a user: of their quotas those that are named, as they are spoken of. */
export type UserChange = Omit<Partial<UserEntity>, 'quotas'> & { readonly quotas?: QuotasPatch };

export const users = defineService([writes(usersCollection), writes(slotsCollection)], (platform) =>
  createUsers(platform),
);

export function createUsers(platform: Pick<Platform, 'clients' | 'clock'>): Users {
  const documents = new Documents<UserEntity>(usersCollection, platform);
  const ledgers = new Ledgers(platform);
  return {
    get: (id) => documents.get(id),
    list: (page) => documents.page(page, (query) => query),
    async create(user) {
      const now = documents.now();
      const stored = { ...user, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    change: (id, { quotas, ...patch }, check) =>
      documents.change(
        id,
        (current) => {
          check(current);
          return quotas ? { ...patch, quotas: withQuotas(current.quotas, quotas) } : patch;
        },
        // Where they are looked at, without another read.
        async (changed, transaction) => {
          if (quotas) await ledgers.setQuotas(id, changed.quotas ?? {}, transaction);
        },
      ),
  };
}
