import { type Arguments, type Expression, fill } from './arguments.ts';
import { repeating } from './repeating.ts';

type Moved = 'DATE' | 'DATETIME' | 'TIMESTAMP';

/** How each type is read before an INTERVAL is added, and the type that it is then. */
const TYPES: Readonly<Record<Moved, { read: string; type: string }>> = {
  DATE: { read: 'bq_day($1)', type: 'DATE' },
  DATETIME: { read: 'bq_civil($1)', type: 'TIMESTAMP' },
  TIMESTAMP: { read: 'bq_instant($1)', type: 'TIMESTAMPTZ' },
};

/** `…_ADD` and `…_SUB`, which fail where they leave the calendar: the years 1 to 9999. */
export function moved(kind: Moved, operator: '+' | '-'): (args: Arguments) => string {
  const { read, type } = TYPES[kind];
  return (args) => {
    const from = args.list[0];
    if (!from || !args.interval) throw new Error('its arguments are counted before');
    const start = { ...from, sql: `CAST(${fill(read, args)} AS ${type})` };
    return move(start, operator, args.interval, kind.toLowerCase(), (sql) => `CAST(${sql} AS ${type})`);
  };
}

/**
 * A point in time and an INTERVAL, added or subtracted.
 * @param title what the point is, in the words of the error
 * @param as writes what is made of the result
 */
export function move(
  from: Expression,
  operator: '+' | '-',
  by: Expression,
  title: string,
  as = (sql: string): string => sql,
): string {
  const [doing, to] = operator === '+' ? ['Adding ', 'to'] : ['Subtracting ', 'from'];
  const units: Expression = { sql: by.units ?? 'NULL', constant: by.constant, sure: by.sure === true };
  return repeating([from, by, units], (x, interval, count) => {
    const result = as(`(${x} ${operator} ${interval})`);
    return `bq_calendar(${result}, '${doing}' || ${count} || ' ${by.interval} ${to} ${title} ' || ${x} || ' causes overflow')`;
  });
}
