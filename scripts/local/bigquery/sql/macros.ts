import { byClass, CLASSES, type Class, FAMILIES, IS_NULL } from './classes.ts';
import { JSON_MACROS } from './json-macros.ts';
import { NUMBER_MACROS } from './number-macros.ts';

/**
 * DuckDB macros the rewritten SQL calls. What a function does for each type of its argument is chosen by `typeof`, which
 * DuckDB folds when it plans; a type GoogleSQL's function does not take is an error. (Macros with typed overloads would
 * say the same shorter, but DuckDB cannot choose one when the argument holds an aggregate; JSON_QUERY, whose result has
 * its argument's type, is one and so is refused over an aggregate.)
 */

const SPACES = '[\\t\\n\\v\\f\\r \\x{85}\\p{Z}]';
const subseconds = (micros: string, write: (digits: 0 | 3 | 6) => string) =>
  `CASE WHEN ${micros} % 1000000 = 0 THEN ${write(0)} WHEN ${micros} % 1000 = 0 THEN ${write(3)} ELSE ${write(6)} END`;
const FRACTIONS = { 0: '', 3: '.%g', 6: '.%f' } as const;
const CIVIL = subseconds('epoch_us($x)', (digits) => `strftime($x, '%Y-%m-%d %H:%M:%S${FRACTIONS[digits]}')`);
const CLOCK = subseconds(
  'epoch_us($x)',
  (digits) => `rpad(left(CAST($x AS VARCHAR), ${digits ? 9 + digits : 8}), ${digits ? 9 + digits : 8}, '0')`,
);
const BIG_FLOAT = "error('UNIMPLEMENTED: CAST of a FLOAT64 of 1e15 or more AS STRING')";
const refuse = (form: string) => `error('UNIMPLEMENTED: ${form}')`;

type ByClass = Partial<Record<Class, string>>;

const YEAR = '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})';
const DAY_TEXT = `${YEAR}-[0-9]{1,2}-[0-9]{1,2}`;
const TIME_TEXT = '([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{0,6}0{0,3})?)?';
const ZONE_TEXT = '(\\s*(Z|z|[+-][0-9]{1,2}(:?[0-9]{2})?)|\\s+[A-Za-z][A-Za-z0-9_+/-]*)?';

/** Texts that CAST reads. DuckDB reads more: other separators, years and words such as `infinity` and `epoch`. */
const TEXTS = {
  DOUBLE: '\\s*[+-]?(([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?|inf(inity)?|nan)\\s*',
  DATE: `${DAY_TEXT}([ T]${TIME_TEXT}.*)?`,
  TIMESTAMP: `${DAY_TEXT}([ T]${TIME_TEXT})?`,
  TIMESTAMPTZ: `\\s*${DAY_TEXT}([ T]${TIME_TEXT}${ZONE_TEXT})?\\s*`,
  TIME: TIME_TEXT,
} as const;
const read = (type: keyof typeof TEXTS) =>
  `CASE WHEN $x IS NULL OR regexp_full_match($x, '(?i)${TEXTS[type]}') AND TRY_CAST($x AS ${type}) IS NOT NULL THEN TRY_CAST($x AS ${type}) ELSE $F END`;

/**
 * Per target of CAST what becomes of each type; `$x` is the argument read as its type, `$T` CAST or, in SAFE_CAST,
 * TRY_CAST, `$F` the failure of a value.
 */
