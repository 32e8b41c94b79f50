import type { ScheduleEntity, SkipReason } from '../../schemas/schedules.ts';
import { nextTime, timesAfter } from './cron.ts';

/** What is to be done about a schedule that is due. */
export interface Due {
  /** The times that a run is started for, each one. */
  readonly start: readonly Date[];
  /** The last time that nothing is started for, and why. */
  readonly skipped: ScheduleEntity['last_skipped'];
  /** When it is due next. */
  readonly next: Date | undefined;
}

/**
 * How long after its time a run still counts as started in time: several turns of who starts them, and a cold start.
 * Others call it misfire grace, or a starting deadline.
 */
const IN_TIME_MS = 5 * 60_000;
/** Nothing is due more often than once a minute. */
const MOST_IN_TIME = IN_TIME_MS / 60_000 + 1;

/**
 * What is due at a moment, and what becomes of it by the schedule's policies. Each time that can still be started in
 * time is. Where all have been missed, one run makes good for all of them when the schedule says so: that of the first.
 * @param busy the run before still runs
 */
export function dueOf(schedule: ScheduleEntity, now: Date, busy: boolean): Due {
  const first = schedule.next_at;
  if (!schedule.active || !first || first > now) return { start: [], skipped: undefined, next: first };
  const next = nextTime(schedule, now);
  const deadline = new Date(now.getTime() - IN_TIME_MS);
  const inTime = timesBetween(schedule, first, deadline, now);
  const missed = first < deadline ? first : undefined;
  const wanted = missed && inTime.length === 0 && schedule.missed === 'run-once' ? [missed] : inTime;
  const lost = missed && !wanted.includes(missed) ? skip(missed, 'missed') : undefined;
  if (schedule.overlap === 'allow' || wanted.length === 0) return { start: wanted, skipped: lost, next };
  // Of times that are started together, the second finds the first at work.
  const [only, another] = wanted as [Date, Date?];
  if (busy) return { start: [], skipped: skip(wanted.at(-1) ?? only, 'overlap'), next };
  return { start: [only], skipped: another ? skip(wanted.at(-1) ?? another, 'overlap') : lost, next };
}

const skip = (due_at: Date, reason: SkipReason) => ({ due_at, reason });

/** The times from the first on that are not before the deadline. */
function timesBetween(schedule: ScheduleEntity, first: Date, deadline: Date, now: Date): Date[] {
  const times =
    first < deadline
      ? timesAfter(schedule, new Date(deadline.getTime() - 1000), MOST_IN_TIME)
      : [first, ...timesAfter(schedule, first, MOST_IN_TIME)];
  return times.filter((time) => time >= deadline && time <= now);
}
