/**
 * How events are tried again: as Eventarc's transport, Pub/Sub, does with the retry and dead-letter policy that every
 * subscription of the suite has. What no dead-letter topic takes is tried for as long as Eventarc keeps it.
 * @see https://cloud.google.com/eventarc/docs/retry-events
 */
export const deliveryPolicy = {
  minBackoffMs: 10_000,
  maxBackoffMs: 600_000,
  attempts: 5,
  deadLetters: 'dead-letters',
  retentionMs: 24 * 3_600_000,
} as const;

/** Milliseconds until an event is tried again after so many attempts. */
export function backoffMs(attempts: number): number {
  return Math.min(deliveryPolicy.maxBackoffMs, deliveryPolicy.minBackoffMs * 2 ** (attempts - 1));
}
