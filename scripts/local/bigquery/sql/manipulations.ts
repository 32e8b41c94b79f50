import { invalidQuery } from '../errors.ts';
import type { Field } from '../schema.ts';
import { typed } from './arguments.ts';
import { assign } from './assigning.ts';
import type { Compilation, Source } from './compilation.ts';
import { condition } from './conditions.ts';
import { expression } from './expressions.ts';
import { from, tablePath } from './from.ts';
import { query } from './queries.ts';
import { name } from './reader.ts';
import type { Action } from './statements.ts';

interface Target {
  readonly path: readonly string[];
  readonly alias: string;
  readonly source: Source & { kind: 'table' };
}

/** Reads the table a statement changes. */
function target(c: Compilation, aliased: boolean): Target {
  const path = tablePath(c);
  const source = c.options.find(path);
  if (source.kind !== 'table') throw invalidQuery(`${path.join('.')} is not a table that can be modified`);
  const alias = (aliased ? c.reader.alias() : undefined) ?? path.at(-1) ?? '';
  const reference = { source, alias, words: c.words, holds: [], star: new Set<string>() };
  if (aliased) c.references.push(reference);
  return { path, alias, source };
}

function columns(c: Compilation): string[] {
  if (!c.reader.is('(') || c.reader.peek(1).key === 'SELECT') return [];
  c.reader.expect('(');
  const list = c.reader.list(() => c.reader.identifier());
  c.reader.expect(')');
  return list;
}

/** Without a list, the columns are all of the table's, in order. */
function listed(given: readonly string[], of: Target): string {
  const all = given.length > 0 ? given : of.source.fields.map((field) => field.name);
  return `(${all.map(name).join(', ')})`;
}

function fieldOf(title: string | undefined, of: Target): Field | undefined {
  const key = title?.toLowerCase();
  const field = of.source.fields.find((each) => each.name.toLowerCase() === key);
  if (!field && title !== undefined) throw invalidQuery(`Column ${title} is not present in table ${of.source.id}`);
  return field;
}

function value(c: Compilation, field: Field | undefined): string {
  if (c.reader.accept('DEFAULT')) return 'DEFAULT';
  const read = expression(c);
  const plain = field && ['DATE', 'DATETIME', 'TIME', 'TIMESTAMP'].includes(field.type) ? read.sql : typed(read);
  if (read.value === null) return field?.mode === 'REPEATED' ? '[]' : 'NULL';
  return typeof read.value === 'string' && plain === read.sql ? plain : assign(plain, field);
}

function row(c: Compilation, given: readonly string[], of: Target): string {
  const fields = given.length > 0 ? given.map((title) => fieldOf(title, of)) : of.source.fields;
  let index = 0;
  c.reader.expect('(');
  const values = c.reader.list(() => value(c, fields[index++]));
  c.reader.expect(')');
  if (values.length !== fields.length) {
    throw invalidQuery(`Inserted row has wrong column count; Has ${values.length}, expected ${fields.length}`);
  }
  return `(${values.join(', ')})`;
}

function rowsOf(c: Compilation, given: readonly string[], of: Target): string {
  const fields = given.length > 0 ? given.map((title) => fieldOf(title, of)) : of.source.fields;
  const titles = fields.map((_, index) => name(`c${index}`));
  const written = fields.map((field, index) => assign(titles[index] ?? '', field));
  return `SELECT ${written.join(', ')} FROM (${query(c)}) AS q(${titles.join(', ')})`;
}

/** `INSERT [INTO] table [(columns)] VALUES … | query`. */
export function readInsert(c: Compilation): Action {
  const { reader } = c;
  reader.expect('INSERT');
  reader.accept('INTO');
  const to = target(c, false);
  const given = columns(c);
  const list = listed(given, to);
  const rows = reader.accept('VALUES')
    ? `VALUES ${reader.list(() => row(c, given, to)).join(', ')}`
    : rowsOf(c, given, to);
  return { kind: 'INSERT', target: to.path, sql: `INSERT INTO ${to.source.sql} ${list} ${rows}` };
}

function assignments(c: Compilation, of: Target): string {
  return c.reader
    .list(() => {
      let column = c.reader.identifier();
      if (c.reader.accept('.')) {
        if (column.toLowerCase() !== of.alias.toLowerCase()) throw c.reader.refuse('assignment to a field of a STRUCT');
        column = c.reader.identifier();
      }
      c.reader.expect('=');
      return `${name(column)} = ${value(c, fieldOf(column, of))}`;
    })
    .join(', ');
}

