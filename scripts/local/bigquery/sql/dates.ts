import { invalidQuery, unimplemented } from '../errors.ts';
import { quote } from './reader.ts';

/** A date part: its name and, for `WEEK(MONDAY)`, the weekday. */
export interface DatePart {
  readonly unit: string;
  readonly weekday?: string;
}

const MICROS: Readonly<Record<string, number>> = {
  MICROSECOND: 1,
  MILLISECOND: 1_000,
  SECOND: 1_000_000,
  MINUTE: 60_000_000,
  HOUR: 3_600_000_000,
  DAY: 86_400_000_000,
};
const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

/** `INTERVAL n unit` as an interval of DuckDB; n is any whole number. */
export function interval(count: string, unit: string): string {
  const n = `CAST(${count} AS BIGINT)`;
  const days = (factor: number) => `to_days(CAST(${n} * ${factor} AS INTEGER))`;
  const months = (factor: number) => `to_months(CAST(${n} * ${factor} AS INTEGER))`;
  if (unit === 'DAY') return days(1);
  if (unit === 'WEEK') return days(7);
  if (unit === 'MONTH') return months(1);
  if (unit === 'QUARTER') return months(3);
  if (unit === 'YEAR') return months(12);
  const micros = MICROS[unit];
  if (!micros) throw unimplemented(`INTERVAL unit ${unit}`);
  return `to_microseconds(${n} * ${micros})`;
}

/** The parts that a DATE has not. */
export const CLOCK_PARTS: ReadonlySet<string> = new Set(['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR']);

/** @throws HttpError invalidQuery for a unit that the function of the form does not take. */
export function checkUnit(form: string, unit: string): void {
  const instant = form.startsWith('TIMESTAMP_');
  const taken = instant
    ? unit === 'DAY' || CLOCK_PARTS.has(unit)
    : !/^(?:GENERATE_)?DATE_/.test(form) || !CLOCK_PARTS.has(unit);
  if (!taken) throw invalidQuery(`${form} does not support the ${unit} date part`);
}

/** How many days to move a date so that ISO weeks (from Monday) become weeks from the part's weekday. */
function weekShift(part: DatePart): number {
  if (part.unit === 'ISOWEEK') return 0;
  const index = WEEKDAYS.indexOf(part.weekday ?? 'SUNDAY');
  if (index < 0) throw invalidQuery(`A valid date part argument for WEEK is required, but found ${part.weekday}`);
  return (7 - index) % 7;
}

/** The parts that are truncated to and counted between. */
export const TRUNCATABLE = new Set([...Object.keys(MICROS), 'WEEK', 'ISOWEEK', 'MONTH', 'QUARTER', 'YEAR']);

/** `x` at the start of its part. `type` is DATE when it is one; DATETIME and TIMESTAMP keep theirs. */
export function truncate(x: string, part: DatePart, type?: 'DATE'): string {
  if (!TRUNCATABLE.has(part.unit)) throw unimplemented(`truncation to ${part.unit}`);
  if (type) checkUnit('DATE_TRUNC', part.unit);
  if (part.unit !== 'WEEK' && part.unit !== 'ISOWEEK')
    return cast(`date_trunc('${part.unit.toLowerCase()}', ${x})`, type);
  const shift = `to_days(${weekShift(part)})`;
  return cast(`(date_trunc('week', ${x} + ${shift}) - ${shift})`, type);
}

/** The last day of the part in which the DATE `x` is. @throws HttpError notImplemented, invalidQuery for other parts */
export function lastDay(x: string, part: DatePart = { unit: 'MONTH' }): string {
  const { unit } = part;
  if (unit === 'MONTH') return `last_day(${x})`;
  if (unit === 'ISOYEAR') throw unimplemented('LAST_DAY of an ISOYEAR');
  if (!['YEAR', 'QUARTER', 'WEEK', 'ISOWEEK'].includes(unit))
    throw invalidQuery(`LAST_DAY does not support the ${unit} date part`);
  const end =
    unit === 'WEEK' || unit === 'ISOWEEK' ? 'to_days(6)' : `to_months(${unit === 'YEAR' ? 12 : 3}) - to_days(1)`;
  return `CAST(${truncate(x, part, 'DATE')} + ${end} AS DATE)`;
}

function cast(sql: string, type: string | undefined): string {
  return type ? `CAST(${sql} AS ${type})` : sql;
}

/** TIMESTAMP_TRUNC with a time zone: days and longer are those of the zone. */
export function truncateAt(x: string, part: DatePart, zone: string): string {
  if (MICROS[part.unit] && part.unit !== 'DAY') throw unimplemented(`TIMESTAMP_TRUNC to ${part.unit} with a time zone`);
  return fromZone(truncate(toZone(x, zone), part), zone);
}

const OFFSET = /^'([+-])(\d{1,2})(?::?(\d{2}))?'$/;

/** The civil time (DATETIME) of the TIMESTAMP `x` in a zone: a name, or a literal offset. */
export function toZone(x: string, zone: string): string {
  const minutes = offsetMinutes(zone);
  if (minutes === undefined) return `timezone(${zone}, CAST(${x} AS TIMESTAMPTZ))`;
  return `(timezone('UTC', CAST(${x} AS TIMESTAMPTZ)) + to_minutes(${minutes}))`;
}

/** The TIMESTAMP of the civil time `x` in a zone. */
export function fromZone(x: string, zone: string): string {
  const minutes = offsetMinutes(zone);
  if (minutes === undefined) return `bq_from_zone(${zone}, CAST(${x} AS TIMESTAMP))`;
  return `(timezone('UTC', CAST(${x} AS TIMESTAMP)) - to_minutes(${minutes}))`;
}

