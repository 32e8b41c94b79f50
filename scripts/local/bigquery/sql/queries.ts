import { hiddenOf, tablesAhead } from './ahead.ts';
import type { Expression } from './arguments.ts';
import { typed } from './arguments.ts';
import type { Compilation } from './compilation.ts';
import { condition } from './conditions.ts';
import { expression } from './expressions.ts';
import { from } from './from.ts';
import { KIND_OF_TYPE } from './kinds.ts';
import { name, quote } from './reader.ts';
import { type Body, setOperations } from './set-operations.ts';
import type { Typed } from './supertypes.ts';
import type { Token } from './tokens.ts';
import { orderBy, specification } from './windows.ts';

/** Reads a query: `[WITH …] SELECT … [set operations] [ORDER BY …] [LIMIT …]`. */
export function query(c: Compilation): string {
  const { reader } = c;
  const outer = c.expressions.length;
  const { aliases } = c;
  c.aliases = new Map();
  let sql = reader.accept('WITH') ? withClause(c) : '';
  const body = setOperations(c);
  sql += body.sql;
  c.aliases = body.aliases;
  if (reader.is('ORDER')) sql += ` ${orderBy(c, key)}`;
  c.aliases = aliases;
  sql += limit(c);
  if (reader.is('FOR')) throw reader.refuse('FOR SYSTEM_TIME AS OF');
  c.expressions.length = outer;
  return sql;
}

function withClause(c: Compilation): string {
  const { reader } = c;
  const recursive = reader.accept('RECURSIVE');
  const written = reader.list(() => {
    const title = reader.identifier();
    if (recursive) c.expressions.push(title.toLowerCase());
    reader.expect('AS', '(');
    const sql = query(c);
    reader.expect(')');
    if (!recursive) c.expressions.push(title.toLowerCase());
    return `${name(title)} AS (${sql})`;
  });
  return `WITH ${recursive ? 'RECURSIVE ' : ''}${written.join(', ')} `;
}

/** A key of ORDER BY: a position, a name of the SELECT list, or an expression. */
function key(c: Compilation): string {
  const { reader } = c;
  const ordinal = position(c);
  if (ordinal !== undefined) return ordinal;
  const named = reader.isIdentifier() && c.aliases.has(reader.peek().text.toLowerCase()) && ends(reader.peek(1));
  return named ? name(reader.next().text) : expression(c).sql;
}

function position(c: Compilation): string | undefined {
  const token = c.reader.peek();
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) return undefined;
  return ends(c.reader.peek(1)) ? c.reader.next().text : undefined;
}

const ENDS = new Set([
  ',',
  ')',
  'ASC',
  'DESC',
  'NULLS',
  'LIMIT',
  'HAVING',
  'QUALIFY',
  'ORDER',
  ';',
  'WINDOW',
  'UNION',
  'INTERSECT',
  'EXCEPT',
]);

/** Whether a key of ORDER BY or GROUP BY is over at this token. */
function ends(token: Token): boolean {
  return token.kind === 'end' || ENDS.has(token.key);
}

function limit(c: Compilation): string {
  if (!c.reader.accept('LIMIT')) return '';
  const count = expression(c);
  if (!count.constant) throw c.reader.unexpected('a constant after LIMIT');
  if (!c.reader.accept('OFFSET')) return ` LIMIT ${count.sql}`;
  return ` LIMIT ${count.sql} OFFSET ${expression(c).sql}`;
}

/** A column of a SELECT list: its SQL, and the name it has. Stars have none. */
interface Item {
  readonly sql: string;
  readonly expression?: Expression;
  readonly title?: string;
  readonly alias: boolean;
}

