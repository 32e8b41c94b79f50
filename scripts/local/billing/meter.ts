import type { Metered } from '../../../shared/cost/prices.ts';

/** How often each billable operation happened, or how much of it. */
export type Meter = ReadonlyMap<Metered, number>;

/** What was counted since `before`, a copy of the meter as it was then. */
export function meterSince(before: Meter, after: Meter): Map<Metered, number> {
  const counts = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  return new Map(counts.filter(([, count]) => count > 0));
}
