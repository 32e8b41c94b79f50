/**
 * The closed list of GoogleSQL functions the local BigQuery runs. A name that is not here is refused.
 *
 * A rule is how many arguments there may be and the SQL of DuckDB it becomes: a template (see `fill`) or a function.
 * `part` and `interval` say which argument, from 0, is a date part or an `INTERVAL`. Names that start with `bq_` are
 * the macros of macros.ts. Aggregates and window functions are in aggregates.ts; forms with a syntax of their own
 * (CAST, SAFE_CAST, EXTRACT, IF, CASE, ARRAY, STRUCT, UNNEST, EXISTS) in expressions.ts.
 *
 * The rules do what GoogleSQL does where DuckDB differs: CONCAT, GREATEST and LEAST of a NULL are NULL, LOG is the
 * natural logarithm, division by zero is an error, TRIM takes every kind of space, REGEXP_EXTRACT without a match is
 * NULL, ROUND and its kin return FLOAT64 for whole numbers, weeks start on Sunday, TIMESTAMP_DIFF counts whole units
 * and DATE_DIFF boundaries, hashes are BYTES. NUMERIC takes part in + - * SUM MIN MAX and comparisons; other
 * mathematics with it is refused, as is any with BIGNUMERIC.
 */
import { invalidQuery } from '../errors.ts';
import { type Arguments, capturing, fill, jsonPath } from './arguments.ts';
import { moved } from './calendar.ts';
import * as dates from './dates.ts';
import { format } from './formatting.ts';
import { concatenate } from './kinds.ts';
import { conditions, mathematics } from './mathematics.ts';
import { repeating } from './repeating.ts';
import { arg, byCount, MANY, type ScalarRule, scalar } from './rules.ts';

const part = { part: 1 };
const partOrNone = { part: 1, optional: true };
const partLast = { part: 2 };
const interval = { interval: 1 };

function need(args: Arguments): dates.DatePart {
  if (!args.part) throw new Error('a rule with a part is called with one');
  return args.part;
}

