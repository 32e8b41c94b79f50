import { commands } from '../commands/index.ts';
import { defineService } from '../define/service.ts';
import { setBounded } from '../platform/bounded-map.ts';
import { type ObjectStore, objectStore, whereThere } from '../platform/object-store.ts';
import type { Platform } from '../platform/platform.ts';
import { reportsBucket } from '../resources/buckets.ts';
import { EVERYBODYS, type Habits, habitsOf } from './habits.ts';
import { adapted, learnNextCommands, type NextCommands } from './next-commands.ts';

/** What was learned of which commands follow which, as a user sees it: everybody's habits and their own. */
export interface Learned {
  /** When everybody's were learned, RFC 3339; undefined when nothing was yet. */
  readonly at: string | undefined;
  /** Whether the user's own are known too. */
  readonly own: boolean;
  readonly next: NextCommands;
}

/** Gives what was learned. */
export interface LearnedHabits {
  of(userId: string): Promise<Learned>;
}

/** What has been learned changes once a night. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 500;

const objects = objectStore(reportsBucket, 'read');

export const learnedHabits = defineService(objects.uses, (platform) =>
  createLearnedHabits(objects.make(platform), platform),
);

/** Reads what was learned from its objects, and keeps it in this instance's memory for a while. */
export function createLearnedHabits(
  store: Pick<ObjectStore, 'get'>,
  { clock }: Pick<Platform, 'clock'>,
): LearnedHabits {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();

  function remembering<T>(name: string, read: () => Promise<T>): Promise<T> {
    const now = clock.now();
    const known = kept.get(name);
    if (known && known.until > now) return known.value as Promise<T>;
    const value = read();
    setBounded(kept, name, { until: now + KEPT_MS, value }, MOST_KEPT);
    value.catch(() => kept.delete(name));
    return value;
  }

  const habits = async (name: string): Promise<Partial<Habits>> => {
    const body = await whereThere(store.get(name));
    return body ? (JSON.parse(body.toString('utf8')) as Habits) : {};
  };
  const everybodys = () =>
    remembering(EVERYBODYS, async () => {
      const { at, transitions = [] } = await habits(EVERYBODYS);
      return { at, next: learnNextCommands(transitions, commands.length) };
    });

  return {
    async of(userId) {
      const name = habitsOf(userId);
      const [{ at, next }, own] = await Promise.all([everybodys(), remembering(name, () => habits(name))]);
      return { at, own: own.at !== undefined, next: adapted(next, own.transitions ?? []) };
    },
  };
}