const CASTS: Readonly<Record<string, { type: string; from: ByClass }>> = {
  string: {
    type: 'VARCHAR',
    from: {
      STRING: '$x',
      INT64: 'CAST($x AS VARCHAR)',
      BOOL: 'CAST($x AS VARCHAR)',
      DATE: 'CAST($x AS VARCHAR)',
      DATETIME: CIVIL,
      TIMESTAMP: `(${CIVIL}) || '+00'`,
      TIME: CLOCK,
      NUMERIC: "regexp_replace(CAST($x AS VARCHAR), '\\.?0+$', '')",
      FLOAT64: `CASE WHEN isnan($x) THEN 'nan' WHEN isfinite($x) AND abs($x) >= 1e15 AND abs($x) < 1e17 THEN ${BIG_FLOAT} ELSE regexp_replace(lower(CAST($x + 0 AS VARCHAR)), '\\.0$|inity$', '') END`,
      BYTES: 'decode($x)',
    },
  },
  int64: {
    type: 'BIGINT',
    from: {
      STRING:
        "CASE WHEN $x IS NULL OR regexp_full_match($x, '\\s*[+-]?[0-9]+\\s*') THEN $T(trim($x) AS BIGINT) WHEN regexp_full_match($x, '(?i)\\s*[+-]?0x[0-9a-f]+\\s*') THEN $T(CASE WHEN $x LIKE '%-%' THEN -1 ELSE 1 END * $T(lower(regexp_replace($x, '[\\s+-]', '', 'g')) AS BIGINT) AS BIGINT) ELSE $F END",
      INT64: '$T($x AS BIGINT)',
      BOOL: 'CAST($x AS BIGINT)',
      FLOAT64: '$T(round($x) AS BIGINT)',
      NUMERIC: '$T(round($x) AS BIGINT)',
    },
  },
  float64: {
    type: 'DOUBLE',
    from: { STRING: read('DOUBLE'), INT64: 'CAST($x AS DOUBLE)', FLOAT64: '$x', NUMERIC: 'CAST($x AS DOUBLE)' },
  },
  bool: {
    type: 'BOOLEAN',
    from: {
      STRING:
        "CASE lower($x) WHEN 'true' THEN true WHEN 'false' THEN false ELSE CASE WHEN $x IS NULL THEN NULL ELSE $F END END",
      INT64: '$x <> 0',
      BOOL: '$x',
    },
  },
  bytes: { type: 'BLOB', from: { STRING: 'encode($x)', BYTES: '$x' } },
  date: {
    type: 'DATE',
    from: { STRING: read('DATE'), DATE: '$x', DATETIME: 'CAST($x AS DATE)', TIMESTAMP: 'CAST($x AS DATE)' },
  },
  datetime: {
    type: 'TIMESTAMP',
    from: {
      STRING: read('TIMESTAMP'),
      DATE: 'CAST($x AS TIMESTAMP)',
      DATETIME: '$x',
      TIMESTAMP: 'CAST($x AS TIMESTAMP)',
    },
  },
  timestamp: {
    type: 'TIMESTAMPTZ',
    from: {
      STRING: read('TIMESTAMPTZ'),
      DATE: 'CAST($x AS TIMESTAMPTZ)',
      DATETIME: 'CAST($x AS TIMESTAMPTZ)',
      TIMESTAMP: '$x',
    },
  },
  time: {
    type: 'TIME',
    from: {
      STRING: read('TIME'),
      TIME: '$x',
      DATETIME: 'CAST($x AS TIME)',
      TIMESTAMP: 'CAST(CAST($x AS TIMESTAMP) AS TIME)',
    },
  },
  numeric: {
    type: 'DECIMAL(38,9)',
    from: {
      STRING: '$T($x AS DECIMAL(38,9))',
      INT64: '$T($x AS DECIMAL(38,9))',
      FLOAT64: "$T(printf('%.9f', $x) AS DECIMAL(38,9))",
      NUMERIC: '$x',
    },
  },
};

const FAILURES: Readonly<Record<string, string>> = {
  int64: "CAST(error('Bad int64 value: ' || $x) AS BIGINT)",
  float64: "CAST(error('Bad double value: ' || $x) AS DOUBLE)",
  date: `CAST(error('Invalid date: ''' || $x || '''') AS DATE)`,
  datetime: `CAST(error('Invalid datetime string "' || $x || '"') AS TIMESTAMP)`,
  timestamp: `CAST(error('Invalid timestamp: ''' || $x || '''') AS TIMESTAMPTZ)`,
  time: `CAST(error('Invalid time string "' || $x || '"') AS TIME)`,
  bool: "CAST(error('Bad bool value: ' || $x) AS BOOLEAN)",
};

const hash = (title: string): ByClass => ({ STRING: `unhex(${title}($x))`, BYTES: `unhex(${title}($x))` });

/** Functions of one argument whose result is of one type. */
const FUNCTIONS: Readonly<Record<string, ByClass>> = {
  float64: {
    INT64: 'CAST($x AS DOUBLE)',
    FLOAT64: '$x',
    NUMERIC: `CAST(${refuse('division, rounding or mathematics of NUMERIC')} AS DOUBLE)`,
  },
  length: { STRING: 'length($x)', BYTES: 'octet_length($x)' },
  byte_length: { STRING: 'strlen($x)', BYTES: 'octet_length($x)' },
  lower: { STRING: 'lower($x)', BYTES: refuse('LOWER of BYTES') },
  upper: { STRING: 'upper($x)', BYTES: refuse('UPPER of BYTES') },
  reverse: { STRING: 'reverse($x)', BYTES: refuse('REVERSE of BYTES') },
  trim_all: { STRING: `regexp_replace($x, '^${SPACES}+|${SPACES}+$', '', 'g')` },
  ltrim_all: { STRING: `regexp_replace($x, '^${SPACES}+', '')` },
  rtrim_all: { STRING: `regexp_replace($x, '${SPACES}+$', '')` },
  hex_of: { BYTES: 'lower(hex($x))' },
  base64_of: { BYTES: 'base64($x)' },
  md5: hash('md5'),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
};

