import { invalidQuery } from '../errors.ts';
import type { Expression } from './arguments.ts';
import { type Class, FAMILIES } from './classes.ts';
import { guarded } from './kinds.ts';

/** Types that a STRING literal may stand for. */
const WRITTEN: ReadonlySet<string | undefined> = new Set(['STRING', 'DATE', 'DATETIME', 'TIME', 'TIMESTAMP']);

/** What is known of a value's type. */
export type Typed = Pick<Expression, 'kind' | 'value'>;

/** The known types, in their order, when there is none that all of them could have: else undefined. */
export function unlike(list: readonly Typed[]): Class[] | undefined {
  const known = list.flatMap(({ kind, value }) => (kind && value !== null ? [{ kind, value }] : []));
  const families = new Set(known.filter(({ value }) => typeof value !== 'string').map(({ kind }) => FAMILIES[kind]));
  const text = known.some(({ value }) => typeof value === 'string');
  const fits = !text || families.size === 0 || known.every(({ kind }) => WRITTEN.has(kind));
  return families.size > 1 || !fits ? known.map(({ kind }) => kind) : undefined;
}

/**
 * What is made of values of which one is the result. Where a column's type is not known here, the statement fails when
 * DuckDB plans it.
 * @param form what has no signature for them: `function COALESCE`
 * @throws HttpError invalidQuery when no type fits all: DuckDB would make them texts or numbers.
 */
export function alike(list: readonly Expression[], form: string, write: (sql: readonly string[]) => string): string {
  const kinds = unlike(list);
  if (kinds) throw invalidQuery(`No matching signature for ${form} for argument types: ${kinds.join(', ')}`);
  const text = list.some(({ value }) => typeof value === 'string');
  const sql = write(list.map((each) => (text && each.path ? guarded(each, each.sql, 'literal', form) : each.sql)));
  const [first, ...others] = list.filter(({ value }) => typeof value !== 'string' && value !== null);
  const checks = others.flatMap((each) => (first && seen(each, first) ? [`bq_unlike(${first.sql}, ${each.sql})`] : []));
  if (checks.length === 0) return sql;
  return `CASE WHEN coalesce(${checks.join(', ')}) IS NOT NULL THEN error('No matching signature for ${form} for argument types: ' || coalesce(${checks.join(', ')})) ELSE ${sql} END`;
}

/** Whether DuckDB has to see their types, which it does when it plans, and both may stand more than once. */
function seen(x: Expression, first: Expression): boolean {
  return !(x.kind && first.kind) && [x, first].every(({ sure, path }) => sure || path);
}

/** The types of columns of queries that a set operation joins. @throws HttpError invalidQuery when they have none in common */
export function checkColumns(operation: string, queries: readonly (readonly Typed[] | undefined)[]): void {
  const most = Math.max(...queries.map((columns) => columns?.length ?? 0));
  for (let index = 0; index < most; index++) {
    const kinds = unlike(queries.flatMap((columns) => columns?.[index] ?? []));
    if (kinds) throw invalidQuery(`Column ${index + 1} in ${operation} has incompatible types: ${kinds.join(', ')}`);
  }
}
