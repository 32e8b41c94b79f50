import type { DuckDBValue } from '@duckdb/node-api';
import { encodeBignumeric, parseDecimal } from './bignumeric.ts';
import { digitsOf, parseJson } from './exact-json.ts';
import { parseInterval } from './intervals.ts';
import type { Field, FieldType } from './schema.ts';
import { parseDate, parseDatetime, parseEpochSeconds, parseTime, parseTimestamp } from './times.ts';
import type { Duck } from './warehouse.ts';

/** A value that does not fit its column. */
export class ValueError extends Error {
  /** Path of the column: `a.b`. */
  readonly location: string;
  constructor(location: string, message: string) {
    super(message);
    this.location = location;
  }
}

const DECIMAL_WIDTH = 38;
const NUMERIC_SCALE = 9;

type Convert = (raw: unknown, duck: Duck) => DuckDBValue | undefined;

/** A scalar in any of the JSON forms BigQuery reads, as text; undefined for lists and objects. */
function text(raw: unknown): string | undefined {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : undefined;
}

/** How each scalar type is read from JSON; undefined when the value is not one. */
const CONVERTERS: Readonly<Record<Exclude<FieldType, 'RECORD'>, Convert>> = {
  STRING: (raw) => (typeof raw === 'boolean' ? undefined : text(raw)),
  BYTES(raw, duck) {
    if (typeof raw !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(raw)) return undefined;
    return new duck.DuckDBBlobValue(Buffer.from(raw, 'base64'));
  },
  INTEGER(raw) {
    if (typeof raw === 'number' ? !Number.isSafeInteger(raw) : typeof raw !== 'string' || !/^[+-]?\d+$/.test(raw))
      return undefined;
    const value = BigInt(String(raw).replace('+', ''));
    return BigInt.asIntN(64, value) === value ? value : undefined;
  },
  FLOAT(raw) {
    if (typeof raw === 'number') return raw;
    if (typeof raw !== 'string') return undefined;
    if (/^[+-]?(?:inf|infinity)$/i.test(raw)) return raw.startsWith('-') ? -Infinity : Infinity;
    if (/^nan$/i.test(raw)) return Number.NaN;
    return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(raw) ? Number(raw) : undefined;
  },
  BOOLEAN(raw) {
    if (typeof raw === 'boolean') return raw;
    if (typeof raw !== 'string' || !/^(?:true|false)$/i.test(raw)) return undefined;
    return raw.toLowerCase() === 'true';
  },
  TIMESTAMP(raw, duck) {
    const written = text(raw);
    if (written === undefined || typeof raw === 'boolean') return undefined;
    const instant = parseTimestamp(written.replace(/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, '$1-$2-$3'));
    if (instant?.zone && instant.zone !== 'UTC') return undefined;
    const micros = instant?.micros ?? parseEpochSeconds(written);
    return micros === undefined ? undefined : new duck.DuckDBTimestampTZValue(micros);
  },
  DATE(raw, duck) {
    const days = typeof raw === 'string' ? parseDate(raw) : undefined;
    return days === undefined ? undefined : new duck.DuckDBDateValue(days);
  },
  TIME(raw, duck) {
    const micros = typeof raw === 'string' ? parseTime(raw) : undefined;
    return micros === undefined ? undefined : new duck.DuckDBTimeValue(micros);
  },
  DATETIME(raw, duck) {
    const micros = typeof raw === 'string' ? parseDatetime(raw) : undefined;
    return micros === undefined ? undefined : new duck.DuckDBTimestampValue(micros);
  },
  INTERVAL(raw, duck) {
    const parts = typeof raw === 'string' ? parseInterval(raw) : undefined;
    return parts && new duck.DuckDBIntervalValue(parts.months, parts.days, parts.micros);
  },
  NUMERIC(raw, duck) {
    const written = typeof raw === 'boolean' ? undefined : text(raw);
    const scaled = written === undefined ? undefined : parseDecimal(written, NUMERIC_SCALE);
    if (scaled === undefined || scaled >= 10n ** 38n || scaled <= -(10n ** 38n)) return undefined;
    return new duck.DuckDBDecimalValue(scaled, DECIMAL_WIDTH, NUMERIC_SCALE);
  },
  BIGNUMERIC(raw, duck) {
    const written = typeof raw === 'boolean' ? undefined : text(raw);
    const pair = written === undefined ? undefined : encodeBignumeric(written);
    return pair && new duck.DuckDBStructValue({ ...pair });
  },
  JSON(raw) {
    if (typeof raw !== 'string') return JSON.stringify(raw);
    try {
      return JSON.stringify(parseJson(raw));
    } catch {
      return undefined;
    }
  },
};

