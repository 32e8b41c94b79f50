import { AppError } from '../platform/errors.ts';
import type { TokenBuckets } from './token-buckets.ts';

/** Runs that a sender outside starts: so many at once, and one of them is there again every six seconds. */
const BUCKET = { capacity: 10, perSecond: 1 / 6 };

/** @param what a hook or a trigger, by its id: `hook hok_…`. @throws AppError rate-limited when it has started many */
export async function checkStartingRate(what: string, buckets: TokenBuckets): Promise<void> {
  const { granted, left } = await buckets.lease(what, BUCKET, 1);
  if (granted > 0) return;
  const retryAfter = Math.max(1, Math.ceil((1 - left) / BUCKET.perSecond));
  throw new AppError('rate-limited', `The ${what} has started many runs: later again.`, { retryAfter });
}
