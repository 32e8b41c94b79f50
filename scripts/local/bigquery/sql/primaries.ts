import { invalidQuery, unimplemented } from '../errors.ts';
import { duckType } from '../schema.ts';
import { type Expression, typed } from './arguments.ts';
import { call, scalarCall } from './calls.ts';
import { type Compilation, parameter } from './compilation.ts';
import { operand as bool } from './conditions.ts';
import { CLOCK_PARTS, extract, interval, toZone } from './dates.ts';
import { expression } from './expressions.ts';
import { SAFE_FUNCTIONS } from './functions.ts';
import { commonKind, guarded, KIND_OF_TYPE } from './kinds.ts';
import { apply } from './macros.ts';
import { typedLiteral } from './parameters.ts';
import { datePart } from './parts.ts';
import { query } from './queries.ts';
import { name, quote, RESERVED } from './reader.ts';
import { alike } from './supertypes.ts';
import { at } from './tokens.ts';
import { castName, scalarType, structType, type } from './types.ts';

/** Types whose literals are written `TYPE 'text'`. */
export const TYPED_LITERALS = {
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  JSON: 'JSON',
} as const;

type Form = (c: Compilation) => Expression;

/** Forms that begin with a reserved word. */
export const FORMS: Readonly<Record<string, Form>> = {
  NULL: () => ({ sql: 'NULL', value: null, constant: true, sure: true }),
  TRUE: () => ({ sql: 'true', kind: 'BOOL', constant: true, sure: true }),
  FALSE: () => ({ sql: 'false', kind: 'BOOL', constant: true, sure: true }),
  CASE: caseOf,
  CAST: (c) => cast(c, 'cast_'),
  IF: ifOf,
  EXISTS: (c) => ({ sql: `(EXISTS ${parenthesized(c)})`, kind: 'BOOL', constant: false }),
  EXTRACT: extractOf,
  INTERVAL: intervalOf,
  ARRAY: arrayOf,
  STRUCT: structOf,
  LEFT: (c) => call(c, 'LEFT'),
  RIGHT: (c) => call(c, 'RIGHT'),
};

/** Reads a literal, a parameter, a column, a call, or a form in parentheses. */
export function primary(c: Compilation): Expression {
  const { reader } = c;
  const token = reader.peek();
  if (token.kind === 'number') return number(c);
  if (token.kind === 'string') {
    reader.next();
    return { sql: quote(token.text), value: token.text, constant: true, sure: true, kind: 'STRING' };
  }
  if (token.kind === 'bytes') {
    reader.next();
    return {
      sql: `unhex('${Buffer.from(token.text, 'latin1').toString('hex')}')`,
      constant: true,
      sure: true,
      kind: 'BYTES',
    };
  }
  if (token.kind === 'parameter') {
    reader.next();
    return { ...parameter(c, token.text), constant: true, sure: true };
  }
  if (token.key === '(') return group(c);
  if (token.key === '[') return list(c, undefined);
  if (token.kind === 'word') return word(c);
  if (token.kind === 'quoted') return columnOf(c);
  throw reader.unexpected('an expression');
}

function word(c: Compilation): Expression {
  const { reader } = c;
  const token = reader.peek();
  const form = FORMS[token.key];
  if (form) {
    reader.next();
    return form(c);
  }
  if (RESERVED.has(token.key)) throw reader.unexpected('an expression');
  if (token.key in TYPED_LITERALS && reader.peek(1).kind === 'string') {
    reader.next();
    const scalar = TYPED_LITERALS[token.key as keyof typeof TYPED_LITERALS];
    const { sql } = typedLiteral(scalar, reader.next().text, at(reader.sql, token.start));
    return { sql, constant: true, sure: true, kind: KIND_OF_TYPE[scalar] };
  }
  if (reader.peek(1).key === '(') {
    reader.next();
    return token.key === 'SAFE_CAST' ? cast(c, 'safe_cast_') : call(c, token.key);
  }
  if (token.key === 'SAFE' && reader.peek(1).key === '.') return safe(c);
  if (['CURRENT_DATE', 'CURRENT_TIMESTAMP', 'CURRENT_DATETIME', 'CURRENT_TIME'].includes(token.key)) {
    reader.next();
    return call(c, token.key);
  }
  return columnOf(c);
}

