/** How far apart attempts are, as Cloud Tasks and Cloud Scheduler say it. */
export interface Backoff {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxDoublings: number;
}

/**
 * How long what has failed waits: doubles `maxDoublings` times, then grows linearly, up to `maxBackoffMs`.
 * @param attempts how often it has been attempted, from 1.
 */
export function backoffMs({ minBackoffMs, maxBackoffMs, maxDoublings }: Backoff, attempts: number): number {
  const step = attempts - 1;
  const doubled = minBackoffMs * 2 ** Math.min(step, maxDoublings);
  return Math.min(maxBackoffMs, step <= maxDoublings ? doubled : doubled * (step - maxDoublings + 1));
}
