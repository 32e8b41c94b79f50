import { invalid, unimplemented } from './errors.ts';
import { name } from './sql/reader.ts';

/** A column's type as BigQuery's REST API spells it. */
export type FieldType =
  | 'STRING'
  | 'BYTES'
  | 'INTEGER'
  | 'FLOAT'
  | 'BOOLEAN'
  | 'TIMESTAMP'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'JSON'
  | 'INTERVAL'
  | 'RECORD';

/** A column: `TableFieldSchema` of the REST API. Absent mode is NULLABLE. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly mode?: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  readonly description?: string;
  readonly fields?: readonly Field[];
}

const TYPES: Readonly<Record<string, FieldType>> = {
  STRING: 'STRING',
  BYTES: 'BYTES',
  INTEGER: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT: 'FLOAT',
  FLOAT64: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'DATETIME',
  NUMERIC: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  JSON: 'JSON',
  INTERVAL: 'INTERVAL',
  RECORD: 'RECORD',
  STRUCT: 'RECORD',
};
const REFUSED_TYPES = new Set(['GEOGRAPHY', 'RANGE', 'FOREIGN']);

/** What a column may say. Anything else (policy tags, default values, precision, collation) is refused. */
const FIELD_KEYS = new Set(['name', 'type', 'mode', 'description', 'fields']);
const RESERVED = /^_(?:TABLE_|FILE_|PARTITION|ROW_TIMESTAMP|_ROOT__|COLIDENTIFIER)/i;
const NAME = /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_ &%=+:'<>#|-]{0,299}$/u;

/** How DuckDB keeps each scalar type. BIGNUMERIC is a pair that sorts and compares as the number does (see bignumeric.ts). */
export const DUCK_TYPES: Readonly<Record<Exclude<FieldType, 'RECORD'>, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'STRUCT(bignumeric_order VARCHAR, bignumeric VARCHAR)',
  JSON: 'JSON',
  INTERVAL: 'INTERVAL',
};

/**
 * Reads the fields of a request's schema.
 * @throws HttpError invalid for a wrong or duplicate name, type or mode; notImplemented for types and attributes that are not supported.
 */
export function readFields(fields: unknown): Field[] {
  if (!Array.isArray(fields)) throw invalid('A schema needs a list of fields.');
  const seen = new Set<string>();
  return fields.map((raw: unknown) => {
    const field = readField(raw);
    const key = field.name.toLowerCase();
    if (seen.has(key)) throw invalid(`Field ${field.name} already exists in schema`);
    seen.add(key);
    return field;
  });
}

function readField(raw: unknown): Field {
  const field = (raw ?? {}) as Record<string, unknown>;
  const title = field.name;
  if (typeof title !== 'string' || !NAME.test(title)) throw invalid(`Invalid field name "${String(title)}".`);
  if (RESERVED.test(title)) throw invalid(`Invalid field name "${title}": its prefix is reserved.`);
  for (const [key, value] of Object.entries(field)) {
    if (!FIELD_KEYS.has(key) && value !== null && value !== undefined) {
      throw unimplemented(`${key} of the field ${title}`);
    }
  }
  const spelled = String(field.type).toUpperCase();
  const type = TYPES[spelled];
  if (!type) {
    if (REFUSED_TYPES.has(spelled)) throw unimplemented(`type ${spelled} of the field ${title}`);
    throw invalid(`Invalid value for type: ${String(field.type)} is not a valid value (field ${title}).`);
  }
  const mode = String(field.mode ?? 'NULLABLE').toUpperCase();
  if (mode !== 'NULLABLE' && mode !== 'REQUIRED' && mode !== 'REPEATED') {
    throw invalid(`Invalid value for mode: ${mode} is not a valid value (field ${title}).`);
  }
  if (type === 'RECORD' && !(Array.isArray(field.fields) && field.fields.length > 0)) {
    throw invalid(`Field ${title} is type RECORD but has no schema`);
  }
  return {
    name: title,
    type,
    ...(field.mode === undefined ? {} : { mode }),
    ...(typeof field.description === 'string' ? { description: field.description } : {}),
    ...(type === 'RECORD' ? { fields: readFields(field.fields) } : {}),
  };
}

/** The DuckDB type that holds a column's values. */
export function duckType(field: Field): string {
  const one =
    field.type === 'RECORD'
      ? `STRUCT(${(field.fields ?? []).map((inner) => `${name(inner.name)} ${duckType(inner)}`).join(', ')})`
      : DUCK_TYPES[field.type];
  return field.mode === 'REPEATED' ? `${one}[]` : one;
}

/**
 * The schema a table has after an update: the present columns with their new descriptions, and added ones behind them.
 * @throws HttpError invalid when a column is missing, changes its type, becomes stricter, or is added as REQUIRED.
 */
export function evolve(present: readonly Field[], wanted: readonly Field[], table: string): Field[] {
  const rest = new Map(wanted.map((field) => [field.name.toLowerCase(), field]));
  const kept = present.map((field) => {
    const next = rest.get(field.name.toLowerCase());
    if (!next)
      throw invalid(`Provided Schema does not match Table ${table}. Field ${field.name} is missing in new schema`);
    rest.delete(field.name.toLowerCase());
    if (next.type !== field.type) {
      throw invalid(
        `Provided Schema does not match Table ${table}. Field ${field.name} has changed type from ${field.type} to ${next.type}`,
      );
    }
    const was = field.mode ?? 'NULLABLE';
    const will = next.mode ?? 'NULLABLE';
    if (was !== will && !(was === 'REQUIRED' && will === 'NULLABLE')) {
      throw invalid(
        `Provided Schema does not match Table ${table}. Field ${field.name} has changed mode from ${was} to ${will}`,
      );
    }
    const inner = field.fields ? { fields: evolve(field.fields, next.fields ?? [], table) } : {};
    return { ...next, name: field.name, ...inner };
  });
  for (const added of rest.values()) {
    if (added.mode === 'REQUIRED') {
      throw invalid(
        `Provided Schema does not match Table ${table}. Cannot add required fields to an existing schema. (field: ${added.name})`,
      );
    }
  }
  return [...kept, ...rest.values()];
}

const SQL_TYPES: Partial<Record<FieldType, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

/** A column's type as SQL spells it: `ARRAY<STRUCT<a INT64>>`. */
export function sqlType(field: Field): string {
  const one =
    field.type === 'RECORD'
      ? `STRUCT<${(field.fields ?? []).map((inner) => `${inner.name} ${sqlType(inner)}`).join(', ')}>`
      : (SQL_TYPES[field.type] ?? field.type);
  return field.mode === 'REPEATED' ? `ARRAY<${one}>` : one;
}
