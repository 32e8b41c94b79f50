/**
 * The SQL that the local BigQuery runs, as one closed list: what the readers' own tables hold, with an example of each.
 * Whatever is not on it is refused by its name. The list is written to SUPPORTED_SQL.md by documentation.ts.
 */
import { INFORMATION_SCHEMA_VIEWS } from '../information-schema.ts';
import { AGGREGATES, WINDOW_FUNCTIONS } from './aggregates.ts';
import { EXTRACTS, TRUNCATABLE } from './dates.ts';
import { TABLE_OPTIONS } from './definitions.ts';
import * as examples from './examples.ts';
import { EXPORT_OPTIONS } from './exports.ts';
import { COMPARISONS, SUBSCRIPTS } from './expressions.ts';
import { JOINS } from './from.ts';
import { AGGREGATE_EXAMPLES, type Examples, FUNCTION_EXAMPLES, WINDOW_EXAMPLES } from './function-examples.ts';
import { FUNCTION_GROUPS, SAFE_FUNCTIONS } from './functions.ts';
import { TYPE_NAMES } from './parameters.ts';
import { FORMS, TYPED_LITERALS } from './primaries.ts';
import { SCHEMA_OPTIONS } from './schemas.ts';
import { SET_OPERATIONS } from './set-operations.ts';

/** A form that is supported, and an example of it: a whole statement. */
export interface Supported {
  readonly name: string;
  readonly example: string;
}

/** Forms of one sort. */
export interface Section {
  readonly title: string;
  readonly entries: readonly Supported[];
}

/** The list: statements first, then what they are made of. */
export function supportedSql(): readonly Section[] {
  const functions = Object.entries(FUNCTION_GROUPS).map(([title, group]) => {
    const known = Object.fromEntries(Object.keys(group).map((name) => [name, FUNCTION_EXAMPLES[name] ?? '']));
    return section(`Functions: ${TITLES[title as keyof typeof TITLES]}`, Object.keys(group), select(known));
  });
  const overNumbers = (of: Examples) => select(of, ` AS v FROM (${examples.NUMBERS}) AS n`);
  const column = (type: string) => `CREATE TABLE shop.with_${type.toLowerCase()} (c ${SPELLED[type] ?? type})`;
  return [
    section('Statements', Object.keys(examples.STATEMENT_EXAMPLES), examples.STATEMENT_EXAMPLES),
    section('Definitions and changes', undefined, examples.DEFINITION_EXAMPLES),
    section('Options of tables', [...TABLE_OPTIONS], options(TABLE_OPTIONS, 'CREATE TABLE shop.with_')),
    section('Options of schemas', [...SCHEMA_OPTIONS], options(SCHEMA_OPTIONS, 'CREATE SCHEMA with_')),
    section('Options of EXPORT DATA', [...EXPORT_OPTIONS], exported(examples.EXPORT_EXAMPLES)),
    section('Clauses', undefined, examples.CLAUSE_EXAMPLES),
    section('Joins', [',', ...JOINS.map(([words]) => words.join(' '))], examples.JOIN_EXAMPLES),
    section(
      'Set operations',
      SET_OPERATIONS.map((words) => words.join(' ')),
      examples.SET_EXAMPLES,
    ),
    section('Types', TYPES, Object.fromEntries(TYPES.map((type) => [type, column(type)]))),
    section('Typed literals', Object.keys(TYPED_LITERALS), select(LITERALS)),
    section('Comparisons', Object.keys(COMPARISONS), select(examples.COMPARISON_EXAMPLES)),
    section('Operators', undefined, select(examples.OPERATOR_EXAMPLES)),
    section('Elements of arrays', Object.keys(SUBSCRIPTS), select(examples.SUBSCRIPT_EXAMPLES)),
    section('Forms', [...Object.keys(FORMS), ...OTHER_FORMS], select(examples.FORM_EXAMPLES)),
    section(
      'Parts of EXTRACT',
      [...Object.keys(EXTRACTS), ...OTHER_PARTS],
      select(parts([...Object.keys(EXTRACTS), ...OTHER_PARTS], extracted)),
    ),
    section('Parts of …_TRUNC and DATETIME_DIFF', [...TRUNCATABLE], select(parts([...TRUNCATABLE], truncated))),
    ...functions,
    section('Functions behind SAFE.', [...SAFE_FUNCTIONS], select(examples.SAFE_EXAMPLES)),
    section('Aggregate functions', Object.keys(AGGREGATES), overNumbers(AGGREGATE_EXAMPLES)),
    section('Window functions', Object.keys(WINDOW_FUNCTIONS), overNumbers(WINDOW_EXAMPLES)),
    section('INFORMATION_SCHEMA', INFORMATION_SCHEMA_VIEWS, parts(INFORMATION_SCHEMA_VIEWS, viewed)),
  ];
}

