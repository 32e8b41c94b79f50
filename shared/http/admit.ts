import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { Authenticate } from './authenticate.ts';
import { type Allowance, type LimitClass, type RateLimiter, rateLimitHeaders } from './rate-limits.ts';
import type { Caller, Route } from './route.ts';

export interface Gate {
  readonly authenticate: Authenticate;
  readonly limiter: RateLimiter;
  readonly log: Logger;
}

/** Who was let in; `headers` are for the answer, whatever comes of the request. */
export interface Admitted {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Lets a request in: one whose sender is known, may ask, and does not ask too often.
 * @param address who sends it, as far as the network knows
 * @throws AppError unauthenticated, permission-denied, rate-limited
 */
export async function admit(
  route: Pick<Route, 'access' | 'method' | 'limit'>,
  headers: Headers,
  address: string,
  { authenticate, limiter, log }: Gate,
): Promise<Admitted> {
  const open = route.access === 'public';
  // Guessing keys must not cost us more than the guesser.
  const denied = open ? undefined : limiter.spent('denied', address);
  if (denied) throw tooMany('denied', denied);
  let caller: Caller;
  try {
    caller = await authenticate(headers, route.access);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') await take('denied', address);
    throw error;
  }
  const name = limitOf(route);
  const allowance = await take(name, open ? address : caller.userId);
  if (!allowance) return { caller, headers: {} };
  if (!allowance.allowed) throw tooMany(name, allowance);
  return { caller, headers: rateLimitHeaders(name, allowance) };

  /** Limits that cannot be asked for limit nothing: the API is there without them. */
  async function take(limit: LimitClass, subject: string): Promise<Allowance | undefined> {
    try {
      return await limiter.take(limit, subject);
    } catch (error) {
      log.warning(`A rate limit could not be looked at: ${String(error)}`);
      return undefined;
    }
  }
}

function limitOf({ access, method, limit }: Pick<Route, 'access' | 'method' | 'limit'>): LimitClass {
  if (limit) return limit;
  if (access === 'public') return 'open';
  return method === 'GET' ? 'read' : 'create';
}

function tooMany(name: LimitClass, allowance: Allowance): AppError {
  return new AppError('rate-limited', `At most ${allowance.limit} such requests a minute are taken.`, {
    retryAfter: allowance.resetSeconds,
    headers: rateLimitHeaders(name, allowance),
  });
}

/**
 * The address that a request comes from: the last that X-Forwarded-For names, or the one before it when a load balancer
 * of ours has added its own. What is further left is what the sender claims.
 */
export function addressOf(forwardedFor: string | undefined, trustedProxies: number): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
  return hops.at(-1 - trustedProxies) ?? hops[0] ?? '';
}
