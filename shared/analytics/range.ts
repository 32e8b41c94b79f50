import { AppError } from '../platform/errors.ts';

const DAY_MS = 86_400_000;
/** The default: a week, today included. */
const DEFAULT_DAYS = 7;
/** A longer range would read more than anybody looks at. */
export const MOST_DAYS = 400;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A range of time: from `from` until before `to`. */
export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/**
 * Reads the `from` and `to` of a request: days of UTC, of which the last counts whole, or RFC 3339 times.
 * @param now milliseconds since the epoch
 * @throws AppError invalid-argument for a range that is empty, or longer than 400 days
 */
export function readRange({ from, to }: { from?: string | undefined; to?: string | undefined }, now: number): Range {
  const end = to === undefined ? startOfDay(now) + DAY_MS : DAY.test(to) ? Date.parse(to) + DAY_MS : Date.parse(to);
  const start = from === undefined ? startOfDay(end - 1) - (DEFAULT_DAYS - 1) * DAY_MS : Date.parse(from);
  if (start >= end) throw refusal('/from', "'from' must be before 'to'");
  if (end - start > MOST_DAYS * DAY_MS) throw refusal('/from', `at most ${MOST_DAYS} days are asked for at once`);
  return { from: new Date(start), to: new Date(end) };
}

const startOfDay = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS;

function refusal(pointer: string, message: string): AppError {
  return new AppError('invalid-argument', 'The range is not valid.', { details: [{ pointer, message }] });
}
