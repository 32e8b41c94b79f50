/**
 * DuckDB macros the rewritten SQL calls. They are overloaded by their argument's type, so that a function does for
 * each type what GoogleSQL says, and has no match (an error) for a type GoogleSQL does not take.
 */

const SPACES = '[\\t\\n\\v\\f\\r \\x{85}\\p{Z}]';
const INSTANT =
  "CASE WHEN epoch_us(x) % 1000000 = 0 THEN strftime(x, '%Y-%m-%d %H:%M:%S') WHEN epoch_us(x) % 1000 = 0 THEN strftime(x, '%Y-%m-%d %H:%M:%S.%g') ELSE strftime(x, '%Y-%m-%d %H:%M:%S.%f') END";
const BIG_FLOAT = "error('UNIMPLEMENTED: CAST of a FLOAT64 of 1e15 or more AS STRING')";
const NO_DECIMAL = (form: string) => `(x DECIMAL(38,9)) AS CAST(error('UNIMPLEMENTED: ${form} of NUMERIC') AS DOUBLE)`;

/** The casts of one target: per argument type what `CAST` does. `$T` is CAST, or TRY_CAST in SAFE_CAST. */
const CASTS: Readonly<Record<string, readonly string[]>> = {
  string: [
    '(x VARCHAR) AS x',
    '(x BIGINT) AS CAST(x AS VARCHAR)',
    '(x HUGEINT) AS CAST(x AS VARCHAR)',
    '(x BOOLEAN) AS CAST(x AS VARCHAR)',
    '(x DATE) AS CAST(x AS VARCHAR)',
    `(x TIMESTAMP) AS ${INSTANT}`,
    `(x TIMESTAMPTZ) AS (${INSTANT}) || '+00'`,
    `(x TIME) AS CASE WHEN epoch_us(x) % 1000000 = 0 THEN left(CAST(x AS VARCHAR), 8) WHEN epoch_us(x) % 1000 = 0 THEN left(rpad(CAST(x AS VARCHAR), 15, '0'), 12) ELSE rpad(CAST(x AS VARCHAR), 15, '0') END`,
    "(x DECIMAL(38,9)) AS regexp_replace(CAST(x AS VARCHAR), '\\.?0+$', '')",
    `(x DOUBLE) AS CASE WHEN isfinite(x) AND abs(x) >= 1e15 AND abs(x) < 1e17 THEN ${BIG_FLOAT} ELSE regexp_replace(lower(CAST(x + 0 AS VARCHAR)), '\\.0$|inity$', '') END`,
    '(x BLOB) AS decode(x)',
  ],
  int64: [
    "(x VARCHAR) AS CASE WHEN x IS NULL OR regexp_full_match(x, '\\s*[+-]?[0-9]+\\s*') THEN $T(trim(x) AS BIGINT) ELSE $F END",
    '(x BIGINT) AS x',
    '(x HUGEINT) AS $T(x AS BIGINT)',
    '(x BOOLEAN) AS CAST(x AS BIGINT)',
    '(x DOUBLE) AS $T(round(x) AS BIGINT)',
    '(x DECIMAL(38,9)) AS $T(round(x) AS BIGINT)',
  ],
  float64: [
    '(x VARCHAR) AS $T(x AS DOUBLE)',
    '(x BIGINT) AS CAST(x AS DOUBLE)',
    '(x HUGEINT) AS CAST(x AS DOUBLE)',
    '(x DOUBLE) AS x',
    '(x DECIMAL(38,9)) AS CAST(x AS DOUBLE)',
  ],
  bool: [
    "(x VARCHAR) AS CASE lower(x) WHEN 'true' THEN true WHEN 'false' THEN false ELSE CASE WHEN x IS NULL THEN NULL ELSE $F END END",
    '(x BIGINT) AS x <> 0',
    '(x BOOLEAN) AS x',
  ],
  bytes: ['(x VARCHAR) AS encode(x)', '(x BLOB) AS x'],
  date: ['(x VARCHAR)', '(x DATE)', '(x TIMESTAMP)', '(x TIMESTAMPTZ)'].map((type) => `${type} AS $T(x AS DATE)`),
  datetime: ['(x VARCHAR)', '(x DATE)', '(x TIMESTAMP)', '(x TIMESTAMPTZ)'].map(
    (type) => `${type} AS $T(x AS TIMESTAMP)`,
  ),
  timestamp: ['(x VARCHAR)', '(x DATE)', '(x TIMESTAMP)', '(x TIMESTAMPTZ)'].map(
    (type) => `${type} AS $T(x AS TIMESTAMPTZ)`,
  ),
  time: [
    '(x VARCHAR) AS $T(x AS TIME)',
    '(x TIME) AS x',
    '(x TIMESTAMP) AS CAST(x AS TIME)',
    '(x TIMESTAMPTZ) AS CAST(CAST(x AS TIMESTAMP) AS TIME)',
  ],
  numeric: ['(x VARCHAR)', '(x BIGINT)', '(x HUGEINT)', '(x DOUBLE)', '(x DECIMAL(38,9))'].map(
    (type) => `${type} AS $T(x AS DECIMAL(38,9))`,
  ),
};

