import type { Compilation } from './compilation.ts';
import type { DatePart } from './dates.ts';

/** Reads a date part: `DAY`, `WEEK(MONDAY)`. Which ones a function takes it decides itself. */
export function datePart(c: Compilation): DatePart {
  const token = c.reader.next();
  if (token.kind !== 'word') throw c.reader.unexpected('a date part');
  if (token.key !== 'WEEK' || !c.reader.accept('(')) return { unit: token.key };
  const weekday = c.reader.next().key;
  c.reader.expect(')');
  return { unit: token.key, weekday };
}
