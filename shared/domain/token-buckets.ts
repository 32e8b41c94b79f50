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
  /**
   * Takes tokens: as many as are wanted, but no more than half of what is there; and no fewer than `least`, or none.
   * What is granted is the taker's, whether it is used or not.
   */
  lease(name: string, bucket: Bucket, wanted: number, least?: number): Promise<Lease>;
}

/** A bucket as it was left by the last lease. */
export interface Level {
  readonly tokens: number;
  /** Milliseconds. */
  readonly at: number;
}

/** Leases of one bucket are to be no closer than this, so that its document is written about once a second at most. */
const PACE_SECONDS = 1;

/** As much as flows in within the pace: where no lease is smaller, there is none more often. */
export const paced = ({ capacity, perSecond }: Bucket): number =>
  Math.min(capacity, Math.max(1, Math.ceil(perSecond * PACE_SECONDS)));

/** Takes a lease of a bucket. `after` is its level then; absent when nothing is granted: a flood of refusals writes nothing. */
export function draw(
  before: Level | undefined,
  { capacity, perSecond }: Bucket,
  { wanted, least = 1 }: { readonly wanted: number; readonly least?: number | undefined },
  now: number,
): Lease & { after?: Level } {
  const seconds = before ? Math.max(0, now - before.at) / 1000 : 0;
  const held = before ? Math.min(capacity, before.tokens + seconds * perSecond) : capacity;
  if (held < least) return { granted: 0, left: held };
  const granted = Math.max(least, Math.min(wanted, Math.floor(held / 2)));
  return { granted, left: held - granted, after: { tokens: held - granted, at: now } };
}

export const tokenBuckets = defineService([writes(cacheCollection)], createTokenBuckets);

export function createTokenBuckets({ clients, clock }: Pick<Platform, 'clients' | 'clock'>): TokenBuckets {
  return {
    async lease(name, bucket, wanted, least) {
      const id = `tokens-${createHash('sha256').update(name).digest('base64url')}`;
      const ref = (await clients.firestore()).collection(cacheCollection.name).doc(id);
      return await ref.firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(ref);
        const now = clock.now();
        const before = snapshot.exists
          ? { tokens: snapshot.get('tokens'), at: snapshot.get('at').toMillis() }
          : undefined;
        const { after, ...lease } = draw(before, bucket, { wanted, least }, now);
        if (!after) return lease;
        const full = new Date(now + (bucket.capacity / bucket.perSecond) * 1000);
        transaction.set(ref, { tokens: after.tokens, at: new Date(now), expires_at: full });
        return lease;
      });
    },
  };
}