const strings: Readonly<Record<string, ScalarRule>> = {
  CONCAT: scalar(1, MANY, ({ list }) => concatenate(list, 'function CONCAT').sql),
  LOWER: scalar(1, 1, 'bq_lower(#1)'),
  UPPER: scalar(1, 1, 'bq_upper(#1)'),
  LENGTH: scalar(1, 1, 'bq_length(#1)'),
  CHAR_LENGTH: scalar(1, 1, 'length(#1)'),
  CHARACTER_LENGTH: scalar(1, 1, 'length(#1)'),
  BYTE_LENGTH: scalar(1, 1, 'bq_byte_length(#1)'),
  TRIM: byCount({ 1: 'bq_trim_all(#1)', 2: 'trim(#1, #2)' }),
  LTRIM: byCount({ 1: 'bq_ltrim_all(#1)', 2: 'ltrim(#1, #2)' }),
  RTRIM: byCount({ 1: 'bq_rtrim_all(#1)', 2: 'rtrim(#1, #2)' }),
  SUBSTR: byCount({ 2: 'bq_substr(bq_text(#1), $2, 4294967295)', 3: 'bq_substr(bq_text(#1), $2, $3)' }),
  SUBSTRING: byCount({ 2: 'bq_substr(bq_text(#1), $2, 4294967295)', 3: 'bq_substr(bq_text(#1), $2, $3)' }),
  LEFT: scalar(2, 2, 'bq_substr(bq_text(#1), 1, $2)'),
  RIGHT: scalar(2, 2, 'right(#1, bq_not_negative($2))'),
  REPLACE: scalar(3, 3, "CASE WHEN $2 = '' THEN #1 ELSE replace(#1, #2, #3) END"),
  REVERSE: scalar(1, 1, 'bq_reverse(#1)'),
  REPEAT: scalar(2, 2, 'repeat(#1, bq_not_negative($2))'),
  LPAD: byCount({
    2: "lpad(#1, CAST(bq_not_negative($2) AS INTEGER), ' ')",
    3: 'lpad(#1, CAST(bq_not_negative($2) AS INTEGER), #3)',
  }),
  RPAD: byCount({
    2: "rpad(#1, CAST(bq_not_negative($2) AS INTEGER), ' ')",
    3: 'rpad(#1, CAST(bq_not_negative($2) AS INTEGER), #3)',
  }),
  STRPOS: scalar(2, 2, 'strpos(#1, #2)'),
  STARTS_WITH: scalar(2, 2, 'starts_with(#1, #2)'),
  ENDS_WITH: scalar(2, 2, 'suffix(#1, #2)'),
  SPLIT: byCount({ 1: "string_split(#1, ',')", 2: 'string_split(#1, #2)' }),
  ASCII: scalar(1, 1, 'CAST(ascii(#1) AS BIGINT)'),
  CHR: scalar(1, 1, 'chr(CAST(bq_whole($1) AS INTEGER))'),
  REGEXP_CONTAINS: scalar(2, 2, 'regexp_matches(#1, #2)'),
  REGEXP_REPLACE: scalar(3, 3, "regexp_replace(#1, #2, #3, 'g')"),
  REGEXP_EXTRACT: scalar(2, 2, (args, form) => {
    const group = capturing(arg(args, 1), form);
    return fill(`CASE WHEN regexp_matches(#1, #2) THEN regexp_extract(#1, #2, ${group}) END`, args);
  }),
  REGEXP_EXTRACT_ALL: scalar(2, 2, (args, form) =>
    fill(`regexp_extract_all(#1, #2, ${capturing(arg(args, 1), form)})`, args),
  ),
  TO_HEX: scalar(1, 1, 'bq_hex_of($1)'),
  FROM_HEX: scalar(1, 1, 'unhex(#1)'),
  TO_BASE64: scalar(1, 1, 'bq_base64_of($1)'),
  FROM_BASE64: scalar(1, 1, 'from_base64(#1)'),
  MD5: scalar(1, 1, 'bq_md5(#1)'),
  SHA1: scalar(1, 1, 'bq_sha1(#1)'),
  SHA256: scalar(1, 1, 'bq_sha256(#1)'),
  FORMAT: scalar(1, MANY, format),
};

const json: Readonly<Record<string, ScalarRule>> = {
  JSON_VALUE: scalar(1, 2, (args, form) => fill(`bq_json_value($1, ${jsonPath(args.list[1], form)})`, args)),
  JSON_EXTRACT_SCALAR: scalar(1, 2, (args, form) => fill(`bq_json_value($1, ${jsonPath(args.list[1], form)})`, args)),
  JSON_QUERY: scalar(1, 2, (args, form) => fill(`bq_json_query(#1, ${jsonPath(args.list[1], form)})`, args)),
  PARSE_JSON: scalar(1, 1, 'CAST(json(#1) AS JSON)'),
  TO_JSON_STRING: scalar(1, 1, 'bq_to_json_string(#1)'),
};

const arrays: Readonly<Record<string, ScalarRule>> = {
  ARRAY_LENGTH: scalar(1, 1, 'len($1)'),
  ARRAY_REVERSE: scalar(1, 1, 'list_reverse($1)'),
  ARRAY_CONCAT: scalar(1, MANY, (args) => `(${args.list.map(({ sql }) => sql).join(' || ')})`),
  ARRAY_TO_STRING: byCount({
    2: 'array_to_string($1, #2)',
    3: 'array_to_string(list_transform($1, lambda e: coalesce(e, #3)), #2)',
  }),
  GENERATE_ARRAY: byCount({
    2: 'generate_series(bq_generated($1), bq_generated($2))',
    3: 'generate_series(bq_generated($1), bq_generated($2), bq_generated_step($3))',
  }),
  GENERATE_DATE_ARRAY: scalar(
    2,
    3,
    (args) => {
      const step = args.interval?.sql ?? 'to_days(1)';
      return fill(
        `list_transform(generate_series(CAST($1 AS TIMESTAMP), CAST($2 AS TIMESTAMP), ${step}), lambda e: CAST(e AS DATE))`,
        args,
      );
    },
    { interval: 2 },
  ),
};

