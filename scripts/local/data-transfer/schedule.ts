import { daysOf } from './calendar-schedule.ts';
import { invalid } from './errors.ts';
import { intervalOf } from './interval-schedule.ts';

/** When runs are due, by a schedule string. Times are milliseconds since the epoch, in UTC. */
export interface Schedule {
  /**
   * The first time at or after `from`; undefined when there is none any more.
   * @param anchor the time from which an interval counts: the schedule's start
   */
  next(from: number, anchor: number): number | undefined;
}

/** What a scheduled query without a schedule of its own has. */
export const DEFAULT_SCHEDULE = 'every 24 hours';

/**
 * Reads a schedule string, in any case: `every 12 hours`, `every 15 minutes from 08:00 to 18:00`,
 * `every 6 hours synchronized`, `every day 06:00`, `every mon,wed 09:00`, `1,15 of month 00:00`,
 * `first sunday of quarter 00:00`, `1st,3rd monday of jan,jul 15:30`. Without a time of day it is midnight. UTC.
 * @throws RpcError INVALID_ARGUMENT for what is none, and for intervals below five minutes.
 * @see https://cloud.google.com/appengine/docs/flexible/python/scheduling-jobs-with-cron-yaml#the_schedule_format
 */
export function parseSchedule(text: string): Schedule {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\s*,\s*/g, ',')
    .replace(/\s+/g, ' ');
  const schedule = intervalOf(words) ?? daysOf(words);
  if (!schedule)
    throw invalid(
      `Invalid schedule "${text}": it has a form like "every 24 hours", "every day 06:00", "every monday 09:00", "1 of month 00:00" or "first sunday of quarter 00:00".`,
    );
  return schedule;
}

/** The times from `from` until before `until`. */
export function* timesOf(schedule: Schedule, from: number, until: number, anchor: number): Generator<number> {
  for (let time = schedule.next(from, anchor); time !== undefined && time < until; ) {
    yield time;
    time = schedule.next(time + 1, anchor);
  }
}
