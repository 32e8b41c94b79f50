import { createHash } from 'node:crypto';
import { defineService, writes } from '../define/service.ts';
import type { Platform } from '../platform/platform.ts';
import { cacheCollection } from '../resources/collections.ts';

/** A bucket that holds so many tokens at most and is refilled steadily. */
export interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/** What an instance got of a bucket. */
export interface Lease {
  readonly granted: number;
  /** Tokens left in the bucket for all instances. */
  readonly left: number;
}

/** Token buckets that all instances share, each a document. */
export interface TokenBuckets {
  /** Takes up to `wanted` tokens; what is granted is the taker's, whether it is used or not. */
  lease(name: string, bucket: Bucket, wanted: number): Promise<Lease>;
}

export const tokenBuckets = defineService([writes(cacheCollection)], createTokenBuckets);

export function createTokenBuckets({ clients, clock }: Pick<Platform, 'clients' | 'clock'>): TokenBuckets {
  return {
    async lease(name, { capacity, perSecond }, wanted) {
      const id = `tokens-${createHash('sha256').update(name).digest('base64url')}`;
      const ref = (await clients.firestore()).collection(cacheCollection.name).doc(id);
      return await ref.firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(ref);
        const now = clock.now();
        const seconds = snapshot.exists ? Math.max(0, now - snapshot.get('at').toMillis()) / 1000 : 0;
        const held = snapshot.exists ? Math.min(capacity, snapshot.get('tokens') + seconds * perSecond) : capacity;
        const granted = Math.min(wanted, Math.floor(held));
        // Refusals cost a read: a flood of them writes nothing.
        if (granted === 0) return { granted, left: held };
        const full = new Date(now + (capacity / perSecond) * 1000);
        transaction.set(ref, { tokens: held - granted, at: new Date(now), expires_at: full });
        return { granted, left: held - granted };
      });
    },
  };
}
