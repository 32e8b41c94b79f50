import type { CsvValue } from './csv.ts';
import { invalid } from './errors.ts';
import { digitsOf } from './exact-json.ts';
import type { Field, FieldType } from './schema.ts';
import { parseDate, parseTime, parseTimestamp } from './times.ts';

/** How many records are looked at. */
const SAMPLE = 500;

/** What is known of a column: nothing while it was NULL only. */
type Guess = { readonly type: FieldType; readonly repeated: boolean; readonly fields?: Guesses } | undefined;
type Guesses = ReadonlyMap<string, Guess>;

/** The columns of records of JSON, from their values. @throws HttpError invalid for a value and a record in one column */
export function detectJson(records: readonly Readonly<Record<string, unknown>>[]): Field[] {
  const guesses = records
    .slice(0, SAMPLE)
    .reduce<Guesses>((found, record) => merge(found, guessAll(record)), new Map());
  return toFields(guesses);
}

/** The columns of a CSV file, and how many of its lines are a header. */
export interface Detected {
  readonly fields: readonly Field[];
  readonly header: number;
}

/**
 * The columns of the lines of a CSV file. The first line names them when it holds only strings and others do not.
 * @param skip lines before the data, of which the last names the columns; undefined to find out.
 */
export function detectCsv(lines: readonly (readonly CsvValue[])[], skip: number | undefined): Detected {
  const rest = lines.slice(1, SAMPLE);
  const types = columnTypes(skip ? lines.slice(skip, skip + SAMPLE) : rest);
  const [first = []] = lines;
  const isName = (value: CsvValue, index: number) =>
    textType(value) === 'STRING' || (/^[tfyn]$/i.test(value.text) && types[index] !== 'BOOLEAN');
  const named = first.every(isName) && types.some((type) => type !== 'STRING');
  const header = skip ?? (named ? 1 : 0);
  const titles = header > 0 ? lines[header - 1] : undefined;
  const found = header > 0 ? types : columnTypes(lines.slice(0, SAMPLE));
  const fields = found.map((type, index) => ({ name: columnName(titles?.[index]?.text, type, index), type }));
  return { fields, header };
}

const SQL_NAMES: Partial<Record<FieldType, string>> = { INTEGER: 'int64', FLOAT: 'double', BOOLEAN: 'bool' };

function columnName(title: string | undefined, type: FieldType, index: number): string {
  const name = title?.trim().replace(/[^\p{L}\p{N}_]/gu, '_');
  return name || `${SQL_NAMES[type] ?? type.toLowerCase()}_field_${index}`;
}

function columnTypes(lines: readonly (readonly CsvValue[])[]): FieldType[] {
  const width = Math.max(0, ...lines.map((line) => line.length));
  return Array.from({ length: width }, (_, index) => {
    const types = lines.map((line) => textType(line[index])).filter((type) => type !== undefined);
    return types.length === 0 ? 'STRING' : types.reduce(wider);
  });
}

function textType(value: CsvValue | undefined): FieldType | undefined {
  if (!value || (value.text === '' && !value.quoted)) return undefined;
  const { text } = value;
  if (/^[+-]?\d{1,18}$/.test(text)) return 'INTEGER';
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return 'FLOAT';
  return /^(?:true|false|t|f|yes|no|y|n)$/i.test(text) ? 'BOOLEAN' : timeType(text);
}

function timeType(text: string): FieldType {
  if (parseDate(text) !== undefined) return 'DATE';
  if (parseTime(text) !== undefined) return 'TIME';
  return parseTimestamp(text) && /\d:\d/.test(text) ? 'TIMESTAMP' : 'STRING';
}

/** The type that holds the values of both. */
function wider(one: FieldType, other: FieldType): FieldType {
  if (one === other) return one;
  const both = new Set([one, other]);
  if (both.has('INTEGER') && both.has('FLOAT')) return 'FLOAT';
  return both.has('DATE') && both.has('TIMESTAMP') ? 'TIMESTAMP' : 'STRING';
}

function guessAll(record: Readonly<Record<string, unknown>>): Guesses {
  return new Map(Object.entries(record).map(([name, value]) => [name, guess(value)]));
}

function guess(value: unknown): Guess {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(guess).reduce((one, other) => widerGuess(one, other), undefined);
    return items && { ...items, repeated: true };
  }
  if (digitsOf(value) !== undefined) return { type: 'INTEGER', repeated: false };
  if (typeof value === 'object')
    return { type: 'RECORD', repeated: false, fields: guessAll(value as Record<string, unknown>) };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'INTEGER' : 'FLOAT', repeated: false };
  if (typeof value === 'boolean') return { type: 'BOOLEAN', repeated: false };
  return { type: timeType(String(value)), repeated: false };
}

function merge(one: Guesses, other: Guesses): Guesses {
  const names = new Set([...one.keys(), ...other.keys()]);
  return new Map([...names].map((name) => [name, widerGuess(one.get(name), other.get(name))]));
}

function widerGuess(one: Guess, other: Guess): Guess {
  if (!one || !other) return one ?? other;
  const records = (one.type === 'RECORD') === (other.type === 'RECORD');
  if (!records || one.repeated !== other.repeated)
    throw invalid('Schema auto-detection failed: a column holds values and records, or lists and single values.');
  if (one.fields && other.fields) return { ...one, fields: merge(one.fields, other.fields) };
  return { type: wider(one.type, other.type), repeated: one.repeated };
}

function toFields(guesses: Guesses): Field[] {
  return [...guesses].map(([name, found]) => ({
    name,
    type: found?.type ?? 'STRING',
    ...(found?.repeated ? { mode: 'REPEATED' as const } : {}),
    ...(found?.fields ? { fields: toFields(found.fields) } : {}),
  }));
}
