import { defineService } from '../../shared/define/service.ts';
import { setBounded } from '../../shared/platform/bounded-map.ts';
import type { Clock } from '../../shared/platform/platform.ts';

/** Deliveries that a user may have at once on the prompt queue, of one instance, and how many more of them a second. */
const SHARE = { capacity: 100, perSecond: 20 };
/** Users that an instance remembers: a forgotten one has a whole share again. */
const MOST_REMEMBERED = 10_000;

/** What each user may put on the prompt queue. Kept in the instance: asking for it must cost nothing. */
export interface Shares {
  /** @returns how many of the wanted ones go on the prompt queue; the others wait in the backlog */
  take(userId: string, wanted: number): number;
}

export function createShares(clock: Pick<Clock, 'now'>, { capacity, perSecond } = SHARE): Shares {
  const all = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    take(userId, wanted) {
      const now = clock.now();
      const { left, at } = all.get(userId) ?? { left: capacity, at: now };
      const there = Math.min(capacity, left + ((now - at) / 1000) * perSecond);
      const granted = Math.min(wanted, Math.floor(there));
      all.delete(userId);
      setBounded(all, userId, { left: there - granted, at: now }, MOST_REMEMBERED);
      return granted;
    },
  };
}

export const shares = defineService([], ({ clock }) => createShares(clock));