/** Reads a SELECT. */
export function select(c: Compilation): Body {
  const { reader } = c;
  reader.expect('SELECT');
  const outer = {
    scope: c.scope,
    enclosing: c.enclosing,
    opaque: c.opaque,
    arrays: c.arrays,
    joining: c.joining,
    hidden: c.hidden,
    star: c.star,
    aliases: c.aliases,
  };
  c.enclosing = [...outer.enclosing, ...outer.scope];
  c.hidden = new Set();
  c.scope = tablesAhead(c);
  c.opaque = false;
  c.joining = false;
  c.star = false;
  const stars: ReadonlySet<string>[] = [];
  const distinct = reader.accept('DISTINCT') ? 'DISTINCT ' : '';
  if (!distinct) reader.accept('ALL');
  const as = reader.accept('AS') ? reader.next().key : undefined;
  if (as && as !== 'STRUCT' && as !== 'VALUE') throw reader.refuse(`SELECT AS ${as}`);
  let anonymous = 0;
  const item = () => selectItem(c, stars, () => `f${anonymous++}_`, as === 'VALUE');
  const items = [item()];
  while (reader.accept(',') && !endsSelectList(c)) items.push(item());
  c.scope = [];
  c.opaque = false;
  c.arrays = false;
  let sql = `SELECT ${distinct}${as === 'STRUCT' ? struct(c, items) : items.map((each) => each.sql).join(', ')}`;
  if (reader.accept('FROM')) sql += ` FROM ${from(c)}`;
  if (reader.accept('WHERE')) {
    c.hidden = hiddenOf(
      c,
      items.flatMap(({ alias, title = '' }) => (alias ? [title] : [])),
    );
    const where = expression(c);
    c.hidden = new Set();
    for (const reference of c.scope) reference.holds.push(...(where.holds ?? []));
    sql += ` WHERE ${condition(where, 'WHERE clause')}`;
  }
  if (reader.accept('GROUP', 'BY')) sql += ` GROUP BY ${groupBy(c, items)}`;
  const aliases = aliasesOf(items);
  c.aliases = aliases;
  if (reader.accept('HAVING')) sql += ` HAVING ${condition(expression(c), 'HAVING clause')}`;
  if (reader.accept('QUALIFY')) sql += ` QUALIFY ${condition(expression(c), 'QUALIFY clause')}`;
  c.aliases = outer.aliases;
  if (reader.accept('WINDOW')) sql = insertWindows(c, sql);
  for (const except of stars) for (const reference of c.scope) reference.star = except;
  const columns = items.flatMap(({ expression: of }) => (of ? [typeOf(c, of)] : []));
  c.scope = outer.scope;
  c.enclosing = outer.enclosing;
  c.opaque = outer.opaque;
  c.arrays = outer.arrays;
  c.joining = outer.joining;
  c.hidden = outer.hidden;
  c.star = outer.star;
  return { sql, aliases, ...(columns.length === items.length ? { columns } : {}) };
}

/** What is known of an expression's type when FROM has been read. */
function typeOf({ scope, opaque, arrays }: Compilation, { kind, value, path }: Expression): Typed {
  const title = path?.at(-1)?.toLowerCase();
  const [table] = scope;
  if (kind || value === null || scope.length !== 1 || opaque || arrays || path?.length !== 1)
    return { kind, ...(value === undefined ? {} : { value }) };
  const field = table?.source.fields.find((each) => each.name.toLowerCase() === title);
  return { kind: field && field.mode !== 'REPEATED' ? KIND_OF_TYPE[field.type] : undefined };
}

/** Whether the comma just read was the last thing of the SELECT list, which GoogleSQL allows. */
function endsSelectList({ reader }: Compilation): boolean {
  const { key, kind } = reader.peek();
  return kind === 'end' || ['FROM', ')', ';', 'UNION', 'INTERSECT', 'ORDER', 'LIMIT'].includes(key);
}