/** A statement with an option of EXPORT DATA, beside those that it always has. */
function exported(values: Examples): Examples {
  const always = { uri: "'gs://depot/b-*.csv'", format: "'CSV'", overwrite: 'TRUE' };
  const all = (own: Examples) => Object.entries({ ...always, ...own }).map(([name, value]) => `${name} = ${value}`);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      `EXPORT DATA OPTIONS(${all({ [name]: value }).join(', ')}) AS SELECT id FROM shop.orders`,
    ]),
  );
}

const TITLES = {
  mathematics: 'mathematics',
  conditions: 'conditions',
  strings: 'strings and bytes',
  json: 'JSON',
  arrays: 'arrays',
  civil: 'dates, datetimes and times',
  instants: 'timestamps',
} satisfies Record<keyof typeof FUNCTION_GROUPS, string>;

const SPELLED: Examples = { ARRAY: 'ARRAY<INT64>', STRUCT: 'STRUCT<a INT64, b ARRAY<STRING>>' };
/** FLOAT is a name of the REST API only. */
const TYPES = [...Object.keys(TYPE_NAMES).filter((type) => type !== 'FLOAT'), ...Object.keys(SPELLED)];
const LITERALS: Examples = {
  DATE: "DATE '2024-02-29'",
  TIMESTAMP: "TIMESTAMP '2024-01-01 02:00:00+02'",
  DATETIME: "DATETIME '2024-01-01 10:00:00.5'",
  TIME: "TIME '10:20:30'",
  NUMERIC: "NUMERIC '1.23'",
  DECIMAL: "DECIMAL '1.23'",
  BIGNUMERIC: "BIGNUMERIC '1e-38'",
  BIGDECIMAL: "BIGDECIMAL '1e-38'",
  JSON: 'JSON \'{"a": 1}\'',
};
const OTHER_FORMS = ['SAFE_CAST', 'CURRENT_DATE, …_DATETIME, …_TIME, …_TIMESTAMP', '(a, b)', '(query)', '@name, ?'];
const OTHER_PARTS = ['WEEK', 'DATE', 'DATETIME', 'TIME'];
const OPTION_VALUES: Examples = {
  description: "'what is in it'",
  friendly_name: "'A name'",
  labels: "[('team', 'qa')]",
  expiration_timestamp: "TIMESTAMP '2099-01-01'",
  require_partition_filter: 'TRUE',
  location: "'US'",
};

const extracted = (part: string) => `EXTRACT(${part} FROM TIMESTAMP '2024-05-15 10:20:30')`;
const truncated = (part: string) => `DATETIME_TRUNC(DATETIME '2024-05-15 10:20:30', ${part})`;
const viewed = (view: string) => `SELECT * FROM shop.INFORMATION_SCHEMA.${view}`;

function parts(names: readonly string[], write: (name: string) => string): Examples {
  return Object.fromEntries(names.map((name) => [name, write(name)]));
}

function options(names: ReadonlySet<string>, begin: string): Examples {
  const columns = begin.includes('TABLE') ? ' (day DATE) PARTITION BY day' : '';
  return parts(
    [...names],
    (option) => `${begin}${option}${columns} OPTIONS(${option} = ${OPTION_VALUES[option] ?? 7})`,
  );
}

function select(expressions: Examples, rest = ''): Examples {
  return Object.fromEntries(Object.entries(expressions).map(([name, each]) => [name, `SELECT ${each}${rest}`]));
}

/** @param names what the reader's table holds; undefined where the reader has none. @throws Error when an example is missing or of nothing */
function section(title: string, names: readonly string[] | undefined, of: Examples): Section {
  const listed = names ?? Object.keys(of);
  const unknown = Object.keys(of).find((name) => !listed.includes(name));
  if (unknown !== undefined) throw new Error(`${title}: ${unknown} has an example but is not supported`);
  const entries = listed.map((name) => {
    const example = of[name];
    if (!example) throw new Error(`${title}: ${name} is supported but has no example`);
    return { name, example };
  });
  return { title, entries };
}