const NAMES: Partial<Record<FieldType, string>> = { INTEGER: 'integer', FLOAT: 'double', BOOLEAN: 'boolean' };

/**
 * The values of a row of JSON, in the order of the columns.
 * @param ignoreUnknown leaves out fields the schema does not have instead of refusing them.
 * @throws ValueError with the column's path.
 */
export function rowValues(
  fields: readonly Field[],
  row: Readonly<Record<string, unknown>>,
  options: { duck: Duck; ignoreUnknown: boolean; path?: string },
): DuckDBValue[] {
  const given = new Map(Object.entries(row).map(([key, value]) => [key.toLowerCase(), { key, value }]));
  const path = (title: string) => (options.path ? `${options.path}.${title}` : title);
  const values = fields.map((field) => {
    const found = given.get(field.name.toLowerCase());
    given.delete(field.name.toLowerCase());
    return fieldValue(field, found?.value, { ...options, path: path(field.name) });
  });
  const [unknown] = given.values();
  if (unknown && !options.ignoreUnknown)
    throw new ValueError(path(unknown.key), `no such field: ${path(unknown.key)}.`);
  return values;
}

function fieldValue(
  field: Field,
  raw: unknown,
  options: { duck: Duck; ignoreUnknown: boolean; path: string },
): DuckDBValue {
  const { duck, path } = options;
  const nothing = raw === undefined || raw === null;
  if (field.mode === 'REPEATED') {
    if (nothing) return new duck.DuckDBListValue([]);
    if (!Array.isArray(raw))
      throw new ValueError(path, `Repeated field must be imported as a JSON array. Field: ${path}.`);
    const items: readonly unknown[] = raw;
    return new duck.DuckDBListValue(
      items.map((item) => {
        if (item === null)
          throw new ValueError(path, `Only optional fields can be set to NULL. Field: ${path}; Value: NULL`);
        return one(field, item, options);
      }),
    );
  }
  if (nothing) {
    if (field.mode === 'REQUIRED') throw new ValueError(path, `Missing required field: ${path}.`);
    return null;
  }
  if (Array.isArray(raw) && field.type !== 'JSON') {
    throw new ValueError(path, `Array specified for non-repeated field: ${path}.`);
  }
  return one(field, raw, options);
}

function one(field: Field, raw: unknown, options: { duck: Duck; ignoreUnknown: boolean; path: string }): DuckDBValue {
  if (field.type === 'RECORD') {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      throw new ValueError(options.path, `This field: ${options.path} is a record.`);
    }
    const inner = field.fields ?? [];
    const values = rowValues(inner, raw as Record<string, unknown>, options);
    return new options.duck.DuckDBStructValue(
      Object.fromEntries(inner.map((each, index) => [each.name, values[index] ?? null])),
    );
  }
  const given = field.type === 'JSON' ? raw : (digitsOf(raw) ?? raw);
  const value = CONVERTERS[field.type](given, options.duck);
  if (value !== undefined) return value;
  if (field.type === 'STRING' && typeof raw === 'boolean')
    throw new ValueError(options.path, 'Conversion from bool to std::string is unsupported.');
  const shown = typeof raw === 'string' ? raw : JSON.stringify(raw);
  const wanted = NAMES[field.type] ?? field.type;
  throw new ValueError(options.path, `Cannot convert value to ${wanted} (bad value): ${shown}`);
}