/** The names of a SELECT list that only one of its columns has. */
function aliasesOf(items: readonly Item[]): Map<string, Expression> {
  const found = new Map<string, Expression>();
  const twice = new Set<string>();
  for (const { title, expression: of } of items) {
    const key = title?.toLowerCase();
    if (key === undefined || !of) continue;
    if (found.has(key)) twice.add(key);
    found.set(key, of);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** GoogleSQL has WINDOW behind QUALIFY, DuckDB before it. */
function insertWindows(c: Compilation, sql: string): string {
  const windows = c.reader.list(() => {
    const title = c.reader.identifier();
    c.reader.expect('AS');
    return `${name(title)} AS ${specification(c)}`;
  });
  if (sql.includes(' QUALIFY ')) throw c.reader.refuse('WINDOW together with QUALIFY');
  return `${sql} WINDOW ${windows.join(', ')}`;
}

function selectItem(c: Compilation, stars: ReadonlySet<string>[], nextName: () => string, value: boolean): Item {
  const { reader } = c;
  if (reader.accept('*')) return star(c, stars, '');
  const item = expression(c);
  if (reader.is('.') && reader.peek(1).key === '*') {
    if (!item.path) throw reader.refuse('.* of an expression');
    reader.expect('.', '*');
    return star(c, stars, `${item.sql}.`);
  }
  const alias = reader.alias();
  if (value) return { sql: `${typed(item)} AS "value"`, expression: item, alias: false };
  const title = alias ?? item.path?.at(-1) ?? nextName();
  return { sql: `${typed(item)} AS ${name(title)}`, expression: item, title, alias: alias !== undefined };
}

function star(c: Compilation, stars: ReadonlySet<string>[], prefix: string): Item {
  const { reader } = c;
  c.star = true;
  let sql = `${prefix}*`;
  let except: string[] = [];
  if (reader.accept('EXCEPT', '(')) {
    except = reader.list(() => reader.identifier());
    reader.expect(')');
    sql += ` EXCLUDE (${except.map(name).join(', ')})`;
  }
  if (reader.accept('REPLACE', '(')) {
    const replaced = reader.list(() => {
      const value = typed(expression(c));
      reader.expect('AS');
      return `${value} AS ${name(reader.identifier())}`;
    });
    reader.expect(')');
    sql += ` REPLACE (${replaced.join(', ')})`;
  }
  stars.push(new Set(except.map((title) => title.toLowerCase())));
  return { sql, alias: false };
}

function struct(c: Compilation, items: readonly Item[]): string {
  const fields = items.map((each) => {
    if (!each.title || !each.expression) throw c.reader.refuse('SELECT AS STRUCT *');
    return `${quote(each.title)}: ${typed(each.expression)}`;
  });
  return `{${fields.join(', ')}} AS "value"`;
}

/** An alias of the SELECT list comes before a column of the same name, which DuckDB sees the other way round. */
function groupBy(c: Compilation, items: readonly Item[]): string {
  const { reader } = c;
  if (reader.accept('ROLLUP', '(')) {
    const keys = reader.list(() => groupKey(c, items, true));
    reader.expect(')');
    return `ROLLUP (${keys.join(', ')})`;
  }
  for (const word of ['GROUPING', 'CUBE', 'ALL']) if (reader.is(word)) throw reader.refuse(`GROUP BY ${word}`);
  return reader.list(() => groupKey(c, items, false)).join(', ');
}

function groupKey(c: Compilation, items: readonly Item[], nested: boolean): string {
  const ordinal = position(c);
  if (ordinal !== undefined) {
    const item = items[Number(ordinal) - 1]?.expression;
    return nested && item ? item.sql : ordinal;
  }
  const read = expression(c);
  const title = read.path?.length === 1 ? read.path[0]?.toLowerCase() : undefined;
  const index = items.findIndex((each) => each.alias && each.title?.toLowerCase() === title);
  const item = title === undefined ? undefined : items[index];
  if (!item?.expression) return read.sql;
  const starBefore = items.slice(0, index).some((each) => !each.expression);
  return nested || starBefore ? item.expression.sql : String(index + 1);
}