/** `UPDATE table [alias] SET … [FROM …] WHERE …`. */
export function readUpdate(c: Compilation): Action {
  const { reader } = c;
  reader.expect('UPDATE');
  const to = target(c, true);
  reader.expect('SET');
  const set = assignments(c, to);
  const source = reader.accept('FROM') ? from(c) : undefined;
  const where = whereOf(c, 'UPDATE');
  const table = `${to.source.sql} AS ${name(to.alias)}`;
  if (source === undefined)
    return { kind: 'UPDATE', target: to.path, sql: `UPDATE ${table} SET ${set} WHERE ${where}` };
  return {
    kind: 'UPDATE',
    target: to.path,
    sql: `UPDATE ${table} SET ${set} FROM ${source} WHERE ${where}`,
    guard: onlyOne(to, `${table}, ${source} WHERE ${where}`),
  };
}

/** Finds a row of the target that several rows of the source match. */
function onlyOne(to: Target, joined: string): { sql: string; message: string } {
  return {
    sql: `SELECT 1 FROM ${joined} GROUP BY ${name(to.alias)}.rowid HAVING count(*) > 1 LIMIT 1`,
    message: 'UPDATE/MERGE must match at most one source row for each target row',
  };
}

function whereOf(c: Compilation, form: string): string {
  if (!c.reader.accept('WHERE')) throw invalidQuery(`${form} must have a WHERE clause`);
  const where = expression(c);
  for (const reference of c.references) reference.holds.push(...(where.holds ?? []));
  return condition(where, 'WHERE clause');
}

/** `DELETE [FROM] table [alias] WHERE …`. */
export function readDelete(c: Compilation): Action {
  c.reader.expect('DELETE');
  c.reader.accept('FROM');
  const to = target(c, true);
  const where = whereOf(c, 'DELETE');
  return { kind: 'DELETE', target: to.path, sql: `DELETE FROM ${to.source.sql} AS ${name(to.alias)} WHERE ${where}` };
}

/** `TRUNCATE TABLE table`. */
export function readTruncate(c: Compilation): Action {
  c.reader.expect('TRUNCATE', 'TABLE');
  const to = target(c, false);
  return { kind: 'TRUNCATE_TABLE', target: to.path, sql: `DELETE FROM ${to.source.sql}` };
}

/** `MERGE [INTO] table [alias] USING source ON … WHEN …`. */
export function readMerge(c: Compilation): Action {
  const { reader } = c;
  reader.expect('MERGE');
  reader.accept('INTO');
  const to = target(c, true);
  reader.expect('USING');
  const source = from(c);
  reader.expect('ON');
  const on = condition(expression(c), 'MERGE ON clause');
  const clauses: string[] = [];
  let matched = false;
  while (reader.accept('WHEN')) {
    const clause = when(c, to);
    matched ||= clause.matched;
    clauses.push(clause.sql);
  }
  if (clauses.length === 0) throw reader.unexpected('WHEN');
  const into = `${to.source.sql} AS ${name(to.alias)}`;
  const sql = `MERGE INTO ${into} USING ${source} ON ${on} ${clauses.join(' ')} RETURNING merge_action`;
  if (!matched) return { kind: 'MERGE', target: to.path, sql };
  return { kind: 'MERGE', target: to.path, sql, guard: onlyOne(to, `${into} JOIN ${source} ON ${on}`) };
}

function by(c: Compilation): string {
  if (c.reader.accept('TARGET')) return ' BY TARGET';
  c.reader.expect('SOURCE');
  return ' BY SOURCE';
}

function when(c: Compilation, to: Target): { sql: string; matched: boolean } {
  const { reader } = c;
  const not = reader.accept('NOT');
  reader.expect('MATCHED');
  const side = not && reader.accept('BY') ? by(c) : '';
  const and = reader.accept('AND') ? ` AND ${condition(expression(c), 'MERGE WHEN clause')}` : '';
  reader.expect('THEN');
  const inserts = not && side !== ' BY SOURCE';
  const head = `WHEN ${not ? 'NOT ' : ''}MATCHED${side}${and} THEN`;
  if (inserts) {
    reader.expect('INSERT');
    const given = columns(c);
    if (reader.is('ROW')) throw reader.refuse('INSERT ROW');
    reader.expect('VALUES');
    return { sql: `${head} INSERT ${listed(given, to)} VALUES ${row(c, given, to)}`, matched: false };
  }
  if (reader.accept('DELETE')) return { sql: `${head} DELETE`, matched: !not };
  reader.expect('UPDATE', 'SET');
  return { sql: `${head} UPDATE SET ${assignments(c, to)}`, matched: !not };
}
