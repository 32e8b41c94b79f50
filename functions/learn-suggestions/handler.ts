import { EVERYBODYS, type Habits, habitsOf, type TransitionCounts } from '../../shared/analytics/habits.ts';
import type { Transition } from '../../shared/analytics/next-commands.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services {
  readonly counts: TransitionCounts;
  readonly objects: ObjectStore;
}

const DAY_MS = 86_400_000;
/** What people did longer ago is no habit any more. */
const REMEMBERED_DAYS = 90;
/** Whose commands are counted anew: the statistics of two days are, too. */
const LATELY_DAYS = 3;
/** Of what a user did beyond that, the commands alone are kept: not what they were done to. */
const MOST_TARGETS = 5000;

/** Keeps which commands follow which, of everybody together and of each user who has been at work lately. */
export async function learnSuggestions(
  _schedule: unknown,
  { counts, objects, clock, log }: Services & Base,
): Promise<void> {
  const now = clock.now();
  const since = new Date(now - REMEMBERED_DAYS * DAY_MS);
  const keep = (name: string, transitions: readonly Transition[], owner?: string) =>
    objects.put(name, JSON.stringify({ at: new Date(now).toISOString(), transitions } satisfies Habits), {
      contentType: 'application/json',
      metadata: owner === undefined ? {} : { owner },
    });
  const everybodys = await counts.ofEverybody(since);
  await keep(EVERYBODYS, everybodys);
  let users = 0;
  for await (const { userId, transitions } of counts.ofUsers(since, new Date(now - LATELY_DAYS * DAY_MS))) {
    await keep(habitsOf(userId), bounded(transitions), userId);
    users++;
  }
  log.info('habits are learned', { users, transitions: everybodys.length });
}

/** Keeps the targets of what happened most often, which comes first. */
function bounded(transitions: readonly Transition[]): Transition[] {
  const counts = new Map<string, Transition>();
  for (const [beforePrevious, previous, command, count, begins = false] of transitions.slice(MOST_TARGETS)) {
    const key = `${beforePrevious} ${previous} ${command} ${begins}`;
    counts.set(key, [beforePrevious, previous, command, count + (counts.get(key)?.[3] ?? 0), begins]);
  }
  return [...transitions.slice(0, MOST_TARGETS), ...counts.values()];
}