const FAILURES: Readonly<Record<string, string>> = {
  int64: "CAST(error('Bad int64 value: ' || x) AS BIGINT)",
  bool: "CAST(error('Bad bool value: ' || x) AS BOOLEAN)",
};

/** Name and overloads of every macro but the casts. */
const MACROS: Readonly<Record<string, readonly string[]>> = {
  nonzero: ["(x, form) AS CASE WHEN x = 0 THEN error('division by zero: ' || form) ELSE x END"],
  float64: [
    '(x BIGINT) AS CAST(x AS DOUBLE)',
    '(x HUGEINT) AS CAST(x AS DOUBLE)',
    '(x DOUBLE) AS x',
    NO_DECIMAL('division, rounding or mathematics'),
  ],
  minus: [
    '(x BIGINT, y BIGINT) AS x - y',
    '(x HUGEINT, y BIGINT) AS CAST(x - y AS BIGINT)',
    '(x BIGINT, y HUGEINT) AS CAST(x - y AS BIGINT)',
    '(x HUGEINT, y HUGEINT) AS CAST(x - y AS BIGINT)',
    '(x DOUBLE, y DOUBLE) AS x - y',
    '(x DECIMAL(38,9), y DECIMAL(38,9)) AS x - y',
    '(x DATE, y BIGINT) AS x - CAST(y AS INTEGER)',
    '(x TIMESTAMP, y INTERVAL) AS x - y',
    '(x TIMESTAMPTZ, y INTERVAL) AS x - y',
  ],
  plus: [
    '(x BIGINT, y BIGINT) AS x + y',
    '(x HUGEINT, y BIGINT) AS CAST(x + y AS BIGINT)',
    '(x BIGINT, y HUGEINT) AS CAST(x + y AS BIGINT)',
    '(x HUGEINT, y HUGEINT) AS CAST(x + y AS BIGINT)',
    '(x DOUBLE, y DOUBLE) AS x + y',
    '(x DECIMAL(38,9), y DECIMAL(38,9)) AS x + y',
    '(x DATE, y BIGINT) AS x + CAST(y AS INTEGER)',
    '(x TIMESTAMP, y INTERVAL) AS x + y',
    '(x TIMESTAMPTZ, y INTERVAL) AS x + y',
  ],
  times: [
    '(x BIGINT, y BIGINT) AS x * y',
    '(x HUGEINT, y HUGEINT) AS CAST(x * y AS BIGINT)',
    '(x DOUBLE, y DOUBLE) AS x * y',
    '(x DECIMAL(38,9), y DECIMAL(38,9)) AS CAST(x * y AS DECIMAL(38,9))',
  ],
  assign_int64: ['(x BIGINT) AS x', '(x HUGEINT) AS CAST(x AS BIGINT)'],
  assign_string: [
    '(x VARCHAR) AS x',
    ...[
      'BIGINT',
      'HUGEINT',
      'DOUBLE',
      'BOOLEAN',
      'DATE',
      'TIMESTAMP',
      'TIMESTAMPTZ',
      'TIME',
      'BLOB',
      'DECIMAL(38,9)',
    ].map((type) => `(x ${type}) AS CAST(error('Value of type ${type} cannot be assigned to a STRING') AS VARCHAR)`),
  ],
  abs: ['(x BIGINT) AS abs(x)', '(x HUGEINT) AS abs(x)', '(x DOUBLE) AS abs(x)', '(x DECIMAL(38,9)) AS abs(x)'],
  sign: [
    '(x BIGINT) AS CAST(sign(x) AS BIGINT)',
    '(x HUGEINT) AS CAST(sign(x) AS BIGINT)',
    '(x DOUBLE) AS CAST(sign(x) AS DOUBLE)',
  ],
  mod: [
    "(x BIGINT, y BIGINT) AS x % bq_nonzero(y, 'MOD')",
    "(x HUGEINT, y BIGINT) AS CAST(x % bq_nonzero(y, 'MOD') AS BIGINT)",
  ],
  div: [
    "(x BIGINT, y BIGINT) AS x // bq_nonzero(y, 'DIV')",
    "(x HUGEINT, y BIGINT) AS CAST(x // bq_nonzero(y, 'DIV') AS BIGINT)",
  ],
  length: ['(x VARCHAR) AS length(x)', '(x BLOB) AS octet_length(x)'],
  byte_length: ['(x VARCHAR) AS strlen(x)', '(x BLOB) AS octet_length(x)'],
  substr: [
    "(x VARCHAR, p, n) AS CASE WHEN n < 0 THEN error('Third argument in SUBSTR() cannot be negative') ELSE substring(x, CASE WHEN p = 0 THEN 1 WHEN p < -length(x) THEN 1 WHEN p < 0 THEN length(x) + p + 1 ELSE p END, n) END",
  ],
  lower: ['(x VARCHAR) AS lower(x)'],
  upper: ['(x VARCHAR) AS upper(x)'],
  text: ['(x VARCHAR) AS x'],
  whole: ['(x BIGINT) AS x', '(x HUGEINT) AS CAST(x AS BIGINT)'],
  reverse: ['(x VARCHAR) AS reverse(x)'],
  trim_all: [`(x VARCHAR) AS regexp_replace(x, '^${SPACES}+|${SPACES}+$', '', 'g')`],
  ltrim_all: [`(x VARCHAR) AS regexp_replace(x, '^${SPACES}+', '')`],
  rtrim_all: [`(x VARCHAR) AS regexp_replace(x, '${SPACES}+$', '')`],
  bytes_of: ['(x VARCHAR) AS encode(x)', '(x BLOB) AS x'],
  hex_of: ['(x BLOB) AS lower(hex(x))'],
  base64_of: ['(x BLOB) AS base64(x)'],
  md5: ['(x VARCHAR) AS unhex(md5(x))', '(x BLOB) AS unhex(md5(x))'],
  sha1: ['(x VARCHAR) AS unhex(sha1(x))', '(x BLOB) AS unhex(sha1(x))'],
  sha256: ['(x VARCHAR) AS unhex(sha256(x))', '(x BLOB) AS unhex(sha256(x))'],
  json_value: [
    "(x, p) AS CASE WHEN json_valid(x) AND json_type(x, p) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN json_extract_string(x, p) END",
  ],
  to_json_string: [
    `(x) AS CASE WHEN regexp_matches(typeof(x), 'DOUBLE|FLOAT|DATE|TIME|BLOB|DECIMAL|HUGEINT|INTERVAL|bignumeric|UUID') THEN error('UNIMPLEMENTED: TO_JSON_STRING of ' || typeof(x)) ELSE coalesce(CAST(to_json(x) AS VARCHAR), 'null') END`,
  ],
  element: [
    "(x, i) AS CASE WHEN i < 0 OR i >= len(x) THEN error('Array index ' || i || ' is out of bounds') ELSE x[CAST(i AS BIGINT) + 1] END",
  ],
  safe_element: ['(x, i) AS CASE WHEN i >= 0 THEN x[CAST(i AS BIGINT) + 1] END'],
  no_struct: [
    "(x) AS CASE WHEN typeof(x) LIKE 'STRUCT%' THEN error('UNIMPLEMENTED: SELECT * over UNNEST of an array of STRUCT') ELSE x END",
  ],
  date_add: ['(x DATE, i) AS CAST(x + i AS DATE)'],
  date_sub: ['(x DATE, i) AS CAST(x - i AS DATE)'],
  trunc: [
    '(p, x DATE, k) AS CAST(date_trunc(p, x + to_days(k)) - to_days(k) AS DATE)',
    '(p, x TIMESTAMP, k) AS date_trunc(p, x + to_days(k)) - to_days(k)',
    '(p, x TIMESTAMPTZ, k) AS date_trunc(p, x + to_days(k)) - to_days(k)',
  ],
  last_day: ['(x DATE) AS last_day(x)', '(x TIMESTAMP) AS last_day(x)'],
  floor_div: ['(x, m) AS (x - ((x % m) + m) % m) // m'],
  array_to_string: ['(x VARCHAR[], s) AS array_to_string(x, s)'],
};

/** The statements that define the macros on a fresh DuckDB. */
export function macroStatements(): string[] {
  const statements = Object.entries(MACROS).map(([title, overloads]) => define(title, overloads));
  for (const [target, overloads] of Object.entries(CASTS)) {
    const failure = FAILURES[target] ?? 'NULL';
    statements.push(
      define(
        `cast_${target}`,
        overloads.map((text) => text.replaceAll('$T', 'CAST').replaceAll('$F', failure)),
      ),
    );
    statements.push(
      define(
        `safe_cast_${target}`,
        overloads.map((text) => text.replaceAll('$T', 'TRY_CAST').replaceAll('$F', 'NULL')),
      ),
    );
  }
  return statements;
}

function define(title: string, overloads: readonly string[]): string {
  return `CREATE MACRO bq_${title} ${overloads.join(', ')}`;
}