function columnOf(c: Compilation): Expression {
  const token = c.reader.next();
  const title = token.text;
  if (c.hidden.has(title.toLowerCase()))
    throw invalidQuery(`Unrecognized name: ${title} at ${at(c.reader.sql, token.start)}`);
  if (/^_(?:PARTITION|TABLE_SUFFIX)/i.test(title)) throw unimplemented(`the pseudo column ${title}`);
  const alias = c.reader.is('.') ? undefined : c.aliases.get(title.toLowerCase());
  if (alias) return { sql: `(${alias.sql})`, constant: false };
  c.words.add(title.toLowerCase());
  return { sql: name(title), path: [title], constant: false, sure: true };
}

/** `SAFE.function(…)`: NULL where the function fails. An argument that fails still fails, so it must be sure not to. */
function safe(c: Compilation): Expression {
  const { reader } = c;
  reader.expect('SAFE', '.');
  const form = reader.next().key;
  if (!SAFE_FUNCTIONS.has(form)) throw unimplemented(`SAFE.${form}`);
  const { sql, constant, kind, args } = scalarCall(c, form);
  if (!args.every(({ sure }) => sure))
    throw unimplemented(`SAFE.${form} of more than columns, literals and parameters`);
  return { sql: `TRY(${sql})`, constant, sure: true, kind };
}

function number(c: Compilation): Expression {
  const { text } = c.reader.next();
  if (/^(?:0[xX]|\d+$)/.test(text)) {
    const value = BigInt(text);
    if (value > 2n ** 63n) throw invalidQuery(`Invalid integer literal: ${text}`);
    // DuckDB reads small literals as INT32, whose arithmetic would overflow; after LIMIT or ORDER BY it is not read here.
    return {
      sql: `CAST(${value} AS ${value === 2n ** 63n ? 'HUGEINT' : 'BIGINT'})`,
      value: Number(value),
      constant: true,
      sure: true,
      finite: true,
      kind: 'INT64',
    };
  }
  // With an exponent DuckDB reads a DOUBLE, without one a DECIMAL.
  return { sql: /e/i.test(text) ? text : `${text}e0`, constant: true, sure: true, kind: 'FLOAT64', finite: true };
}

/** `(query)`, `(expression)`, or a list: a STRUCT whose fields have no names. */
function group(c: Compilation): Expression {
  const { reader } = c;
  if (reader.peek(1).key === 'SELECT' || reader.peek(1).key === 'WITH') {
    return { sql: parenthesized(c), constant: false };
  }
  reader.expect('(');
  const inner = expression(c);
  if (reader.accept(',')) {
    const items = [inner, ...reader.list(() => expression(c))];
    reader.expect(')');
    return { sql: `row(${items.map(typed).join(', ')})`, constant: items.every(({ constant }) => constant) };
  }
  reader.expect(')');
  const { path: _path, ...rest } = inner;
  return { ...rest, sql: `(${inner.sql})`, ...(inner.path ? { path: inner.path } : {}) };
}

/** A query in parentheses, with them. */
function parenthesized(c: Compilation): string {
  c.reader.expect('(');
  const sql = query(c);
  c.reader.expect(')');
  return `(${sql})`;
}

function caseOf(c: Compilation): Expression {
  const { reader } = c;
  const operand = reader.is('WHEN') ? undefined : expression(c);
  const whens: string[] = [];
  const results: Expression[] = [];
  while (reader.accept('WHEN')) {
    const when = expression(c);
    whens.push(operand ? when.sql : bool(when, 'operator CASE'));
    reader.expect('THEN');
    results.push(expression(c));
  }
  if (reader.accept('ELSE')) results.push(expression(c));
  reader.expect('END');
  const start = `CASE${operand ? ` ${operand.sql}` : ''}`;
  const sql = alike(results, 'operator CASE', (written) => {
    const branches = whens.map((when, index) => ` WHEN ${when} THEN ${written[index]}`).join('');
    return `${start}${branches}${written.length > whens.length ? ` ELSE ${written.at(-1)}` : ''} END`;
  });
  return { sql, constant: false, kind: commonKind(results) };
}