const civil: Readonly<Record<string, ScalarRule>> = {
  DATE: scalar(1, 3, (args) => {
    if (args.list.length === 1) return fill('CAST($1 AS DATE)', args);
    if (args.list.length === 3)
      return fill(
        'make_date(CAST($1 AS BIGINT), bq_month(CAST($1 AS BIGINT), CAST($2 AS BIGINT)), CAST($3 AS BIGINT))',
        args,
      );
    return `CAST(${dates.toZone(arg(args, 0).sql, arg(args, 1).sql)} AS DATE)`;
  }),
  DATE_ADD: scalar(1, 1, moved('DATE', '+'), interval),
  DATE_SUB: scalar(1, 1, moved('DATE', '-'), interval),
  DATE_DIFF: scalar(
    2,
    2,
    (args) => dates.boundaries(fill('bq_day($1)', args), fill('bq_day($2)', args), need(args), 'DATE'),
    partLast,
  ),
  DATE_TRUNC: scalar(1, 1, (args) => dates.truncate(fill('bq_day($1)', args), need(args), 'DATE'), part),
  DATE_FROM_UNIX_DATE: scalar(
    1,
    1,
    "bq_calendar(DATE '1970-01-01' + CAST($1 AS INTEGER), 'DATE_FROM_UNIX_DATE of ' || $1 || ' is out of range')",
  ),
  UNIX_DATE: scalar(1, 1, "(bq_day($1) - DATE '1970-01-01')"),
  LAST_DAY: scalar(1, 1, (args) => dates.lastDay(fill('CAST(bq_civil($1) AS DATE)', args), args.part), partOrNone),
  FORMAT_DATE: scalar(2, 2, (args, form) =>
    fill(`strftime(bq_day($2), ${dates.strftimeFormat(arg(args, 0).value, form, false)})`, args),
  ),
  PARSE_DATE: scalar(2, 2, (args, form) =>
    fill(`CAST(strptime(#2, ${dates.strptimeFormat(arg(args, 0).value, form)}) AS DATE)`, args),
  ),
  DATETIME: scalar(1, 6, (args) => {
    if (args.list.length === 1) return fill('CAST($1 AS TIMESTAMP)', args);
    if (args.list.length === 6)
      return fill('make_timestamp($1, bq_month($1, $2), $3, $4, $5, CAST($6 AS DOUBLE))', args);
    if (args.list.length > 2) throw invalidQuery('No matching signature for function DATETIME');
    if (arg(args, 1).kind === 'TIME') return fill('(bq_day($1) + $2)', args);
    return dates.toZone(arg(args, 0).sql, arg(args, 1).sql);
  }),
  DATETIME_ADD: scalar(1, 1, moved('DATETIME', '+'), interval),
  DATETIME_SUB: scalar(1, 1, moved('DATETIME', '-'), interval),
  DATETIME_DIFF: scalar(
    2,
    2,
    (args) => dates.boundaries(fill('bq_civil($1)', args), fill('bq_civil($2)', args), need(args), 'TIMESTAMP'),
    partLast,
  ),
  DATETIME_TRUNC: scalar(
    1,
    1,
    (args) => dates.truncate(fill('CAST(bq_civil($1) AS TIMESTAMP)', args), need(args)),
    part,
  ),
  FORMAT_DATETIME: scalar(2, 2, (args, form) =>
    fill(`strftime(CAST(bq_civil($2) AS TIMESTAMP), ${dates.strftimeFormat(arg(args, 0).value, form, false)})`, args),
  ),
  PARSE_DATETIME: scalar(2, 2, (args, form) =>
    fill(`strptime(#2, ${dates.strptimeFormat(arg(args, 0).value, form)})`, args),
  ),
  TIME: byCount({ 1: 'CAST(CAST($1 AS TIMESTAMP) AS TIME)', 3: 'make_time($1, $2, CAST($3 AS DOUBLE))' }),
};

