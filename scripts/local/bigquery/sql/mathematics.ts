import type { Arguments } from './arguments.ts';
import { apply } from './macros.ts';
import { mayBeNan } from './nan.ts';
import { repeating } from './repeating.ts';
import { byCount, MANY, type ScalarRule, scalar } from './rules.ts';
import { alike } from './supertypes.ts';

const anyNull = (args: Arguments) => args.list.map(({ sql }) => `${sql} IS NULL`).join(' OR ');

/** A function of DuckDB whose arguments, of which one is the result, must have a type in common. */
const common = (title: string) => (args: Arguments, form: string) =>
  alike(args.list, `function ${form}`, (sql) => `${title}(${sql.join(', ')})`);

/** A macro of FLOAT64s that looks at them more than once. */
const finite = (macro: string) => (args: Arguments) =>
  repeating(
    args.list.map((each) => ({ ...each, sql: apply('float64', each.sql, each.kind) })),
    (...sql) => `${macro}(${sql.join(', ')})`,
  );

/** Functions of numbers. */
export const mathematics: Readonly<Record<string, ScalarRule>> = {
  ABS: scalar(1, 1, 'abs(bq_number($1))'),
  SIGN: scalar(1, 1, 'bq_sign($1)'),
  ROUND: byCount({ 1: 'round(bq_float64($1))', 2: 'round(bq_float64($1), CAST($2 AS INTEGER))' }),
  TRUNC: scalar(1, 1, 'trunc(bq_float64($1))'),
  FLOOR: scalar(1, 1, 'floor(bq_float64($1))'),
  CEIL: scalar(1, 1, 'ceil(bq_float64($1))'),
  CEILING: scalar(1, 1, 'ceil(bq_float64($1))'),
  SQRT: scalar(1, 1, 'sqrt(bq_float64($1))'),
  EXP: scalar(1, 1, finite('bq_exp')),
  LN: scalar(1, 1, 'ln(bq_float64($1))'),
  LOG: byCount({ 1: 'ln(bq_float64($1))', 2: '(ln(bq_float64($1)) / ln(bq_float64($2)))' }),
  LOG10: scalar(1, 1, 'log10(bq_float64($1))'),
  POW: scalar(2, 2, finite('bq_pow')),
  POWER: scalar(2, 2, finite('bq_pow')),
  MOD: scalar(2, 2, "CAST(bq_whole($1) % bq_nonzero(bq_whole($2), 'MOD') AS BIGINT)"),
  DIV: scalar(2, 2, "CAST(bq_whole($1) // bq_nonzero(bq_whole($2), 'DIV') AS BIGINT)"),
  SAFE_DIVIDE: scalar(2, 2, '(bq_float64($1) / nullif(bq_float64($2), 0))'),
  IEEE_DIVIDE: scalar(2, 2, '(bq_float64($1) / bq_float64($2))'),
  IS_NAN: scalar(1, 1, 'isnan(bq_float64($1))'),
  IS_INF: scalar(1, 1, 'isinf(bq_float64($1))'),
  RAND: scalar(0, 0, 'random()'),
  GREATEST: scalar(
    1,
    MANY,
    (args) => `CASE WHEN ${anyNull(args)} THEN NULL ELSE ${common('greatest')(args, 'GREATEST')} END`,
  ),
  LEAST: scalar(1, MANY, (args) => {
    const nans = args.list.filter(mayBeNan).map(({ sql }) => ` WHEN bq_nan(${sql}) THEN ${sql}`);
    return `CASE WHEN ${anyNull(args)} THEN NULL${nans.join('')} ELSE ${common('least')(args, 'LEAST')} END`;
  }),
};

/** Functions that choose among values. */
export const conditions: Readonly<Record<string, ScalarRule>> = {
  COALESCE: scalar(1, MANY, common('coalesce')),
  IFNULL: scalar(2, 2, common('coalesce')),
  NULLIF: scalar(2, 2, common('nullif')),
  ERROR: scalar(1, 1, 'error($1)'),
  GENERATE_UUID: scalar(0, 0, 'CAST(uuid() AS VARCHAR)'),
};
