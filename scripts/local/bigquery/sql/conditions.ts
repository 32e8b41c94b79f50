import { invalidQuery } from '../errors.ts';
import type { Expression } from './arguments.ts';
import { repeating } from './repeating.ts';

/**
 * The SQL of what must be a BOOL. DuckDB would take numbers and texts; where the type is not known, the statement fails
 * as it is planned.
 * @param words what is said before the type that it has instead
 */
function bool(x: Expression, words: string): string {
  if (x.kind === 'BOOL' || x.value === null) return x.sql;
  if (x.kind) throw invalidQuery(`${words}${x.kind}`);
  return repeating([x], (sql) => `bq_bool(${sql}, '${words}')`);
}

/** The condition of a clause, such as `WHERE clause`. @throws HttpError invalidQuery when it is none */
export function condition(x: Expression, clause: string): string {
  return bool(x, `${clause} should return type BOOL, but returns type `);
}

/** An operand of AND, OR or NOT. @throws HttpError invalidQuery when it is no BOOL */
export function operand(x: Expression, form: string): string {
  return bool(x, `No matching signature for ${form} for argument types: `);
}