/** A whole number since 1970, of units of so many microseconds, as a TIMESTAMP. What is too far away has none. */
const instant = (micros: number) => (args: Arguments) =>
  repeating([{ ...arg(args, 0), sql: fill('CAST(bq_whole($1) AS BIGINT)', args) }], (x) => {
    return `make_timestamptz(bq_micros(${micros === 1 ? x : `${x} * ${micros}`}))`;
  });

const instants: Readonly<Record<string, ScalarRule>> = {
  TIMESTAMP: scalar(1, 2, (args) => {
    if (args.list.length === 1) return fill('CAST($1 AS TIMESTAMPTZ)', args);
    return dates.fromZone(arg(args, 0).sql, arg(args, 1).sql);
  }),
  TIMESTAMP_ADD: scalar(1, 1, moved('TIMESTAMP', '+'), interval),
  TIMESTAMP_SUB: scalar(1, 1, moved('TIMESTAMP', '-'), interval),
  TIMESTAMP_DIFF: scalar(
    2,
    2,
    (args) => dates.elapsed(fill('bq_instant($1)', args), fill('bq_instant($2)', args), need(args)),
    partLast,
  ),
  TIMESTAMP_TRUNC: scalar(
    1,
    2,
    (args) => {
      const instant = fill('bq_instant($1)', args);
      const zone = args.list[1]?.sql;
      return zone ? dates.truncateAt(instant, need(args), zone) : dates.truncate(instant, need(args));
    },
    part,
  ),
  FORMAT_TIMESTAMP: scalar(2, 3, (args, form) => {
    const zone = args.list[2]?.sql;
    const pattern = dates.strftimeFormat(arg(args, 0).value, form, zone === undefined);
    const civilTime = zone ? dates.toZone(fill('bq_instant($2)', args), zone) : fill('bq_instant($2)', args);
    return `strftime(${civilTime}, ${pattern})`;
  }),
  PARSE_TIMESTAMP: scalar(2, 3, (args, form) => {
    const civilTime = fill(`strptime(#2, ${dates.strptimeFormat(arg(args, 0).value, form)})`, args);
    return dates.fromZone(civilTime, args.list[2]?.sql ?? "'UTC'");
  }),
  UNIX_SECONDS: scalar(1, 1, 'bq_floor_div(epoch_us(bq_instant($1)), 1000000)'),
  UNIX_MILLIS: scalar(1, 1, 'bq_floor_div(epoch_us(bq_instant($1)), 1000)'),
  UNIX_MICROS: scalar(1, 1, 'epoch_us(bq_instant($1))'),
  TIMESTAMP_SECONDS: scalar(1, 1, instant(1000000)),
  TIMESTAMP_MILLIS: scalar(1, 1, instant(1000)),
  TIMESTAMP_MICROS: scalar(1, 1, instant(1)),
};

/** Functions that `SAFE.` may stand before: those that DuckDB can try, because no macro of ours raises their errors. */
export const SAFE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['PARSE_DATE', 'PARSE_DATETIME', 'PARSE_TIMESTAMP', 'PARSE_JSON', 'FROM_HEX', 'FROM_BASE64', 'CHR'],
  ...['DATE', 'DATETIME', 'TIME', 'TIMESTAMP', 'TIMESTAMP_SECONDS', 'TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS'],
]);

/** The scalar functions by what they are about, then by their names in upper case. */
export const FUNCTION_GROUPS = { mathematics, conditions, strings, json, arrays, civil, instants } as const;

/** Every scalar function by its name in upper case. */
export const FUNCTIONS: Readonly<Record<string, ScalarRule>> = Object.assign({}, ...Object.values(FUNCTION_GROUPS));
