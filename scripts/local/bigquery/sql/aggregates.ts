/**
 * The closed lists of GoogleSQL aggregate and window functions the local BigQuery runs.
 * Approximate aggregates are computed exactly, which is within what their definition allows.
 */
import { invalidQuery, unimplemented } from '../errors.ts';
import { type Expression, typed } from './arguments.ts';
import { guarded } from './kinds.ts';
import { mayBeNan } from './nan.ts';

/** A call of an aggregate: its arguments and what may stand between them and the closing parenthesis. */
export interface AggregateCall {
  readonly form: string;
  /** Empty for COUNT(*). */
  readonly list: readonly Expression[];
  readonly distinct: boolean;
  /** `IGNORE` or `RESPECT`, when said. */
  readonly nulls?: 'IGNORE' | 'RESPECT';
  /** ` ORDER BY …`, or empty. */
  readonly order: string;
  /** The limit as SQL. */
  readonly limit?: string;
}

export interface AggregateRule {
  readonly least: number;
  readonly most: number;
  /** Which of the optional parts the function takes. */
  readonly takes: readonly ('distinct' | 'nulls' | 'order' | 'limit')[];
  /** The function's SQL, to which ` OVER (…)` may be appended when there is no limit. */
  readonly write: (call: AggregateCall) => string;
  /** Its SQL with a window (` OVER (…)`), where that cannot just be appended. */
  readonly over?: (call: AggregateCall, window: string) => string;
  /** The SQL of one element of the array that it gives, when it can be had without the others. */
  readonly element?: (call: AggregateCall, index: number) => string | undefined;
}

function one(call: AggregateCall, index = 0): Expression {
  const expression = call.list[index];
  if (!expression) throw new Error('arguments are counted before');
  return expression;
}

const plain = (template: string): AggregateRule => ({
  least: 1,
  most: 1,
  takes: ['distinct'],
  write: (call) => template.replace('$', `${call.distinct ? 'DISTINCT ' : ''}${typed(one(call))}`),
});
const pair = (title: string): AggregateRule => ({
  least: 2,
  most: 2,
  takes: [],
  write: (call) => `${title}(${typed(one(call))}, ${typed(one(call, 1))})`,
});
const filter = (call: AggregateCall) => (call.nulls === 'IGNORE' ? ` FILTER (WHERE ${one(call).sql} IS NOT NULL)` : '');
const float = (title: string): AggregateRule => ({
  least: 1,
  most: 1,
  takes: ['distinct'],
  write: (call) => `${title}(${call.distinct ? 'DISTINCT ' : ''}bq_float64(${one(call).sql}))`,
});

export const AGGREGATES: Readonly<Record<string, AggregateRule>> = {
  COUNT: {
    least: 0,
    most: 1,
    takes: ['distinct'],
    write: (call) => `count(${call.distinct ? 'DISTINCT ' : ''}${call.list[0] ? typed(call.list[0]) : '*'})`,
  },
  COUNTIF: {
    least: 1,
    most: 1,
    takes: [],
    write: (call) =>
      `count(CASE WHEN ${guarded(one(call), one(call).sql, 'bool', 'aggregate function COUNTIF')} THEN 1 END)`,
  },
  SUM: plain('sum($)'),
  MIN: { ...plain('min($)'), write: (call) => least(call, ''), over: least },
  MAX: plain('max($)'),
  AVG: float('avg'),
  ANY_VALUE: { ...plain('any_value($)'), takes: [] },
  LOGICAL_AND: { ...plain('bool_and($)'), takes: [] },
  LOGICAL_OR: { ...plain('bool_or($)'), takes: [] },
  STDDEV: float('stddev_samp'),
  STDDEV_SAMP: float('stddev_samp'),
  STDDEV_POP: float('stddev_pop'),
  VARIANCE: float('var_samp'),
  VAR_SAMP: float('var_samp'),
  VAR_POP: float('var_pop'),
  CORR: pair('corr'),
  MAX_BY: pair('arg_max_null'),
  MIN_BY: pair('arg_min_null'),
  APPROX_COUNT_DISTINCT: {
    least: 1,
    most: 1,
    takes: [],
    write: (call) => `count(DISTINCT ${typed(one(call))})`,
  },
  APPROX_QUANTILES: { least: 2, most: 2, takes: [], write: quantiles, element: quantile },
  ARRAY_AGG: {
    least: 1,
    most: 1,
    takes: ['distinct', 'nulls', 'order', 'limit'],
    write(call) {
      const list = `list(${call.distinct ? 'DISTINCT ' : ''}${typed(one(call))}${call.order})${filter(call)}`;
      return call.limit === undefined ? list : `(${list})[1:${call.limit}]`;
    },
  },
  ARRAY_CONCAT_AGG: {
    least: 1,
    most: 1,
    takes: ['order', 'limit'],
    write(call) {
      const lists = `list(${one(call).sql}${call.order}) FILTER (WHERE ${one(call).sql} IS NOT NULL)`;
      return `flatten(${call.limit === undefined ? lists : `(${lists})[1:${call.limit}]`})`;
    },
  },
  APPROX_TOP_COUNT: { least: 2, most: 2, takes: [], write: topCount },
  STRING_AGG: { least: 1, most: 2, takes: ['distinct', 'order', 'limit'], write: join },
};

