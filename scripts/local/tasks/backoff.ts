import type { RetryConfig } from './queue-settings.ts';

/**
 * How long a failed task waits: doubles `maxDoublings` times, then grows linearly, up to `maxBackoffMs`.
 * @param attempts how often the task has been attempted, from 1.
 */
export function backoffMs(retry: RetryConfig, attempts: number): number {
  const step = attempts - 1;
  const doubled = retry.minBackoffMs * 2 ** Math.min(step, retry.maxDoublings);
  const interval = step <= retry.maxDoublings ? doubled : doubled * (step - retry.maxDoublings + 1);
  return Math.min(retry.maxBackoffMs, interval);
}

/** Whether a task that failed is given up: its attempts are spent and, when a retry duration is set, that has passed too. */
export function isExhausted(retry: RetryConfig, attempts: number, sinceFirstMs: number): boolean {
  const unlimited = retry.maxAttempts === -1;
  const attemptsSpent = !unlimited && attempts >= retry.maxAttempts;
  if (retry.maxRetryDurationMs === 0) return attemptsSpent;
  return sinceFirstMs >= retry.maxRetryDurationMs && (unlimited || attemptsSpent);
}
