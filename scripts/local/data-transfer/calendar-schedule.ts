import type { Schedule } from './schedule.ts';
import { DAY_MS, midnightOf, timeOfDay } from './time-of-day.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
const NUMBERED = ['1st', '2nd', '3rd', '4th', '5th'];
/** First months of quarters, from 0. */
const QUARTERS = [0, 3, 6, 9];
const EVERY_MONTH = MONTHS.map((_, index) => index);
/** A day that comes at all comes within so many years: a 29th of February is eight years from the next at most. */
const LONGEST_GAP_DAYS = 9 * 366;

type IsDay = (date: Date) => boolean;

/** Schedules of days: `every day 06:00`, `1,15 of month 09:00`, `1st monday of sep,oct 17:00`. Undefined for another form. */
export function daysOf(words: string): Schedule | undefined {
  const [, which = '', months = 'month', clock = '00:00'] =
    /^(.+?)(?: of ([a-z,]+))?(?: (\d{1,2}:\d\d))?$/.exec(words) ?? [];
  const isDay = monthDays(which) ?? weekdays(which);
  const of = monthsOf(months);
  const time = timeOfDay(clock);
  // Days of the month are of some month: `1 09:00` is none.
  const isWhole = /^[\d,]+$/.test(which) ? words.includes(' of ') : true;
  if (!isDay || !of || time === undefined || !isWhole) return undefined;
  return {
    next(from) {
      let day = midnightOf(from);
      for (let left = LONGEST_GAP_DAYS; left > 0; left--, day += DAY_MS) {
        const date = new Date(day);
        if (day + time >= from && of.includes(date.getUTCMonth()) && isDay(date)) return day + time;
      }
      return undefined;
    },
  };
}

/** `1,15` */
function monthDays(which: string): IsDay | undefined {
  if (!/^\d+(,\d+)*$/.test(which)) return undefined;
  const days = which.split(',').map(Number);
  return days.every((day) => day >= 1 && day <= 31) ? (date) => days.includes(date.getUTCDate()) : undefined;
}

/** `every day`, `every mon,wed`, `first,third sunday` */
function weekdays(which: string): IsDay | undefined {
  const [ordinals = '', days = '', ...more] = which.split(' ');
  const wanted = days === 'day' ? WEEKDAYS.map((_, index) => index) : indexes(days, WEEKDAYS);
  if (!wanted || more.length > 0) return undefined;
  if (ordinals === 'every') return (date) => wanted.includes(date.getUTCDay());
  const nths = ordinals.split(',').map((word) => ORDINALS.indexOf(word) + NUMBERED.indexOf(word) + 2);
  if (nths.includes(0)) return undefined;
  const nth = days === 'day' ? (date: Date) => date.getUTCDate() : (date: Date) => Math.ceil(date.getUTCDate() / 7);
  return (date) => wanted.includes(date.getUTCDay()) && nths.includes(nth(date));
}

function monthsOf(words: string): readonly number[] | undefined {
  if (words === 'month') return EVERY_MONTH;
  return words === 'quarter' ? QUARTERS : indexes(words, MONTHS);
}

/** Places of the words in a list of names, which may be cut to three letters; undefined when one is not there. */
function indexes(words: string, names: readonly string[]): number[] | undefined {
  const found = words.split(',').map((word) => names.findIndex((name) => name === word || name.slice(0, 3) === word));
  return found.includes(-1) ? undefined : found;
}
