import type { LocalService } from '../plumbing/service.ts';

/** How much is still to be done, by who has it to do: `{tasks: 2, events: 1}`. Empty when all is quiet. */
export type Pending = () => Record<string, number>;

/** Work that services have, and the host itself: events to be delivered, requests that functions are at. */
export function pendingOf(services: readonly LocalService[], own: Readonly<Record<string, () => number>>): Pending {
  return () => {
    const counts: [string, number][] = services.map(({ name, pending }) => [name, pending?.() ?? 0]);
    for (const [name, count] of Object.entries(own)) counts.push([name, count()]);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  };
}

const LOOK_EVERY_MS = 20;

/**
 * Resolves when nothing is pending. Future runs of schedules do not count.
 * @throws Error that says what still is, when that takes longer than `timeoutMs`.
 */
export async function settle(pending: Pending, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const left = Object.entries(pending());
    if (left.length === 0) return;
    if (performance.now() >= end) {
      const what = left.map(([name, count]) => `${name}: ${count}`).join(', ');
      throw new Error(`the local cloud has not settled within ${timeoutMs} ms; still pending: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
