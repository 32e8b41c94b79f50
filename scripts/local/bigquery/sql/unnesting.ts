import type { Field } from '../schema.ts';
import type { Expression } from './arguments.ts';
import type { Compilation } from './compilation.ts';
import { expression } from './expressions.ts';
import { name, quote } from './reader.ts';

/** Whether what stands in FROM is an array of something that stands there before: `FROM t, t.list`. */
export function namesArray({ reader, scope, enclosing, expressions }: Compilation): boolean {
  if (!reader.isIdentifier() || reader.peek(1).key !== '.') return false;
  const first = reader.peek().text.toLowerCase();
  return [...scope, ...enclosing].some(({ alias }) => alias.toLowerCase() === first) || expressions.includes(first);
}

/** `UNNEST(array) [AS e] [WITH OFFSET [AS o]]`: the alias is the element itself. */
export function unnest(c: Compilation): string {
  c.reader.expect('(');
  const list = expression(c);
  c.reader.expect(')');
  return elements(c, list);
}

/** The elements of an array as rows. Fields of STRUCTs are columns too, as far as it is known which there are. */
export function elements(c: Compilation, list: Expression): string {
  const { reader } = c;
  c.arrays = true;
  const alias = reader.alias();
  let offset: string | undefined;
  if (reader.accept('WITH')) {
    if (reader.next().key !== 'OFFSET') throw reader.unexpected('OFFSET');
    offset = reader.alias() ?? 'offset';
  }
  const fields = fieldsOf(c, list);
  const element = `${c.star ? 'bq_no_struct(unnest_value)' : 'unnest_value'} AS ${name(alias ?? 'f0_')}`;
  const columns = c.star && fields.length > 0 ? [] : [element];
  const taken = new Set([...(c.star ? [] : columnsOf(c)), alias?.toLowerCase(), offset?.toLowerCase()]);
  for (const field of fields) {
    if (taken.has(field.toLowerCase())) continue;
    columns.push(`struct_extract(unnest_value, ${quote(field)}) AS ${name(field)}`);
  }
  if (offset !== undefined) columns.push(`unnest_offset AS ${name(offset)}`);
  const inner = `SELECT unnest(${list.sql}) AS unnest_value, unnest(range(len(${list.sql}))) AS unnest_offset`;
  return `LATERAL (SELECT ${columns.join(', ')} FROM (${inner})) AS ${name(alias ?? 'unnest')}`;
}

/** The columns of the tables that stand in FROM before. */
function columnsOf({ scope }: Compilation): string[] {
  return scope.flatMap(({ source }) => source.fields.map((field) => field.name.toLowerCase()));
}

/** The fields of the STRUCTs in an array; none when that is not known, or when a column could be meant by their names. */
function fieldsOf(c: Compilation, { fields, path = [] }: Expression): readonly string[] {
  if (c.opaque && !c.star) return [];
  if (fields) return fields;
  const [first = '', ...rest] = path.map((title) => title.toLowerCase());
  const tables = [...c.scope, ...c.enclosing];
  const named = tables.find(({ alias }) => alias.toLowerCase() === first);
  const found = named
    ? descend(named.source.fields, rest)
    : tables.map(({ source }) => descend(source.fields, [first, ...rest])).find((field) => field !== undefined);
  return found?.mode === 'REPEATED' ? (found.fields ?? []).map((field) => field.name) : [];
}

function descend(fields: readonly Field[], [first, ...rest]: readonly string[]): Field | undefined {
  const found = fields.find((field) => field.name.toLowerCase() === first);
  return rest.length === 0 ? found : descend(found?.fields ?? [], rest);
}
