import { invalid } from './errors.ts';
import type { Schedule } from './schedule.ts';
import { DAY_MS, midnightOf, timeOfDay } from './time-of-day.ts';

const FORM = /^every (\d+) (minutes?|mins?|hours?)(?: (?:(synchronized)|from (\d{1,2}:\d\d) to (\d{1,2}:\d\d)))?$/;
const SHORTEST_MS = 5 * 60_000;

/** `every N minutes|hours`, all around the clock or within a part of the day. Undefined for another form. */
export function intervalOf(words: string): Schedule | undefined {
  const [, count, unit, synchronized, from, to] = FORM.exec(words) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const interval = Number(count) * (unit.startsWith('h') ? 60 : 1) * 60_000;
  if (interval < SHORTEST_MS)
    throw invalid(`Invalid schedule "${words}": a scheduled query runs every 5 minutes at most.`);
  if (from !== undefined && to !== undefined) return within(interval, timesOfDay(words, from, to));
  if (synchronized === undefined) return { next: (time, anchor) => nextOf(time, anchor, interval) };
  if (DAY_MS % interval !== 0)
    throw invalid(`Invalid schedule "${words}": a synchronized interval divides 24 hours evenly.`);
  return { next: (time) => nextOf(time, 0, interval) };
}

/** The first `anchor + n * interval`, n from 0, at or after a time; before the anchor, n goes below. */
function nextOf(time: number, anchor: number, interval: number): number {
  return anchor + Math.ceil((time - anchor) / interval) * interval;
}

function timesOfDay(words: string, from: string, to: string): { from: number; to: number } {
  const [begin, end] = [timeOfDay(from), timeOfDay(to)];
  if (begin === undefined || end === undefined) throw invalid(`Invalid schedule "${words}": a time of day is wrong.`);
  // A part of the day may go on after midnight.
  return { from: begin, to: end < begin ? end + DAY_MS : end };
}

function within(interval: number, { from, to }: { from: number; to: number }): Schedule {
  return {
    next(time) {
      for (let day = midnightOf(time) - DAY_MS; ; day += DAY_MS) {
        const first = day + from;
        const next = Math.max(first, nextOf(time, first, interval));
        if (next <= day + to) return next;
      }
    },
  };
}
