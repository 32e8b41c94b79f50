import type { UserEntity } from '../../schemas/entities.ts';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import { defineService, reads, writes } from '../define/service.ts';
import type { Platform } from '../platform/platform.ts';
import { currentTrace } from '../platform/trace.ts';
import { erasuresCollection, usersCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';

/** The receipts of users who are erased. */
export interface Erasures {
  get(userId: string): Promise<ErasureEntity | undefined>;
  /**
   * Locks a user out and begins the erasure, at once; `check` may refuse by throwing. One that has begun stays as it is.
   * @returns undefined when there is no such user
   */
  begin(userId: string, by: string, check: (user: UserEntity) => void): Promise<ErasureEntity | undefined>;
  /** Those whose next round is due, at most `most`. */
  due(most: number): Promise<ErasureEntity[]>;
}

/** Knows who was erased. */
export interface Erased {
  /** Those of the users whose erasure has begun. */
  among(userIds: readonly string[]): Promise<ReadonlySet<string>>;
}

const HOUR_MS = 3600_000;

/**
 * When all of it is looked for again after each round. What is under way is over within an hour: rows can be deleted half
 * an hour after they were written, and tasks are given up after minutes. Events are delivered for a day.
 */
const ROUNDS_MS = [HOUR_MS, 24 * HOUR_MS];

/** When the next round comes after this one, which began from 0; null after the last. */
export const nextRoundAfter = (round: number, now: number): Date | null => {
  const wait = ROUNDS_MS[round];
  return wait === undefined ? null : new Date(now + wait);
};

export const erasures = defineService([writes(erasuresCollection), writes(usersCollection)], createErasures);

export function createErasures(platform: Pick<Platform, 'clients' | 'clock'>): Erasures {
  const receipts = new Documents<ErasureEntity>(erasuresCollection, platform);
  const users = new Documents<UserEntity>(usersCollection, platform);
  return {
    get: (userId) => receipts.get(userId),
    async begin(userId, by, check) {
      // Of an id that is none of ours there is neither.
      if (!(await receipts.get(userId)) && !(await users.get(userId))) return undefined;
      const [ref, userRef] = [await receipts.ref(userId), await users.ref(userId)];
      return await receipts.transaction(async (transaction) => {
        const [receiptNow, userNow] = await transaction.getAll(ref, userRef);
        const begun = receiptNow && read<ErasureEntity>(receiptNow);
        if (begun) return begun;
        const user = userNow && read<UserEntity>(userNow);
        if (!user) return undefined;
        check(user);
        const now = receipts.now();
        const trace = currentTrace();
        const receipt: ErasureEntity = {
          id: userId,
          created_at: now,
          updated_at: now,
          requested_by: by,
          status: 'running',
          deleted: { documents: {}, objects: {}, rows: {} },
          waits_for: [],
          rounds: 0,
          next_round_at: new Date(now.getTime() + HOUR_MS),
          ...(trace ? { trace } : {}),
        };
        transaction.create(ref, receipt);
        transaction.update(userRef, { disabled: true, updated_at: now });
        return receipt;
      });
    },
    due: (most) =>
      receipts.find((query) => query.where('next_round_at', '<=', receipts.now()).orderBy('next_round_at').limit(most)),
  };
}

export const erased = defineService([reads(erasuresCollection)], (platform): Erased => {
  const receipts = new Documents<ErasureEntity>(erasuresCollection, platform);
  return {
    async among(userIds) {
      const found = await receipts.getAll([...new Set(userIds)]);
      return new Set(found.flatMap((receipt) => receipt?.id ?? []));
    },
  };
});
