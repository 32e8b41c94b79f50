import type { Expression } from './arguments.ts';
import type { Compilation } from './compilation.ts';
import { query, select } from './queries.ts';
import { checkColumns, type Typed } from './supertypes.ts';

/** The set operations there are. */
export const SET_OPERATIONS = [
  ['UNION', 'ALL'],
  ['UNION', 'DISTINCT'],
  ['INTERSECT', 'DISTINCT'],
  ['EXCEPT', 'DISTINCT'],
] as const;

/** What stands before ORDER BY, and the names of its SELECT list when it is but one SELECT. */
export interface Body {
  readonly sql: string;
  readonly aliases: ReadonlyMap<string, Expression>;
  /** What is known of the types of its columns; undefined when there is a star among them. */
  readonly columns?: readonly Typed[];
}

/** Reads SELECTs and the set operations between them. @throws HttpError invalidQuery when their columns have no types in common */
export function setOperations(c: Compilation): Body {
  const { reader } = c;
  const first = operand(c);
  const queries = [first];
  let { sql } = first;
  let written: string | undefined;
  for (;;) {
    const operation = SET_OPERATIONS.find((words) => reader.accept(...words));
    if (!operation) {
      if (['UNION', 'INTERSECT', 'EXCEPT'].includes(reader.peek().key)) throw reader.unexpected('ALL or DISTINCT');
      if (written === undefined) return first;
      checkColumns(
        written,
        queries.map(({ columns }) => columns),
      );
      return { sql, aliases: new Map() };
    }
    // GoogleSQL has no precedence between different set operations: it wants parentheses.
    if (written !== undefined && written !== operation.join(' '))
      throw reader.unexpected('parentheses between different set operations');
    written = operation.join(' ');
    const next = operand(c);
    queries.push(next);
    sql += ` ${operation[1] === 'ALL' ? written : operation[0]} ${next.sql}`;
  }
}

function operand(c: Compilation): Body {
  if (!c.reader.accept('(')) return select(c);
  const sql = query(c);
  c.reader.expect(')');
  return { sql: `(${sql})`, aliases: new Map() };
}
