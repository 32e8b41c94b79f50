import { invalidQuery, unimplemented } from '../errors.ts';
import type { Comparison, Expression } from './arguments.ts';
import { move } from './calendar.ts';
import type { Compilation } from './compilation.ts';
import { operand } from './conditions.ts';
import { arithmeticKind, beside, concatenate, guarded } from './kinds.ts';
import { apply } from './macros.ts';
import { compare, mayBeNan } from './nan.ts';
import { arithmetic, mayOverflow } from './overflow.ts';
import { primary } from './primaries.ts';
import { query } from './queries.ts';
import { name, quote } from './reader.ts';

/** Reads an expression: OR, AND, NOT, comparisons, + -, * / ||, signs, and what follows a primary. */
export function expression(c: Compilation): Expression {
  let left = conjunction(c);
  while (c.reader.accept('OR')) left = both(left, 'OR', conjunction(c));
  return left;
}

function both(left: Expression, operator: 'AND' | 'OR', right: Expression): Expression {
  const [x, y] = [left, right].map((each) => operand(each, `operator ${operator}`));
  return { sql: `(${x} ${operator} ${y})`, constant: left.constant && right.constant, kind: 'BOOL' };
}

function conjunction(c: Compilation): Expression {
  let left = negation(c);
  while (c.reader.accept('AND')) {
    const right = negation(c);
    left = { ...both(left, 'AND', right), holds: [...(left.holds ?? []), ...(right.holds ?? [])] };
  }
  return left;
}

function negation(c: Compilation): Expression {
  if (!c.reader.accept('NOT')) return comparison(c);
  const negated = negation(c);
  return { sql: `(NOT ${operand(negated, 'operator NOT')})`, constant: negated.constant, kind: 'BOOL' };
}

/** The operators that compare, and DuckDB's. */
export const COMPARISONS: Readonly<Record<string, Comparison['operator'] | '<>'>> = {
  '=': '=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '!=': '<>',
  '<>': '<>',
};
const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function comparison(c: Compilation): Expression {
  const left = sum(c);
  const operator = COMPARISONS[c.reader.peek().key];
  if (operator) {
    c.reader.next();
    const right = sum(c);
    if (COMPARISONS[c.reader.peek().key]) throw c.reader.unexpected('an expression that is not compared twice');
    const compared: Expression = {
      sql: compare(c, left, operator, right),
      constant: left.constant && right.constant,
      kind: 'BOOL',
    };
    return operator === '<>' ? compared : { ...compared, holds: compares(left, operator, right) };
  }
  if (c.reader.accept('IS')) return is(c, left);
  const not = c.reader.accept('NOT') ? 'NOT ' : '';
  if (c.reader.accept('LIKE')) return like(c, left, not);
  if (c.reader.accept('BETWEEN')) return between(c, left, not);
  if (c.reader.accept('IN')) return within(c, left, not);
  if (not) throw c.reader.unexpected('LIKE, BETWEEN or IN');
  return left;
}

/** `DATE(column)`, as its rewriting writes it. */
function column(operand: Expression): { path: readonly string[]; byDate: boolean } | undefined {
  if (operand.path) return { path: operand.path, byDate: false };
  return operand.datePath ? { path: operand.datePath, byDate: true } : undefined;
}

function compares(left: Expression, operator: Comparison['operator'], right: Expression): Comparison[] {
  const of = column(left);
  if (of && right.constant) return [{ ...of, operator, value: right.sql }];
  const mirrored = column(right);
  if (mirrored && left.constant) return [{ ...mirrored, operator: MIRRORED[operator], value: left.sql }];
  return [];
}

function is(c: Compilation, left: Expression): Expression {
  const not = c.reader.accept('NOT') ? 'NOT ' : '';
  for (const value of ['NULL', 'TRUE', 'FALSE']) {
    if (c.reader.accept(value))
      return { sql: `(${left.sql} IS ${not}${value})`, constant: left.constant, kind: 'BOOL' };
  }
  if (c.reader.accept('DISTINCT', 'FROM')) {
    const right = sum(c);
    const sql = `(${left.sql} IS ${not}DISTINCT FROM ${right.sql})`;
    return { sql, constant: left.constant && right.constant, kind: 'BOOL' };
  }
  throw c.reader.unexpected('NULL, TRUE, FALSE or DISTINCT FROM');
}

