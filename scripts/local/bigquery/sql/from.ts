import { invalidQuery, unimplemented } from '../errors.ts';
import { type Compilation, compilation, type Reference } from './compilation.ts';
import { condition } from './conditions.ts';
import { expression } from './expressions.ts';
import { query } from './queries.ts';
import { name } from './reader.ts';
import { elements, namesArray, unnest } from './unnesting.ts';

/** Reads what stands behind FROM: tables, views, subqueries, UNNEST, and their joins. */
export function from(c: Compilation): string {
  let sql = joined(c);
  while (c.reader.accept(',')) sql += `, ${joined(c)}`;
  return sql;
}

/** The joins there are: their words, and DuckDB's. */
export const JOINS: readonly (readonly [words: readonly string[], sql: string])[] = [
  [['JOIN'], 'JOIN'],
  [['INNER', 'JOIN'], 'JOIN'],
  [['CROSS', 'JOIN'], 'CROSS JOIN'],
  [['LEFT', 'JOIN'], 'LEFT JOIN'],
  [['LEFT', 'OUTER', 'JOIN'], 'LEFT JOIN'],
  [['RIGHT', 'JOIN'], 'RIGHT JOIN'],
  [['RIGHT', 'OUTER', 'JOIN'], 'RIGHT JOIN'],
  [['FULL', 'JOIN'], 'FULL JOIN'],
  [['FULL', 'OUTER', 'JOIN'], 'FULL JOIN'],
];

function joined(c: Compilation): string {
  const { reader } = c;
  let sql = item(c).sql;
  for (;;) {
    const join = JOINS.find(([words]) => reader.accept(...words));
    if (!join) return sql;
    const right = item(c);
    sql += ` ${join[1]} ${right.sql}`;
    if (join[1] === 'CROSS JOIN') continue;
    if (reader.accept('ON')) sql += ` ON ${joinCondition(c)}`;
    else if (reader.accept('USING', '(')) {
      sql += ` USING (${reader.list(() => using(c)).join(', ')})`;
      reader.expect(')');
    } else if (right.unnest) sql += ' ON true';
    else throw reader.unexpected('ON or USING');
  }
}

function joinCondition(c: Compilation): string {
  const { joining } = c;
  c.joining = true;
  const sql = condition(expression(c), 'JOIN ON clause');
  c.joining = joining;
  return sql;
}

function using(c: Compilation): string {
  const title = c.reader.identifier();
  c.words.add(title.toLowerCase());
  return name(title);
}

function item(c: Compilation): { sql: string; unnest: boolean } {
  const { reader } = c;
  let made: { sql: string; unnest: boolean };
  if (reader.accept('UNNEST')) made = { sql: unnest(c), unnest: true };
  else if (namesArray(c)) made = { sql: elements(c, expression(c)), unnest: true };
  else if (reader.is('(')) made = { sql: parenthesized(c), unnest: false };
  else made = { sql: table(c), unnest: false };
  const next = reader.peek();
  if (['TABLESAMPLE', 'FOR', 'LATERAL', 'NATURAL'].includes(next.key)) throw reader.refuse(next.key);
  if (reader.is('(')) throw unimplemented('PIVOT, UNPIVOT or a table function');
  return made;
}

function parenthesized(c: Compilation): string {
  const { reader } = c;
  reader.expect('(');
  if (!reader.is('SELECT') && !reader.is('WITH') && !reader.is('(')) {
    const sql = joined(c);
    reader.expect(')');
    return `(${sql})`;
  }
  const sql = query(c);
  c.opaque = true;
  reader.expect(')');
  const alias = reader.alias();
  return `(${sql})${alias === undefined ? '' : ` AS ${name(alias)}`}`;
}

/** Reads the path of a table: parts in one pair of backticks or several, and project names with hyphens. */
export function tablePath(c: Compilation): string[] {
  const { reader } = c;
  const parts: string[] = [];
  do {
    if (parts.length > 0 && reader.peek().kind === 'word') parts.push(reader.next().text);
    else if (reader.peek().kind === 'quoted') parts.push(...reader.next().text.split('.'));
    else parts.push(hyphenated(c));
  } while (reader.accept('.'));
  if (parts.some((part) => part.includes('*'))) throw unimplemented('a wildcard table');
  if (parts.some((part) => part.includes('$'))) throw unimplemented('a partition decorator');
  return parts;
}

function hyphenated(c: Compilation): string {
  const { reader } = c;
  let text = reader.identifier();
  while (reader.is('-') && reader.peek().start === reader.peek(-1).end) {
    reader.next();
    text += `-${reader.next().text}`;
  }
  return text;
}

function table(c: Compilation): string {
  const { reader } = c;
  const path = tablePath(c);
  const written = reader.alias();
  const alias = written ?? path.at(-1) ?? '';
  const only = path.length === 1 ? path[0] : undefined;
  if (only !== undefined && c.expressions.includes(only.toLowerCase())) {
    c.opaque = true;
    return written === undefined ? name(only) : `${name(only)} AS ${name(written)}`;
  }
  const source = c.options.find(path);
  if (source.kind !== 'table') c.opaque = true;
  if (source.kind === 'rows') {
    const counted = source.counts ?? [];
    for (const each of counted) c.references.push({ source: each, alias, words: new Set(), holds: [], metadata: true });
    return `(${source.sql}) AS ${name(alias)}`;
  }
  if (source.kind === 'view') return `(${view(c, source)}) AS ${name(alias)}`;
  const reference: Reference = { source, alias, words: c.words, holds: [] };
  c.references.push(reference);
  c.scope.push(reference);
  return `${source.sql} AS ${name(alias)}`;
}

function view(c: Compilation, source: { id: string; query: string }): string {
  if (c.views.includes(source.id)) throw invalidQuery(`View ${source.id} refers to itself`);
  const inner = compilation(source.query, c.options, { from: c, view: source.id });
  const sql = query(inner);
  if (inner.reader.peek().kind !== 'end') throw inner.reader.unexpected('end of input');
  return sql;
}
