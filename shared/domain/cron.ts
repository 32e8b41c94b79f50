import { Cron } from 'croner';
import { nearest } from '../../schemas/problems.ts';
import { AppError } from '../platform/errors.ts';

/** When something is due again and again. */
export interface Recurrence {
  /** Five fields, as cron and Cloud Scheduler take them, or `@daily` and the like. */
  readonly cron: string;
  /** A name of the IANA time zone database. */
  readonly time_zone: string;
}

/**
 * The times at which it is due after a moment, so many at most.
 *
 * Where clocks change, jobs of fixed times are due once a day, as Vixie cron has them: a time that is left out comes
 * right after the gap, one that comes twice is due the first time. Jobs with a star or a step in their minutes or hours
 * are due as often as their times come.
 */
export function timesAfter(recurrence: Recurrence, after: Date, most: number): Date[] {
  return open(recurrence).nextRuns(most, after);
}

/** The next time at which it is due; undefined when there is none any more. */
export const nextTime = (recurrence: Recurrence, after: Date): Date | undefined => timesAfter(recurrence, after, 1)[0];

const open = ({ cron, time_zone }: Recurrence): Cron =>
  new Cron(cron, { timezone: time_zone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });

/** @throws AppError unprocessable: the zone is unknown, the expression wrong, too often or never due */
export function checkRecurrence(recurrence: Recurrence, now: Date): void {
  checkTimeZone(recurrence.time_zone);
  const { cron } = recurrence;
  const fields = cron.trim().split(/\s+/).length;
  if (fields > 5) {
    const hint = 'five fields: minute, hour, day of month, month, day of week';
    throw wrongCron(`'${cron}' has ${fields} fields; nothing is started more often than once a minute`, hint);
  }
  if (!cron.startsWith('@') && fields < 5) throw wrongCron(`'${cron}' has ${fields} of the five fields`, EXAMPLE);
  const next = firstTime(recurrence, now);
  if (!next) throw wrongCron(`'${cron}' is never due: there is no such day`, EXAMPLE);
}

const EXAMPLE = "'0 9 * * 1-5' is nine o'clock from Monday to Friday";

function firstTime(recurrence: Recurrence, now: Date): Date | undefined {
  try {
    return nextTime(recurrence, now);
  } catch (error) {
    const reason = (error as Error).message.replace(/^CronPattern: /, '').replace(/\.$/, '');
    throw wrongCron(`'${recurrence.cron}' is no cron expression: ${reason}`, EXAMPLE);
  }
}

/** Offsets have no daylight-saving time: who writes one means a zone. */
function checkTimeZone(zone: string): void {
  if (/^[A-Za-z]/.test(zone) && isKnownZone(zone)) return;
  const like = nearest(zone, Intl.supportedValuesOf('timeZone'));
  const hint = like ? `did you mean '${like}'?` : "a name of the IANA database: 'Europe/Berlin', 'Etc/UTC'";
  const message = `there is no time zone '${zone}'`;
  throw new AppError('unprocessable', `There is no time zone '${zone}': ${hint}.`.replace('?.', '?'), {
    details: [{ pointer: '/timeZone', message, hint }],
  });
}

function isKnownZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const wrongCron = (message: string, hint: string): AppError =>
  new AppError('unprocessable', `${message[0]?.toUpperCase()}${message.slice(1)}.`, {
    details: [{ pointer: '/cron', message, hint }],
  });
