import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { formatDecimal } from './bignumeric.ts';
import { invalidQuery, unimplemented } from './errors.ts';
import { formatInterval, type Interval } from './intervals.ts';
import type { Field, FieldType } from './schema.ts';
import { formatDate, formatDatetime, formatTime, splitDays } from './times.ts';

/** A cell of a row as the REST API writes it. */
export interface Cell {
  readonly v: CellValue;
}
export type CellValue = string | null | Row | readonly Cell[];
/** A row as the REST API writes it. TIMESTAMPs are whole microseconds here; `withTimestamps` writes other forms. */
export interface Row {
  readonly f: readonly Cell[];
}

const SCALARS: Readonly<Record<string, FieldType>> = {
  VARCHAR: 'STRING',
  BLOB: 'BYTES',
  TINYINT: 'INTEGER',
  SMALLINT: 'INTEGER',
  INTEGER: 'INTEGER',
  BIGINT: 'INTEGER',
  HUGEINT: 'INTEGER',
  UTINYINT: 'INTEGER',
  USMALLINT: 'INTEGER',
  UINTEGER: 'INTEGER',
  UBIGINT: 'INTEGER',
  FLOAT: 'FLOAT',
  DOUBLE: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  TIMESTAMP: 'DATETIME',
  DATE: 'DATE',
  TIME: 'TIME',
  INTERVAL: 'INTERVAL',
  SQLNULL: 'INTEGER',
  '"NULL"': 'INTEGER',
};

/** What the module of DuckDB has on a type beside its name. */
interface Details {
  readonly alias?: string;
  readonly valueType?: DuckDBType;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly DuckDBType[];
}

/** The column of a result, from its type in DuckDB. @throws HttpError notImplemented for a type without an equal. */
export function resultField(title: string, type: DuckDBType): Field {
  const { alias, valueType, entryNames, entryTypes } = type as DuckDBType & Details;
  const written = String(type);
  if (alias === 'JSON') return { name: title, type: 'JSON', mode: 'NULLABLE' };
  if (valueType) {
    const element = resultField(title, valueType);
    if (element.mode === 'REPEATED') throw unimplemented('a result of type ARRAY of ARRAY');
    return { ...element, mode: 'REPEATED' };
  }
  if (entryNames && entryTypes) {
    if (entryNames[0] === 'bignumeric_order') return { name: title, type: 'BIGNUMERIC', mode: 'NULLABLE' };
    if (entryNames.includes('')) throw unimplemented('a result of type STRUCT without names of its fields');
    const fields = entryNames.map((each, index) => resultField(each, entryTypes[index] ?? type));
    return { name: title, type: 'RECORD', mode: 'NULLABLE', fields };
  }
  const scalar = written.startsWith('DECIMAL') ? 'NUMERIC' : SCALARS[written];
  if (!scalar) throw unimplemented(`a result of type ${written}`);
  return { name: title, type: scalar, mode: 'NULLABLE' };
}

/** A row of a result. @throws HttpError invalidQuery for a NULL in an array or an overflow. */
export function resultRow(fields: readonly Field[], values: readonly DuckDBValue[]): Row {
  return { f: fields.map((field, index) => ({ v: cell(field, values[index] ?? null) })) };
}

function cell(field: Field, value: DuckDBValue): CellValue {
  if (field.mode !== 'REPEATED') return value === null ? null : one(field, value);
  const items = value === null ? [] : (value as { items: readonly DuckDBValue[] }).items;
  return items.map((item) => {
    if (item === null) throw invalidQuery(`Array cannot have a null element; error in writing field ${field.name}`);
    return { v: one(field, item) };
  });
}

function one(field: Field, value: DuckDBValue): string | Row {
  const raw = value as unknown;
  switch (field.type) {
    case 'RECORD': {
      const { entries } = raw as { entries: Readonly<Record<string, DuckDBValue>> };
      const inner = field.fields ?? [];
      return resultRow(
        inner,
        inner.map((each) => entries[each.name] ?? null),
      );
    }
    case 'BIGNUMERIC':
      return String((raw as { entries: { bignumeric: string } }).entries.bignumeric);
    case 'BYTES':
      return Buffer.from((raw as { bytes: Uint8Array }).bytes).toString('base64');
    case 'TIMESTAMP':
      return String((raw as { micros: bigint }).micros);
    case 'DATETIME':
      return formatDatetime((raw as { micros: bigint }).micros);
    case 'DATE':
      return formatDate((raw as { days: number }).days);
    case 'TIME':
      return formatTime((raw as { micros: bigint }).micros);
    case 'INTERVAL':
      return formatInterval(raw as Interval);
    case 'NUMERIC':
      return numeric(raw as { value: bigint; scale: number });
    case 'FLOAT':
      return float(raw as number);
    case 'INTEGER':
      return integer(raw as number | bigint);
    default:
      return String(raw);
  }
}

function integer(value: number | bigint): string {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) throw invalidQuery('int64 overflow');
  return String(value);
}

function float(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function numeric({ value, scale }: { value: bigint; scale: number }): string {
  if (scale <= 9) return formatDecimal(value, scale);
  const divisor = 10n ** BigInt(scale - 9);
  const half = value < 0n ? -divisor / 2n : divisor / 2n;
  return formatDecimal((value + half) / divisor, 9);
}

/** How TIMESTAMPs are to be written: `formatOptions` of the request. */
export type TimestampFormat = 'INT64' | 'FLOAT64' | 'ISO8601_STRING';

/** The rows with their TIMESTAMPs in the wanted form. */
export function withTimestamps(
  fields: readonly Field[],
  rows: readonly Row[],
  format: TimestampFormat,
): readonly Row[] {
  if (format === 'INT64' || !holdsTimestamp(fields)) return rows;
  return rows.map((row) => rewrite(fields, row, format));
}

function holdsTimestamp(fields: readonly Field[]): boolean {
  return fields.some((field) => field.type === 'TIMESTAMP' || holdsTimestamp(field.fields ?? []));
}

function rewrite(fields: readonly Field[], row: Row, format: TimestampFormat): Row {
  const change = (field: Field, value: CellValue): CellValue => {
    if (value === null) return null;
    if (Array.isArray(value)) return (value as readonly Cell[]).map(({ v }) => ({ v: change(field, v) }));
    if (field.type === 'RECORD') return rewrite(field.fields ?? [], value as Row, format);
    return field.type === 'TIMESTAMP' ? instant(BigInt(String(value)), format) : value;
  };
  return { f: row.f.map(({ v }, index) => ({ v: fields[index] ? change(fields[index], v) : v })) };
}

function instant(micros: bigint, format: TimestampFormat): string {
  if (format === 'ISO8601_STRING') return `${formatDatetime(micros)}Z`;
  const { days, rest } = splitDays(micros);
  const whole = BigInt(days) * 86_400n + rest / 1_000_000n;
  const fraction = rest % 1_000_000n;
  if (whole >= 0n) return `${whole}.${String(fraction).padStart(6, '0')}`;
  const negative = -micros;
  return `-${negative / 1_000_000n}.${String(negative % 1_000_000n).padStart(6, '0')}`;
}