/** MIN, which is NaN where one is among the values; to DuckDB it is the greatest. */
function least(call: AggregateCall, window: string): string {
  const x = one(call);
  const found = `min(${typed(x)})`;
  if (!mayBeNan(x)) return `${found}${window}`;
  return `coalesce(${found} FILTER (WHERE bq_nan(${x.sql}))${window}, ${found}${window})`;
}

function quantiles(call: AggregateCall): string {
  const count = parts(call);
  const shares = Array.from({ length: count + 1 }, (_, index) => `${index / count}`);
  return `quantile_disc(${typed(one(call))}, [${shares.join(', ')}])`;
}

function quantile(call: AggregateCall, index: number): string | undefined {
  const count = parts(call);
  return index >= 0 && index <= count ? `quantile_disc(${typed(one(call))}, ${index / count})` : undefined;
}

/** Into how many parts APPROX_QUANTILES divides. */
function parts(call: AggregateCall): number {
  const count = one(call, 1).value;
  if (typeof count === 'number' && count >= 1 && count <= 10_000) return count;
  throw invalidQuery('The second argument to APPROX_QUANTILES must be a positive constant.');
}

/** The most frequent values with how often they are there, NULL among them. */
function topCount(call: AggregateCall): string {
  const most = one(call, 1).value;
  if (typeof most !== 'number' || most < 1)
    throw invalidQuery('The second argument to APPROX_TOP_COUNT must be a positive constant.');
  const x = typed(one(call));
  const entry = (count: string, value: string) => `{'n': CAST(${count} AS BIGINT), 'v': ${value}}`;
  const values = `list_transform(map_entries(histogram(${x})), lambda e: ${entry('e.value', 'e.key')})`;
  const nulls = `count(*) FILTER (WHERE ${x} IS NULL)`;
  const none = `CASE WHEN ${nulls} > 0 THEN [${entry(nulls, `any_value(${x}) FILTER (WHERE ${x} IS NULL)`)}] ELSE [] END`;
  const sorted = `list_sort(list_concat(coalesce(${values}, []), ${none}), 'DESC')[1:${most}]`;
  return `list_transform(${sorted}, lambda e: {'value': e.v, 'count': e.n})`;
}

function join(call: AggregateCall): string {
  const separator = call.list[1] ? typed(call.list[1]) : "','";
  if (call.list[1] && !call.list[1].constant) throw invalidQuery('STRING_AGG takes a constant separator.');
  const item = typed(one(call));
  if (call.limit === undefined && !call.distinct) return `string_agg(bq_text(${item}), ${separator}${call.order})`;
  // What is distinct must be what it is ordered by, as DuckDB sees it: only then is it seen to be text.
  const list = `list(${call.distinct ? 'DISTINCT ' : ''}${item}${call.order}) FILTER (WHERE ${one(call).sql} IS NOT NULL)`;
  const items = `bq_texts(${list})`;
  return `array_to_string(${call.limit === undefined ? items : `(${items})[1:${call.limit}]`}, ${separator})`;
}

/** Window functions: the least and most arguments, and whether IGNORE NULLS may be said. */
export const WINDOW_FUNCTIONS: Readonly<Record<string, { least: number; most: number; nulls: boolean; sql: string }>> =
  {
    ROW_NUMBER: { least: 0, most: 0, nulls: false, sql: 'row_number' },
    RANK: { least: 0, most: 0, nulls: false, sql: 'rank' },
    DENSE_RANK: { least: 0, most: 0, nulls: false, sql: 'dense_rank' },
    PERCENT_RANK: { least: 0, most: 0, nulls: false, sql: 'percent_rank' },
    CUME_DIST: { least: 0, most: 0, nulls: false, sql: 'cume_dist' },
    NTILE: { least: 1, most: 1, nulls: false, sql: 'ntile' },
    LAG: { least: 1, most: 3, nulls: false, sql: 'lag' },
    LEAD: { least: 1, most: 3, nulls: false, sql: 'lead' },
    FIRST_VALUE: { least: 1, most: 1, nulls: true, sql: 'first_value' },
    LAST_VALUE: { least: 1, most: 1, nulls: true, sql: 'last_value' },
    NTH_VALUE: { least: 2, most: 2, nulls: true, sql: 'nth_value' },
    PERCENTILE_CONT: { least: 2, most: 2, nulls: false, sql: 'quantile_cont' },
    PERCENTILE_DISC: { least: 2, most: 2, nulls: false, sql: 'quantile_disc' },
  };

/** Refuses the optional parts an aggregate does not take. */
export function checkParts(call: AggregateCall, rule: AggregateRule): void {
  const given = { distinct: call.distinct, nulls: call.nulls, order: call.order, limit: call.limit };
  for (const part of ['distinct', 'nulls', 'order', 'limit'] as const) {
    if (given[part] && !rule.takes.includes(part)) throw unimplemented(`${part.toUpperCase()} in ${call.form}`);
  }
}