function like(c: Compilation, left: Expression, not: string): Expression {
  for (const word of ['ANY', 'SOME', 'ALL']) if (c.reader.is(word)) throw c.reader.refuse(`LIKE ${word}`);
  const right = sum(c);
  const sql = `(${left.sql} ${not}LIKE ${right.sql} ESCAPE '\\')`;
  return { sql, constant: left.constant && right.constant, kind: 'BOOL' };
}

function between(c: Compilation, left: Expression, not: string): Expression {
  const low = sum(c);
  c.reader.expect('AND');
  const high = sum(c);
  const constant = left.constant && low.constant && high.constant;
  const form = 'operator BETWEEN';
  const range = `${beside(left, low, form)} BETWEEN ${beside(low, left, form)} AND ${beside(high, left, form)}`;
  const nan = mayBeNan(high) && !c.joining ? ` AND NOT bq_nan(${high.sql})` : '';
  if (not) return { sql: `(NOT (${range}${nan}))`, constant, kind: 'BOOL' };
  const holds = [...compares(left, '>=', low), ...compares(left, '<=', high)];
  return { sql: `(${range}${nan})`, constant, kind: 'BOOL', holds };
}

function within(c: Compilation, left: Expression, not: string): Expression {
  if (c.reader.accept('UNNEST')) {
    c.reader.expect('(');
    const list = expression(c);
    c.reader.expect(')');
    return { sql: `(${left.sql} ${not}IN (SELECT unnest(${list.sql})))`, constant: false, kind: 'BOOL' };
  }
  c.reader.expect('(');
  if (c.reader.is('SELECT') || c.reader.is('WITH')) {
    const sql = query(c);
    c.reader.expect(')');
    return { sql: `(${left.sql} ${not}IN (${sql}))`, constant: false, kind: 'BOOL' };
  }
  const items = c.reader.list(() => expression(c));
  c.reader.expect(')');
  const constant = left.constant && items.every((item) => item.constant);
  const form = 'operator IN';
  const listed = `${beside(left, items[0] ?? left, form)} IN (${items.map((item) => beside(item, left, form)).join(', ')})`;
  const nan = mayBeNan(left) && items.some(mayBeNan) ? ` AND NOT bq_nan(${left.sql})` : '';
  const sql = `(${not}(${listed}${nan}))`;
  return { sql, constant, kind: 'BOOL' };
}

function sum(c: Compilation): Expression {
  let left = product(c);
  for (;;) {
    const plus = c.reader.accept('+');
    if (!plus && !c.reader.accept('-')) return left;
    const right = product(c);
    const constant = left.constant && right.constant;
    left = withoutMonths(left, right, plus ? '+' : '-');
    left = {
      sql: plus ? add(left, right) : subtract(left, right),
      constant,
      kind: arithmeticKind(left, right),
    };
  }
}

/** The left operand: a STRING has no sum, nor a TIMESTAMP one with months. */
function withoutMonths(left: Expression, right: Expression, operator: string): Expression {
  const form = `operator ${operator}`;
  if (typeof left.value === 'string' || typeof right.value === 'string') {
    const types = [left, right].map(({ kind }) => kind ?? 'another').join(', ');
    throw invalidQuery(`No matching signature for ${form} for argument types: ${types}`);
  }
  if (!right.interval || !['MONTH', 'QUARTER', 'YEAR'].includes(right.interval)) return left;
  return { ...left, sql: guarded(left, left.sql, 'months', form) };
}

/** A small whole number is read as INT32, which DuckDB adds to a DATE. */
function addend(operand: Expression): string {
  const { value } = operand;
  return typeof value === 'number' && Math.abs(value) < 2 ** 31 ? `CAST(${value} AS INTEGER)` : operand.sql;
}

function add(left: Expression, right: Expression): string {
  if (!right.interval && mayOverflow(left, '+', right)) return arithmetic(left, '+', right);
  if (right.interval && !left.interval) return move(left, '+', right, 'a time');
  return left.kind === 'DATE' ? move(left, '+', days(right), 'date') : `(${left.sql} + ${addend(right)})`;
}

function days(count: Expression): Expression {
  return { ...count, sql: addend(count), units: count.sql, interval: 'DAY' };
}

