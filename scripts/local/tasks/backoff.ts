import type { RetryConfig } from './queue-settings.ts';

/** Whether a task that failed is given up: its attempts are spent and, when a retry duration is set, that has passed too. */
export function isExhausted(retry: RetryConfig, attempts: number, sinceFirstMs: number): boolean {
  const unlimited = retry.maxAttempts === -1;
  const attemptsSpent = !unlimited && attempts >= retry.maxAttempts;
  if (retry.maxRetryDurationMs === 0) return attemptsSpent;
  return sinceFirstMs >= retry.maxRetryDurationMs && (unlimited || attemptsSpent);
}