/** Functions that return their argument when it is of one of these types. */
const GUARDS: Readonly<Record<string, readonly Class[]>> = {
  text: ['STRING'],
  whole: ['INT64'],
  day: ['DATE'],
  civil: ['DATE', 'DATETIME'],
  instant: ['TIMESTAMP'],
  number: ['INT64', 'FLOAT64', 'NUMERIC'],
};

interface Refusal {
  readonly classes: readonly Class[];
  /** The types that none of them goes with. */
  readonly beside: string;
}

const NUMBERS = ['INT64', 'FLOAT64', 'NUMERIC'] as const;

/** What `bq_beside_…` fails for: operands that DuckDB would cast and GoogleSQL does not. */
export const REFUSALS = {
  literal: { classes: [...NUMBERS, 'BOOL'], beside: 'STRING' },
  number: { classes: ['BOOL'], beside: 'INT64' },
  bool: { classes: NUMBERS, beside: 'BOOL' },
  civil: { classes: ['TIMESTAMP'], beside: 'DATE' },
  timestamp: { classes: ['DATE', 'DATETIME'], beside: 'TIMESTAMP' },
  months: { classes: ['TIMESTAMP'], beside: 'INTERVAL with months' },
  clock: { classes: ['DATE', 'STRING'], beside: 'a part of the day' },
  joined: { classes: [...NUMBERS, 'BOOL', 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP'], beside: 'STRING' },
} as const satisfies Readonly<Record<string, Refusal>> as Readonly<
  Record<'literal' | 'number' | 'bool' | 'civil' | 'timestamp' | 'joined' | 'months' | 'clock', Refusal>
>;

/** The others, as they are. */
const MACROS: Readonly<Record<string, string>> = {
  nonzero: "(x, form) AS CASE WHEN x = 0 THEN error('division by zero: ' || form) ELSE x END",
  class: `(x) AS ${byClass((key) => key)}`,
  family: `(x) AS ${byClass((key) => FAMILIES[key])}`,
  bool: `(x, words) AS CASE WHEN ${CLASSES.BOOL.test} OR ${IS_NULL} THEN x ELSE error(words || coalesce(bq_class(x), typeof(x))) END`,
  unlike: "(x, y) AS CASE WHEN bq_family(x) <> bq_family(y) THEN bq_class(x) || ', ' || bq_class(y) END",
  minus: `(x, y) AS x - CASE typeof(y) WHEN 'DATE' THEN ${refuse('DATE - DATE (use DATE_DIFF)')} WHEN 'TIMESTAMP' THEN ${refuse('DATETIME - DATETIME (use DATETIME_DIFF)')} WHEN 'TIMESTAMP WITH TIME ZONE' THEN ${refuse('TIMESTAMP - TIMESTAMP (use TIMESTAMP_DIFF)')} ELSE y END`,
  ...NUMBER_MACROS,
  generated: `(x) AS CASE WHEN ${CLASSES.FLOAT64.test} OR ${CLASSES.NUMERIC.test} THEN ${refuse('GENERATE_ARRAY of other than INT64')} ELSE CAST(bq_whole(x) AS BIGINT) END`,
  generated_step: "(x) AS CASE WHEN x = 0 THEN error('Sequence step cannot be 0.') ELSE bq_generated(x) END",
  texts:
    "(x) AS CASE WHEN typeof(x) IN ('VARCHAR[]', '\"NULL\"[]', '\"NULL\"') THEN x ELSE error('No matching signature for STRING_AGG and an argument of type ' || typeof(x)) END",
  not_negative:
    "(n) AS CASE WHEN n < 0 THEN error('a length or a number of repetitions cannot be negative') ELSE n END",
  sign: '(x) AS CASE WHEN false THEN bq_number(x) ELSE sign(x) END',
  substr:
    "(x, p, n) AS CASE WHEN n < 0 THEN error('Third argument in SUBSTR() cannot be negative') ELSE substring(x, CASE WHEN p = 0 OR p < -length(x) THEN 1 WHEN p < 0 THEN length(x) + p + 1 ELSE p END, n) END",
  json_value:
    "(x, p) AS CASE WHEN json_valid(x) AND json_type(x, p) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN json_extract_string(x, p) END",
  json_query:
    '(x JSON, p) AS json_extract(x, p), (x VARCHAR, p) AS CASE WHEN json_valid(x) THEN CAST(json_extract(x, p) AS VARCHAR) END',
  ...JSON_MACROS,
  element:
    "(x, i) AS CASE WHEN i < 0 OR i >= len(x) THEN error('Array index ' || i || ' is out of bounds') ELSE x[CAST(i AS BIGINT) + 1] END",
  safe_element: '(x, i) AS CASE WHEN i >= 0 THEN x[CAST(i AS BIGINT) + 1] END',
  no_struct: `(x) AS CASE WHEN typeof(x) LIKE 'STRUCT%' THEN ${refuse('SELECT * over UNNEST of an array of STRUCT')} ELSE x END`,
  // Of a civil time that is there twice, when clocks are turned back, the first is meant; DuckDB takes the second.
  from_zone:
    '(z, x) AS CASE WHEN timezone(z, timezone(z, x) - to_hours(1)) = x THEN timezone(z, x) - to_hours(1) ELSE timezone(z, x) END',
  calendar:
    "(x, words) AS CASE WHEN date_part('year', CAST(x AS DATE)) NOT BETWEEN 1 AND 9999 THEN error(words) ELSE x END",
  // A month that there is not makes a date fail also where it is tried.
  month: '(y, m) AS CASE WHEN y BETWEEN 1 AND 9999 THEN m ELSE 0 END',
  micros:
    '(x) AS CASE WHEN x NOT BETWEEN -62135596800000000 AND 253402300799999999 THEN 9223372036854775807 ELSE x END',
  floor_div: '(x, m) AS (x - ((x % m) + m) % m) // m',
};

/** The statements that define the macros on a fresh DuckDB. */
export function macroStatements(): string[] {
  const statements = Object.entries(GUARDS).map(([title, classes]) => {
    const tests = classes.map((each) => CLASSES[each].test);
    return `CREATE MACRO bq_${title}(x) AS CASE WHEN ${[...tests, IS_NULL].join(' OR ')} THEN x ELSE ${mismatch(title)} END`;
  });
  for (const [family, { classes, beside }] of Object.entries(REFUSALS)) {
    const branches = classes.map((each) => {
      const message = `' for argument types: ${each}, ${beside}'`;
      return `WHEN ${CLASSES[each].test} THEN error('No matching signature for ' || form || ${message})`;
    });
    statements.push(`CREATE MACRO bq_beside_${family}(x, form) AS CASE ${branches.join(' ')} ELSE x END`);
  }
  for (const [title, from] of Object.entries(DISPATCHES)) statements.push(dispatch(title, from));
  for (const [title, definition] of Object.entries(MACROS)) statements.push(`CREATE MACRO bq_${title}${definition}`);
  return statements;
}

function casts(prefix: string, cast: string, failures: Readonly<Record<string, string>>): Record<string, ByClass> {
  const entries = Object.entries(CASTS).map(([target, { type, from }]) => {
    const written = Object.entries(from).map(([key, sql]) => [
      key,
      `CAST(${sql.replaceAll('$T', cast).replaceAll('$F', failures[target] ?? 'NULL')} AS ${type})`,
    ]);
    return [`${prefix}${target}`, Object.fromEntries(written)];
  });
  return Object.fromEntries(entries);
}

const DISPATCHES: Readonly<Record<string, ByClass>> = {
  ...FUNCTIONS,
  ...casts('cast_', 'CAST', FAILURES),
  ...casts('safe_cast_', 'TRY_CAST', {}),
};

/**
 * The call of a macro of one argument or, where the argument's type is known, what the macro is for that type: macros
 * write their argument many times, so that calls within calls would grow beyond what DuckDB can plan.
 */
export function apply(title: string, x: string, known: Class | undefined): string {
  if (known && GUARDS[title]?.includes(known)) return x;
  const sql = known && DISPATCHES[title]?.[known];
  return sql ? `(${readAs(sql, known, x)})` : `bq_${title}(${x})`;
}

function readAs(sql: string, known: Class, x: string): string {
  return sql.replaceAll('$x', () => `CAST(${x} AS ${CLASSES[known].type})`);
}

function mismatch(title: string): string {
  return `error('No matching signature for ${title.toUpperCase()} and an argument of type ' || typeof(x))`;
}

function dispatch(title: string, from: ByClass): string {
  const branches = (Object.keys(from) as Class[]).map((key) => {
    return `WHEN ${CLASSES[key].test} THEN ${readAs(from[key] ?? 'NULL', key, 'x')}`;
  });
  return `CREATE MACRO bq_${title}(x) AS CASE ${branches.join(' ')} WHEN ${IS_NULL} THEN NULL ELSE ${mismatch(title)} END`;
}
