const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds from one attempt to the next; the first is made at once. */
export const schedule = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** A random part of the delay is added, so that deliveries that failed together do not come back together. */
const JITTER = 0.1;
/** Longest time that an endpoint's Retry-After is believed. */
const LONGEST_RETRY_AFTER = 24 * HOUR;
/** RFC 9110, 5.6.7. `Date.parse` alone would take nearly anything. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * When to try again.
 * @param attempts how many were made.
 * @param retryAfter the endpoint's `Retry-After`: seconds or a date (RFC 9110, 10.2.3).
 * @param random from 0 to 1.
 * @returns undefined when all attempts are used up.
 */
export function nextAttempt(attempts: number, now: number, random: number, retryAfter?: string): Date | undefined {
  const delay = schedule[attempts - 1];
  if (delay === undefined) return undefined;
  const asked = Math.min(parseRetryAfter(retryAfter, now) ?? 0, LONGEST_RETRY_AFTER);
  return new Date(now + Math.max(delay * (1 + JITTER * random), asked));
}

function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * SECOND;
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - now;
}
