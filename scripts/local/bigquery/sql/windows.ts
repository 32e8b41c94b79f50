import type { Compilation } from './compilation.ts';
import { expression } from './expressions.ts';
import { name } from './reader.ts';

/**
 * Reads `ORDER BY …`. NULLs are the least values: first when ascending, last when descending.
 * @param item writes one key; by default an expression, where a whole number is a position.
 */
export function orderBy(c: Compilation, item: (c: Compilation) => string = (each) => expression(each).sql): string {
  const { reader } = c;
  reader.expect('ORDER', 'BY');
  const keys = reader.list(() => {
    const key = item(c);
    if (reader.is('COLLATE')) throw reader.refuse('COLLATE');
    const descending = reader.accept('DESC');
    if (!descending) reader.accept('ASC');
    let nulls = descending ? 'LAST' : 'FIRST';
    if (reader.accept('NULLS', 'FIRST')) nulls = 'FIRST';
    else if (reader.accept('NULLS', 'LAST')) nulls = 'LAST';
    return `${key} ${descending ? 'DESC' : 'ASC'} NULLS ${nulls}`;
  });
  return `ORDER BY ${keys.join(', ')}`;
}

/** Reads `OVER name` or `OVER (…)`, with a space before it. */
export function window(c: Compilation): string {
  c.reader.expect('OVER');
  if (c.reader.isIdentifier()) return ` OVER ${name(c.reader.identifier())}`;
  return ` OVER ${specification(c)}`;
}

/** Reads `([name] [PARTITION BY …] [ORDER BY …] [frame])`. */
export function specification(c: Compilation): string {
  const { reader } = c;
  reader.expect('(');
  const clauses: string[] = [];
  if (reader.isIdentifier()) clauses.push(name(reader.identifier()));
  if (reader.accept('PARTITION', 'BY')) {
    clauses.push(`PARTITION BY ${reader.list(() => expression(c).sql).join(', ')}`);
  }
  if (reader.is('ORDER')) clauses.push(orderBy(c));
  if (reader.is('ROWS') || reader.is('RANGE')) clauses.push(frame(c));
  reader.expect(')');
  return `(${clauses.join(' ')})`;
}

function frame(c: Compilation): string {
  const { reader } = c;
  const unit = reader.next().key;
  if (!reader.accept('BETWEEN')) return `${unit} ${bound(c)}`;
  const start = bound(c);
  reader.expect('AND');
  return `${unit} BETWEEN ${start} AND ${bound(c)}`;
}

function bound(c: Compilation): string {
  const { reader } = c;
  if (reader.accept('CURRENT', 'ROW')) return 'CURRENT ROW';
  const distance = reader.accept('UNBOUNDED') ? 'UNBOUNDED' : expression(c).sql;
  if (reader.accept('PRECEDING')) return `${distance} PRECEDING`;
  reader.expect('FOLLOWING');
  return `${distance} FOLLOWING`;
}
