import { hash } from 'node:crypto';
import type { ApiKeyEntity, UserEntity } from '../../schemas/entities.ts';
import { defineService, reads, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { encodeBytes } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { apiKeysCollection, usersCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';

/** API keys as they are kept: by their hash, never themselves. */
export interface ApiKeys {
  /** The key whose text has this hash, and beside it, in the same request, the user who is thought to own it. */
  withUser(hash: string, userId: string | undefined): Promise<KeyWithUser>;
  /** A user's keys, newest first; those that were revoked too. */
  list(userId: string, page: Page): Promise<ApiKeyEntity[]>;
  create(key: Omit<ApiKeyEntity, 'created_at' | 'updated_at'>): Promise<ApiKeyEntity>;
  /**
   * Revokes a user's key from now on. One that is revoked already stays as it is.
   * @returns undefined when there is none, or when it is somebody else's
   */
  revoke(keyId: string, userId: string | undefined): Promise<ApiKeyEntity | undefined>;
  /** Notes that a key was used, at most once an hour. Never waits and never fails. */
  noteUse(key: ApiKeyEntity): void;
}

/** A key and a user as they are at the same moment. */
export interface KeyWithUser {
  readonly key: ApiKeyEntity | undefined;
  readonly user: UserEntity | undefined;
}

const NOTE_USE_MS = 3600_000;
const RANDOM_BYTES = 25;

/** A new key: `vrt_` and 40 characters of Crockford's base 32, which are 200 random bits. */
export function newApiKey(randomBytes: (count: number) => Uint8Array): string {
  return `vrt_${encodeBytes(randomBytes(RANDOM_BYTES))}`;
}

/** What a key is kept under. Its 200 random bits make a slow hash needless: nothing is guessed. */
export const hashOfKey = (key: string): string => hash('sha256', key);

/** What people know a key by. */
export const prefixOfKey = (key: string): string => key.slice(0, 10);

export const apiKeys = defineService([writes(apiKeysCollection), reads(usersCollection)], (platform) =>
  createApiKeys(platform),
);

export function createApiKeys(platform: Pick<Platform, 'clients' | 'clock' | 'log'>): ApiKeys {
  const documents = new Documents<ApiKeyEntity>(apiKeysCollection, platform);
  const users = new Documents<UserEntity>(usersCollection, platform);
  return {
    async withUser(hash, userId) {
      const firestore = await documents.firestore();
      const refs = [await documents.ref(hash), ...(userId === undefined ? [] : [await users.ref(userId)])];
      const [key, user] = await firestore.getAll(...refs);
      return { key: key && read<ApiKeyEntity>(key), user: user && read<UserEntity>(user) };
    },
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    async create(key) {
      const now = documents.now();
      const stored = { ...key, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    async revoke(keyId, userId) {
      const [found] = await documents.find((query) => query.where('key_id', '==', keyId).limit(1));
      if (!found || (userId !== undefined && found.user_id !== userId)) return undefined;
      if (found.revoked_at) return found;
      await documents.change(found.id, (current) => (current.revoked_at ? undefined : { revoked_at: documents.now() }));
      return found;
    },
    noteUse(key) {
      const now = platform.clock.now();
      if (key.last_used_at && now - key.last_used_at.getTime() < NOTE_USE_MS) return;
      documents
        .update(key.id, { last_used_at: new Date(now) })
        .catch((error) => platform.log.warning(`The use of a key could not be noted: ${String(error)}`));
    },
  };
}
