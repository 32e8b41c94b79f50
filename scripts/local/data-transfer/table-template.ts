import { invalid } from './errors.ts';

/** `{run_date}`, `{run_time|"%Y%m%d"}`, `{run_time-1.5h|"%H"}`; what a backslash is before stands for itself. */
const PART = /\\(.)|\{run_date\}|\{run_time(?:([+-])(\d+(?:\.\d+)?)([hms]))?\|"((?:[^"\\]|\\.)*)"\}|[{}]/g;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/**
 * The name of the table that a run at a time writes to.
 * @throws RpcError INVALID_ARGUMENT for a template that cannot be read.
 * @see https://cloud.google.com/bigquery/docs/scheduling-queries#destination_table
 */
export function tableName(template: string, runTime: number): string {
  const part = (whole: string, escaped?: string, sign?: string, count?: string, unit?: string, format?: string) => {
    if (escaped !== undefined) return escaped;
    if (whole === '{run_date}') return formatted('%Y%m%d', runTime);
    if (format === undefined)
      throw invalid(
        `Invalid table name template "${template}": in braces there is run_date or run_time|"FORMAT", with an offset such as +25h.`,
      );
    const offset = (sign === '-' ? -1 : 1) * Number(count ?? 0) * (UNIT_MS[unit ?? 's'] ?? 0);
    return formatted(format.replace(/\\(.)/g, '$1'), runTime + offset);
  };
  return template.replace(PART, part);
}

const SPECIFIERS: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  F: (date) => date.toISOString().slice(0, 10),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  B: (date) => date.toLocaleString('en', { month: 'long', timeZone: 'UTC' }),
  b: (date) => date.toLocaleString('en', { month: 'short', timeZone: 'UTC' }),
  A: (date) => date.toLocaleString('en', { weekday: 'long', timeZone: 'UTC' }),
  a: (date) => date.toLocaleString('en', { weekday: 'short', timeZone: 'UTC' }),
};

function formatted(format: string, time: number): string {
  const date = new Date(time);
  return format.replace(/%(.?)/g, (_, specifier: string) => {
    const write = SPECIFIERS[specifier];
    if (!write) throw invalid(`Invalid time format "${format}": %${specifier} is not supported locally.`);
    return write(date);
  });
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}

function dayOfYear(date: Date): number {
  return (
    (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 0)) /
    86_400_000
  );
}