function ifOf(c: Compilation): Expression {
  const { reader } = c;
  reader.expect('(');
  const condition = expression(c);
  reader.expect(',');
  const yes = expression(c);
  reader.expect(',');
  const no = expression(c);
  reader.expect(')');
  const constant = condition.constant && yes.constant && no.constant;
  const when = bool(condition, 'function IF');
  return {
    sql: alike([yes, no], 'function IF', ([a, b]) => `CASE WHEN ${when} THEN ${a} ELSE ${b} END`),
    constant,
    kind: commonKind([yes, no]),
  };
}

function cast(c: Compilation, macro: string): Expression {
  const { reader } = c;
  reader.expect('(');
  const operand = expression(c);
  reader.expect('AS');
  const target = type(c);
  if (reader.is('FORMAT')) throw reader.refuse('CAST … FORMAT');
  reader.expect(')');
  if (operand.value === null) {
    const sql = `CAST(NULL AS ${scalarType(target)})`;
    return { sql, constant: true, kind: KIND_OF_TYPE[target.type] };
  }
  const sql = apply(`${macro}${castName(target)}`, typed(operand), operand.kind);
  return { sql, constant: operand.constant, kind: KIND_OF_TYPE[target.type] };
}

function extractOf(c: Compilation): Expression {
  const { reader } = c;
  reader.expect('(');
  const part = datePart(c);
  reader.expect('FROM');
  const operand = expression(c);
  const zone = reader.accept('AT', 'TIME', 'ZONE') ? expression(c) : undefined;
  reader.expect(')');
  const form = `function EXTRACT(${part.unit})`;
  const read = CLOCK_PARTS.has(part.unit) ? guarded(operand, operand.sql, 'clock', form) : operand.sql;
  const sql = extract(zone ? toZone(read, zone.sql) : read, part);
  return { sql, constant: operand.constant && (zone?.constant ?? true) };
}

function intervalOf(c: Compilation): Expression {
  const count = expression(c);
  if (typeof count.value === 'string') throw c.reader.refuse('INTERVAL of a string');
  const { unit } = datePart(c);
  return {
    sql: interval(count.sql, unit),
    constant: count.constant,
    sure: count.finite === true,
    interval: unit,
    units: count.sql,
  };
}

function arrayOf(c: Compilation): Expression {
  const { reader } = c;
  if (reader.is('(')) return { sql: `ARRAY${parenthesized(c)}`, constant: false };
  if (!reader.accept('<')) return list(c, undefined);
  const element = type(c);
  reader.expect('>');
  return list(c, scalarType(element));
}

function list(c: Compilation, element: string | undefined): Expression {
  const { reader } = c;
  reader.expect('[');
  const items = reader.is(']') ? [] : reader.list(() => expression(c));
  reader.expect(']');
  const sql = alike(items, 'an array', () => `[${items.map(typed).join(', ')}]`);
  const constant = items.every((item) => item.constant);
  if (element) return { sql: `CAST(${sql} AS ${element}[])`, constant };
  const fields = items[0]?.fields;
  return { sql: items.length === 0 ? 'CAST([] AS BIGINT[])' : sql, constant, ...(fields ? { fields } : {}) };
}

function structOf(c: Compilation): Expression {
  const { reader } = c;
  const declared = reader.is('<') ? structType(c) : undefined;
  reader.expect('(');
  const items = reader.list(() => {
    const value = expression(c);
    const title = reader.accept('AS') ? reader.identifier() : value.path?.at(-1);
    return { title, sql: typed(value) };
  });
  reader.expect(')');
  const row = `row(${items.map(({ sql }) => sql).join(', ')})`;
  if (declared) return { sql: `CAST(${row} AS ${duckType({ name: '', ...declared })})`, constant: false };
  if (items.every(({ title }) => title === undefined)) return { sql: row, constant: false };
  const fields = items.map(({ title, sql }) => {
    if (title === undefined) throw reader.refuse('a STRUCT of which only some fields have a name');
    return `${quote(title)}: ${sql}`;
  });
  const titles = items.map(({ title = '' }) => title);
  return { sql: `{${fields.join(', ')}}`, constant: false, fields: titles };
}
