import { invalidQuery, unimplemented } from '../errors.ts';
import { formatDatetime } from '../times.ts';
import { AGGREGATES, type AggregateCall, type AggregateRule, checkParts, WINDOW_FUNCTIONS } from './aggregates.ts';
import { type Arguments, type Expression, typed } from './arguments.ts';
import type { Compilation } from './compilation.ts';
import { checkUnit, toZone } from './dates.ts';
import { expression } from './expressions.ts';
import { FUNCTIONS } from './functions.ts';
import { kindOf } from './kinds.ts';
import { datePart } from './parts.ts';
import type { ScalarRule } from './rules.ts';
import { orderBy, window } from './windows.ts';

/**
 * Reads the call of a function whose name has just been taken.
 * @throws HttpError notImplemented for a name that is on none of the lists.
 */
export function call(c: Compilation, form: string): Expression {
  const rule = FUNCTIONS[form];
  if (rule) {
    const { args: _args, ...read } = scalar(c, form, rule);
    return read;
  }
  const aggregate = AGGREGATES[form];
  if (aggregate) return aggregation(c, form, aggregate);
  if (form in WINDOW_FUNCTIONS) return windowFunction(c, form);
  if (form.startsWith('CURRENT_')) return current(c, form);
  throw unimplemented(`function ${form}`);
}

function count(form: string, given: number, least: number, most: number): void {
  if (given >= least && given <= most) return;
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  throw invalidQuery(`No matching signature for function ${form}: it takes ${wanted} arguments, but has ${given}`);
}

/** Reads the arguments of a scalar function whose name has just been taken, and gives them with the call. */
export function scalarCall(c: Compilation, form: string): Expression & { readonly args: readonly Expression[] } {
  const rule = FUNCTIONS[form];
  if (!rule) throw unimplemented(`function ${form}`);
  return scalar(c, form, rule);
}

function scalar(c: Compilation, form: string, rule: ScalarRule): Expression & { readonly args: readonly Expression[] } {
  const { reader } = c;
  const args: { list: Expression[]; part?: Arguments['part']; interval?: Expression } = { list: [] };
  reader.expect('(');
  for (let index = 0; !reader.is(')'); index++) {
    if (index > 0) reader.expect(',');
    if (index === rule.part) args.part = datePart(c);
    else if (index === rule.interval) args.interval = interval(c, form);
    else args.list.push(expression(c));
  }
  reader.expect(')');
  if (reader.is('OVER')) throw reader.refuse(`${form} … OVER`);
  count(form, args.list.length, rule.least, rule.most);
  if (rule.part !== undefined && !args.part && !rule.optional) throw invalidQuery(`${form} needs a date part`);
  if (rule.interval === 1 && !args.interval) throw invalidQuery(`${form} needs an INTERVAL`);
  const sql = rule.write(args as Arguments, form);
  const constant = args.list.every((each) => each.constant) && form !== 'RAND' && form !== 'GENERATE_UUID';
  const path = form === 'DATE' && args.list.length === 1 ? args.list[0]?.path : undefined;
  return { sql, constant, kind: kindOf(form, args.list), args: args.list, ...(path ? { datePath: path } : {}) };
}

function interval(c: Compilation, form: string): Expression {
  if (!c.reader.is('INTERVAL')) throw c.reader.unexpected(`INTERVAL in ${form}`);
  const read = expression(c);
  if (read.interval) checkUnit(form, read.interval);
  return read;
}

function aggregation(c: Compilation, form: string, rule: AggregateRule): Expression {
  const { reader } = c;
  reader.expect('(');
  const distinct = reader.accept('DISTINCT');
  const list: Expression[] = [];
  if (form === 'COUNT' && !distinct && reader.accept('*')) count(form, 0, 0, 0);
  else if (!reader.is(')')) list.push(...reader.list(() => expression(c)));
  const nulls = nullsOf(c);
  if (reader.is('HAVING')) throw reader.refuse(`HAVING in ${form}`);
  const order = reader.is('ORDER') ? ` ${orderBy(c)}` : '';
  const limit = reader.accept('LIMIT') ? expression(c).sql : undefined;
  reader.expect(')');
  const made: AggregateCall = {
    form,
    list,
    distinct,
    order,
    ...(nulls ? { nulls } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
  count(form, list.length, rule.least, rule.most);
  if (distinct && list.length === 0) throw invalidQuery(`${form}(DISTINCT) needs an argument`);
  checkParts(made, rule);
  const sql = rule.write(made);
  if (!reader.is('OVER')) {
    const { element } = rule;
    return {
      sql,
      constant: false,
      kind: kindOf(form, list),
      ...(element ? { element: (index) => element(made, index) } : {}),
    };
  }
  if (distinct || order || limit !== undefined || form.startsWith('APPROX_')) {
    throw reader.refuse(`${form} with DISTINCT, ORDER BY or LIMIT, or approximate, … OVER`);
  }
  const over = window(c);
  return { sql: rule.over?.(made, over) ?? `${sql}${over}`, constant: false, kind: kindOf(form, list) };
}

function nullsOf(c: Compilation): 'IGNORE' | 'RESPECT' | undefined {
  if (c.reader.accept('IGNORE', 'NULLS')) return 'IGNORE';
  return c.reader.accept('RESPECT', 'NULLS') ? 'RESPECT' : undefined;
}

function windowFunction(c: Compilation, form: string): Expression {
  const { reader } = c;
  const rule = WINDOW_FUNCTIONS[form];
  if (!rule) throw unimplemented(`function ${form}`);
  reader.expect('(');
  const list = reader.is(')') ? [] : reader.list(() => expression(c));
  const nulls = nullsOf(c);
  reader.expect(')');
  count(form, list.length, rule.least, rule.most);
  if (nulls && !rule.nulls) throw reader.refuse(`${nulls} NULLS in ${form}`);
  if (!reader.is('OVER')) throw invalidQuery(`Window function ${form} needs an OVER clause`);
  const ignore = nulls === 'IGNORE' ? ' IGNORE NULLS' : '';
  const first = form === 'PERCENTILE_CONT' ? `bq_float64(${list[0]?.sql})` : undefined;
  const args = list.map((each, index) => (index === 0 && first ? first : typed(each)));
  return { sql: `${rule.sql}(${args.join(', ')}${ignore})${window(c)}`, constant: false };
}

/** CURRENT_TIMESTAMP and its kin: the moment of the statement, with or without parentheses and zone. */
function current(c: Compilation, form: string): Expression {
  const { reader } = c;
  let zone = "'UTC'";
  if (reader.accept('(')) {
    if (!reader.is(')')) zone = expression(c).sql;
    reader.expect(')');
  }
  const instant = `CAST('${formatDatetime(BigInt(Math.floor(c.options.now)) * 1000n)}+00' AS TIMESTAMPTZ)`;
  const types: Readonly<Record<string, string>> = {
    CURRENT_DATE: 'DATE',
    CURRENT_DATETIME: 'TIMESTAMP',
    CURRENT_TIME: 'TIME',
  };
  const kind = kindOf(form, []);
  if (form === 'CURRENT_TIMESTAMP') return { sql: instant, constant: true, sure: true, kind };
  const target = types[form];
  if (!target) throw unimplemented(`function ${form}`);
  return { sql: `CAST(${toZone(instant, zone)} AS ${target})`, constant: true, kind };
}
