import { invalidQuery } from '../errors.ts';
import type { DUCK_TYPES } from '../schema.ts';
import { type Expression, typed } from './arguments.ts';
import type { Class } from './classes.ts';
import { REFUSALS } from './macros.ts';

const FUNCTION_KINDS: Readonly<Partial<Record<Class, string>>> = {
  FLOAT64: `ROUND TRUNC FLOOR CEIL CEILING SQRT EXP LN LOG LOG10 POW POWER SAFE_DIVIDE IEEE_DIVIDE RAND
    AVG STDDEV STDDEV_SAMP STDDEV_POP VARIANCE VAR_SAMP VAR_POP CORR`,
  INT64: `MOD DIV LENGTH CHAR_LENGTH CHARACTER_LENGTH BYTE_LENGTH STRPOS ASCII ARRAY_LENGTH DATE_DIFF DATETIME_DIFF
    TIMESTAMP_DIFF UNIX_DATE UNIX_SECONDS UNIX_MILLIS UNIX_MICROS COUNT COUNTIF APPROX_COUNT_DISTINCT
    ROW_NUMBER RANK DENSE_RANK NTILE`,
  STRING: `LOWER UPPER TRIM LTRIM RTRIM SUBSTR SUBSTRING LEFT RIGHT REPLACE REVERSE REPEAT LPAD RPAD CHR REGEXP_REPLACE
    REGEXP_EXTRACT TO_HEX TO_BASE64 FORMAT JSON_VALUE JSON_EXTRACT_SCALAR TO_JSON_STRING ARRAY_TO_STRING FORMAT_DATE
    FORMAT_DATETIME FORMAT_TIMESTAMP GENERATE_UUID STRING_AGG`,
  BOOL: 'STARTS_WITH ENDS_WITH REGEXP_CONTAINS IS_NAN IS_INF LOGICAL_AND LOGICAL_OR',
  BYTES: 'FROM_HEX FROM_BASE64 MD5 SHA1 SHA256',
  DATE: 'DATE DATE_ADD DATE_SUB DATE_TRUNC DATE_FROM_UNIX_DATE LAST_DAY PARSE_DATE CURRENT_DATE',
  DATETIME: 'DATETIME DATETIME_ADD DATETIME_SUB DATETIME_TRUNC PARSE_DATETIME CURRENT_DATETIME',
  TIMESTAMP: `TIMESTAMP TIMESTAMP_ADD TIMESTAMP_SUB TIMESTAMP_TRUNC PARSE_TIMESTAMP TIMESTAMP_SECONDS TIMESTAMP_MILLIS
    TIMESTAMP_MICROS CURRENT_TIMESTAMP`,
  TIME: 'TIME CURRENT_TIME',
};

const KIND_OF_FUNCTION = new Map(
  Object.entries(FUNCTION_KINDS).flatMap(([kind, forms]) =>
    forms.split(/\s+/).map((form) => [form, kind as Class] as const),
  ),
);
const SAME_AS_ARGUMENTS = new Set(['ABS', 'COALESCE', 'IFNULL', 'NULLIF', 'GREATEST', 'LEAST', 'MIN', 'MAX', 'CONCAT']);

/** The type of a function's result, where its name or the types of its arguments tell. */
export function kindOf(form: string, list: readonly Expression[]): Class | undefined {
  return SAME_AS_ARGUMENTS.has(form) ? commonKind(list) : KIND_OF_FUNCTION.get(form);
}

/** The type that all have; NULL has any. */
export function commonKind(list: readonly Expression[]): Class | undefined {
  const kinds = new Set(list.filter(({ value }) => value !== null).map(({ kind }) => kind));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/** The type of a sum, a difference or a product. */
export function arithmeticKind(left: Expression, right: Expression): Class | undefined {
  if (left.kind === 'INT64' && right.kind === 'INT64') return 'INT64';
  const numbers = ['INT64', 'FLOAT64', 'NUMERIC'];
  if (!numbers.includes(left.kind ?? '') || !numbers.includes(right.kind ?? '')) return undefined;
  return left.kind === 'FLOAT64' || right.kind === 'FLOAT64' ? 'FLOAT64' : undefined;
}

/** GoogleSQL's names of the types of columns. */
export const KIND_OF_TYPE: Readonly<Partial<Record<keyof typeof DUCK_TYPES | 'RECORD', Class>>> = {
  STRING: 'STRING',
  BYTES: 'BYTES',
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  NUMERIC: 'NUMERIC',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
};

/**
 * `x` where it is compared with another: DuckDB would compare a DATE with a TIMESTAMP, or a number with a STRING
 * literal or a BOOL, which GoogleSQL has no signature for.
 * @throws HttpError invalidQuery when both types are known and do not fit; else the statement fails as it is planned.
 */
export function beside(x: Expression, other: Expression, form: string): string {
  const family = typeof other.value === 'string' ? 'literal' : REFUSING[other.kind ?? ''];
  if (!family || typeof x.value === 'string') return x.sql;
  return guarded(x, x.sql, family, form);
}

const REFUSING: Readonly<Record<string, keyof typeof REFUSALS>> = {
  INT64: 'number',
  FLOAT64: 'number',
  NUMERIC: 'number',
  BOOL: 'bool',
  DATE: 'civil',
  DATETIME: 'civil',
  TIMESTAMP: 'timestamp',
};

/** `||` and CONCAT: GoogleSQL joins no numbers, dates or BOOLs. */
export function concatenate(list: readonly Expression[], form: string): { sql: string; kind: Class | undefined } {
  const items = list.map((each) => (each.joined ? each.sql : guarded(each, typed(each), 'joined', form)));
  return { sql: `(${items.join(' || ')})`, kind: commonKind(list) };
}

/** `sql` of `x`, which fails where its type is one that the family refuses. */
export function guarded(x: Expression, sql: string, family: keyof typeof REFUSALS, form: string): string {
  if (x.value === null) return sql;
  const { classes, beside: other } = REFUSALS[family];
  if (!x.kind) return `bq_beside_${family}(${sql}, '${form}')`;
  if (!classes.includes(x.kind)) return sql;
  throw invalidQuery(`No matching signature for ${form} for argument types: ${x.kind}, ${other}`);
}