/** A difference of dates would be a number: only what is no constant can be one. */
function subtract(left: Expression, right: Expression): string {
  if (right.interval && !left.interval) return move(left, '-', right, 'a time');
  if (left.kind === 'DATE' && typeof right.value === 'number') return move(left, '-', days(right), 'date');
  if (typeof right.value === 'number') return `(${left.sql} - ${addend(right)})`;
  if (!right.interval && mayOverflow(left, '-', right)) return arithmetic(left, '-', right);
  const plain = right.interval || arithmeticKind(left, right);
  return plain ? `(${left.sql} - ${right.sql})` : `bq_minus(${left.sql}, ${right.sql})`;
}

function product(c: Compilation): Expression {
  let left = signed(c);
  for (;;) {
    const operator = ['*', '/', '||'].find((each) => c.reader.accept(each));
    if (!operator) return left;
    const right = signed(c);
    const constant = left.constant && right.constant;
    if (operator === '*') left = { sql: multiply(left, right), constant, kind: arithmeticKind(left, right) };
    else if (operator === '||') left = { ...concatenate([left, right], 'operator ||'), constant, joined: true };
    else left = { sql: divide(left, right), constant, kind: 'FLOAT64' };
  }
}

function multiply(x: Expression, y: Expression): string {
  return mayOverflow(x, '*', y) ? arithmetic(x, '*', y) : `(${x.sql} * ${y.sql})`;
}

/** Division is of FLOAT64, and by zero an error. */
function divide(x: Expression, y: Expression): string {
  const dividend = apply('float64', x.sql, x.kind);
  const divisor = `bq_nonzero(${apply('float64', y.sql, y.kind)}, '/')`;
  if (!mayOverflow(x, '/', y)) return `(${dividend} / ${divisor})`;
  return arithmetic({ sql: dividend, constant: false }, '/', { sql: divisor, constant: false });
}

function signed(c: Compilation): Expression {
  if (c.reader.accept('+')) return signed(c);
  if (!c.reader.accept('-')) return postfix(c);
  const operand = signed(c);
  const value = typeof operand.value === 'number' ? { value: -operand.value, sure: true } : {};
  const kind = operand.kind === 'INT64' || operand.kind === 'FLOAT64' ? operand.kind : undefined;
  const sure = operand.finite ? { finite: true, sure: true } : {};
  return { sql: `(-${operand.sql})`, constant: operand.constant, kind, ...value, ...sure };
}

function postfix(c: Compilation): Expression {
  let operand = primary(c);
  for (;;) {
    if (c.reader.is('.') && c.reader.peek(1).key !== '*') {
      c.reader.next();
      const field = c.reader.next().text;
      c.words.add(field.toLowerCase());
      operand = operand.path
        ? { sql: `${operand.sql}.${name(field)}`, constant: false, path: [...operand.path, field] }
        : { sql: `struct_extract(${operand.sql}, ${quote(field)})`, constant: operand.constant };
    } else if (c.reader.accept('[')) {
      operand = element(c, operand);
    } else {
      return operand;
    }
  }
}

/** What may stand in the brackets behind an array. */
export const SUBSCRIPTS: Readonly<Record<string, { macro: string; from: number }>> = {
  OFFSET: { macro: 'bq_element', from: 0 },
  ORDINAL: { macro: 'bq_element', from: 1 },
  SAFE_OFFSET: { macro: 'bq_safe_element', from: 0 },
  SAFE_ORDINAL: { macro: 'bq_safe_element', from: 1 },
};

function element(c: Compilation, list: Expression): Expression {
  const subscript = SUBSCRIPTS[c.reader.peek().key];
  if (!subscript || c.reader.peek(1).key !== '(')
    throw unimplemented('a subscript that is not OFFSET, ORDINAL or SAFE_…');
  c.reader.next();
  c.reader.next();
  const index = expression(c);
  c.reader.expect(')', ']');
  if (index.value === null) throw invalidQuery('An array index must not be NULL');
  const single = typeof index.value === 'number' ? list.element?.(index.value - subscript.from) : undefined;
  if (single !== undefined) return { sql: single, constant: false };
  const position = subscript.from === 0 ? index.sql : `(${index.sql} - 1)`;
  return { sql: `${subscript.macro}(${list.sql}, ${position})`, constant: list.constant && index.constant };
}
