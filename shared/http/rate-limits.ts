import { type Bucket, draw, type Level, paced, type TokenBuckets } from '../domain/token-buckets.ts';
import { setBounded } from '../platform/bounded-map.ts';
import type { Clock } from '../platform/platform.ts';

/** How many requests of a class a minute, of a user or of an address; `burst` times as many at once after a pause. */
export interface Limit {
  readonly perMinute: number;
  readonly burst?: number;
}

/**
 * The classes that routes are limited by. `open` is what needs no credential, by address and instance: to ask for it must
 * cost less than to answer. `denied` counts the requests of an address whose credentials are wrong.
 */
export const limits = {
  read: { perMinute: 100 },
  create: { perMinute: 30 },
  command: { perMinute: 200, burst: 1.5 },
  batch: { perMinute: 10 },
  run: { perMinute: 5 },
  open: { perMinute: 1000 },
  denied: { perMinute: 30 },
} as const satisfies Record<string, Limit>;

export type LimitClass = keyof typeof limits;

/** What came of asking for a token. */
export interface Allowance {
  readonly allowed: boolean;
  /** Seconds until a token is there again. */
  readonly resetSeconds: number;
  /** Tokens that are left, as far as this instance knows. */
  readonly remaining: number;
  readonly limit: number;
}

/**
 * Limits requests over all instances: each takes tokens from the shared bucket in leases, as many as it needs for some
 * seconds at the pace that it has seen. More than the limit is never let through; up to a lease an instance, unused, may
 * be refused too early. A bucket's document is written once a second at most, but for the first lease or two of each
 * instance when a rush begins.
 */
export interface RateLimiter {
  /** Undefined where nothing is limited. */
  take(name: LimitClass, subject: string): Promise<Allowance | undefined>;
  /** Whether this instance knows that there is no token: asks nobody. */
  spent(name: LimitClass, subject: string): Allowance | undefined;
}

/** How long leased tokens are an instance's. */
const LEASE_SECONDS = 10;
/** A lease is for so long, at the pace of the one before. */
const AHEAD_SECONDS = 5;
/** Subjects that an instance remembers. */
const MOST_REMEMBERED = 10_000;

interface Held {
  tokens: number;
  /** Tokens used since the last lease. */
  used: number;
  since: number;
  left: number;
  /** Until when the tokens are ours. */
  until: number;
  /** When the shared bucket has a token again. */
  nextAt: number;
  asking: Promise<void> | undefined;
}

/** @param factor what the limits are multiplied by; 0 limits nothing */
export function createRateLimiter(shared: TokenBuckets, clock: Clock, factor: number): RateLimiter {
  const own = ownBuckets(clock);
  const held = new Map<string, Held>();

  function remembered(key: string): Held {
    const found = held.get(key);
    if (found) return found;
    const fresh: Held = { tokens: 0, used: 0, since: 0, left: 0, until: 0, nextAt: 0, asking: undefined };
    setBounded(held, key, fresh, MOST_REMEMBERED);
    return fresh;
  }

  async function renew(key: string, mine: Held, bucket: Bucket): Promise<void> {
    const [buckets, least] = key.startsWith('open ') ? [own, 1] : [shared, paced(bucket)];
    const seconds = (clock.now() - mine.since) / 1000;
    const wanted = Math.ceil((mine.used / Math.max(seconds, 0.1)) * AHEAD_SECONDS);
    const { granted, left } = await buckets.lease(key, bucket, Math.max(1, wanted), least);
    mine.tokens = granted;
    mine.used = 0;
    mine.since = clock.now();
    mine.left = left;
    mine.until = clock.now() + LEASE_SECONDS * 1000;
    mine.nextAt = clock.now() + Math.ceil((Math.max(0, least - left) / bucket.perSecond) * 1000);
  }

  const has = (mine: Held): boolean => mine.tokens >= 1 && mine.until > clock.now();

  function allowance(mine: Held, { capacity, perSecond }: Bucket, allowed: boolean): Allowance {
    const wait = allowed ? 1 / perSecond : (mine.nextAt - clock.now()) / 1000;
    const remaining = allowed ? Math.floor(mine.tokens + mine.left) : 0;
    return { allowed, remaining, limit: capacity, resetSeconds: Math.max(1, Math.ceil(wait)) };
  }

  return {
    async take(name, subject) {
      if (factor === 0) return undefined;
      const bucket = bucketOf(name, factor);
      const key = `${name} ${subject}`;
      const mine = remembered(key);
      // Requests that come together ask once.
      while (!has(mine)) {
        if (mine.nextAt > clock.now()) return allowance(mine, bucket, false);
        mine.asking ??= renew(key, mine, bucket).finally(() => {
          mine.asking = undefined;
        });
        await mine.asking;
      }
      mine.tokens--;
      mine.used++;
      return allowance(mine, bucket, true);
    },
    spent(name, subject) {
      const mine = held.get(`${name} ${subject}`);
      const known = factor > 0 && mine && !has(mine) && mine.nextAt > clock.now();
      return known ? allowance(mine, bucketOf(name, factor), false) : undefined;
    },
  };
}

function bucketOf(name: LimitClass, factor: number): Bucket {
  const { perMinute, burst = 1 }: Limit = limits[name];
  return { capacity: Math.max(1, Math.floor(perMinute * burst * factor)), perSecond: (perMinute * factor) / 60 };
}

/** The fields RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers). */
export function rateLimitHeaders(
  name: LimitClass,
  { limit, remaining, resetSeconds }: Allowance,
): Record<string, string> {
  return {
    'ratelimit-policy': `"${name}";q=${limit};w=60`,
    ratelimit: `"${name}";r=${Math.max(0, remaining)};t=${resetSeconds}`,
  };
}

/** Buckets of this instance alone. */
function ownBuckets(clock: Clock): TokenBuckets {
  const all = new Map<string, Level>();
  return {
    async lease(name, bucket, wanted, least) {
      const { after, ...lease } = draw(all.get(name), bucket, { wanted, least }, clock.now());
      if (all.size >= MOST_REMEMBERED) all.delete(all.keys().next().value as string);
      if (after) all.set(name, after);
      return lease;
    },
  };
}