function offsetMinutes(zone: string): number | undefined {
  const [, sign, hours, minutes = '0'] = OFFSET.exec(zone) ?? [];
  if (!sign) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** TIMESTAMP_DIFF and TIME_DIFF: whole units between, towards zero. */
export function elapsed(x: string, y: string, part: DatePart): string {
  const micros = MICROS[part.unit];
  if (!micros) throw invalidQuery(`TIMESTAMP_DIFF does not support the ${part.unit} date part`);
  return `((epoch_us(CAST(${x} AS TIMESTAMPTZ)) - epoch_us(CAST(${y} AS TIMESTAMPTZ))) // ${micros})`;
}

/** DATE_DIFF and DATETIME_DIFF: how many boundaries of the part lie between. */
export function boundaries(x: string, y: string, part: DatePart, type: 'DATE' | 'TIMESTAMP'): string {
  const read = (value: string) => `CAST(${value} AS ${type})`;
  if (part.unit === 'WEEK' || part.unit === 'ISOWEEK') {
    const start = (value: string) => truncate(read(value), part, 'DATE');
    return `((${start(x)} - ${start(y)}) // 7)`;
  }
  if (!TRUNCATABLE.has(part.unit)) throw unimplemented(`difference in ${part.unit}`);
  if (type === 'DATE') checkUnit('DATE_DIFF', part.unit);
  return `date_diff('${part.unit.toLowerCase()}', ${read(y)}, ${read(x)})`;
}

/** The parts that EXTRACT takes beside WEEK, DATE, DATETIME and TIME. */
export const EXTRACTS: Readonly<Record<string, string>> = {
  MICROSECOND: "(date_part('microsecond', $1) % 1000000)",
  MILLISECOND: "(date_part('millisecond', $1) % 1000)",
  SECOND: "date_part('second', $1)",
  MINUTE: "date_part('minute', $1)",
  HOUR: "date_part('hour', $1)",
  DAYOFWEEK: "(date_part('dow', $1) + 1)",
  DAY: "date_part('day', $1)",
  DAYOFYEAR: "date_part('doy', $1)",
  ISOWEEK: "date_part('week', $1)",
  MONTH: "date_part('month', $1)",
  QUARTER: "date_part('quarter', $1)",
  YEAR: "date_part('year', $1)",
  ISOYEAR: "date_part('isoyear', $1)",
};

/** `EXTRACT(part FROM x)`. */
export function extract(x: string, part: DatePart): string {
  if (part.unit === 'DATE') return `CAST(${x} AS DATE)`;
  if (part.unit === 'DATETIME') return `CAST(${x} AS TIMESTAMP)`;
  if (part.unit === 'TIME') return `CAST(CAST(${x} AS TIMESTAMP) AS TIME)`;
  if (part.unit === 'WEEK') {
    // Days before the year's first such weekday are week 0.
    const start = truncate(`CAST(${x} AS DATE)`, part, 'DATE');
    const january = `make_date(CAST(date_part('year', ${x}) AS BIGINT), 1, 1)`;
    return `((date_diff('day', ${truncate(january, part, 'DATE')}, ${start}) // 7) + CASE WHEN ${truncate(january, part, 'DATE')} = ${january} THEN 1 ELSE 0 END)`;
  }
  const template = EXTRACTS[part.unit];
  if (!template) throw unimplemented(`EXTRACT of ${part.unit}`);
  return `CAST(${template.replaceAll('$1', x)} AS BIGINT)`;
}

// biome-ignore format: a table reads better packed
const CODES: Readonly<Record<string, string>> = {
  A: '%A', a: '%a', B: '%B', b: '%b', h: '%b', D: '%m/%d/%y', d: '%d', F: '%Y-%m-%d', G: '%G', H: '%H', I: '%I', j: '%j',
  M: '%M', m: '%m', n: '\n', p: '%p', R: '%H:%M', S: '%S', T: '%H:%M:%S', t: '\t', U: '%U', u: '%u', V: '%V', W: '%W', w: '%w',
  X: '%H:%M:%S', x: '%m/%d/%y', Y: '%Y', y: '%y', '%': '%%', E3S: '%S.%g', E6S: '%S.%f', E4Y: '%Y',
};
const UTC_CODES: Readonly<Record<string, string>> = { Z: 'UTC', z: '+0000', Ez: '+00:00' };

/**
 * The strftime format of DuckDB that writes what BigQuery's format writes.
 * @param format the format's value; undefined when it is not a constant.
 * @param utc whether the zone's own codes may be written as those of UTC.
 * @throws HttpError notImplemented for a computed format and for codes without an equal.
 */
export function strftimeFormat(format: unknown, form: string, utc: boolean): string {
  if (typeof format !== 'string') throw unimplemented(`${form} with a computed format`);
  const mapped = format.replace(/%(E\*?\d?[A-Za-z]|[\s\S]?)/g, (code, letter: string) => {
    const known = CODES[letter] ?? (utc ? UTC_CODES[letter] : undefined);
    if (known === undefined) throw unimplemented(`${form} with the format code ${code}`);
    return known;
  });
  return quote(mapped);
}

/** The strptime format, for formats that name a whole date (BigQuery and DuckDB fill in missing parts differently). */
export function strptimeFormat(format: unknown, form: string): string {
  if (
    typeof format === 'string' &&
    !/%F|%Y[\s\S]*%m[\s\S]*%d|%m[\s\S]*%d[\s\S]*%Y|%d[\s\S]*%m[\s\S]*%Y|%D/.test(format)
  ) {
    throw unimplemented(`${form} with a format that does not hold year, month and day`);
  }
  const bad = typeof format === 'string' ? /%[^FYmdHMSTRyDbBEjp%eI]/.exec(format) : undefined;
  if (bad) throw unimplemented(`${form} with the format code ${bad[0]}`);
  return strftimeFormat(format, form, false);
}
