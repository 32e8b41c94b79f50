import { encodeBignumeric } from '../bignumeric.ts';
import { invalid, invalidQuery, unimplemented } from '../errors.ts';
import { parseJson } from '../exact-json.ts';
import { parseInterval } from '../intervals.ts';
import { DUCK_TYPES } from '../schema.ts';
import { formatDatetime, formatTime, parseDate, parseDatetime, parseTime, parseTimestamp } from '../times.ts';
import type { Class } from './classes.ts';
import { KIND_OF_TYPE } from './kinds.ts';
import { name, quote } from './reader.ts';

/** A `QueryParameter` of the REST API. */
export interface QueryParameter {
  readonly name?: string;
  readonly parameterType?: ParameterType;
  readonly parameterValue?: ParameterValue;
}
interface ParameterType {
  readonly type?: string;
  readonly arrayType?: ParameterType;
  readonly structTypes?: readonly { readonly name?: string; readonly type?: ParameterType }[];
}
interface ParameterValue {
  readonly value?: string | number | boolean | null;
  readonly arrayValues?: readonly ParameterValue[];
  readonly structValues?: Readonly<Record<string, ParameterValue>>;
}

/** A constant of the statement, as SQL of DuckDB. */
export interface Constant {
  readonly sql: string;
  /** The value when it is a string, a whole number or NULL: what patterns, formats and counts are read from. */
  readonly value?: string | number | null;
  readonly kind?: Class | undefined;
  /** The names of the fields of the STRUCTs in an array. */
  readonly fields?: readonly string[];
}

/** GoogleSQL's names of the scalar types, and the REST API's. */
export const TYPE_NAMES: Readonly<Record<string, keyof typeof DUCK_TYPES>> = {
  INT64: 'INTEGER',
  INT: 'INTEGER',
  INTEGER: 'INTEGER',
  BIGINT: 'INTEGER',
  SMALLINT: 'INTEGER',
  TINYINT: 'INTEGER',
  BYTEINT: 'INTEGER',
  FLOAT64: 'FLOAT',
  FLOAT: 'FLOAT',
  BOOL: 'BOOLEAN',
  BOOLEAN: 'BOOLEAN',
  STRING: 'STRING',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  JSON: 'JSON',
  INTERVAL: 'INTERVAL',
};

/**
 * A query parameter as a constant.
 * @throws HttpError invalid when its value does not fit its type; notImplemented for RANGE and GEOGRAPHY.
 */
export function parameterConstant(parameter: QueryParameter, title: string): Constant {
  const { parameterType: type, parameterValue: value } = parameter;
  if (!type?.type) throw invalid(`Query parameter ${title} has no type.`);
  return constantOf(type, value, title);
}

function constantOf(type: ParameterType, value: ParameterValue | undefined, title: string): Constant {
  const kind = type.type?.toUpperCase();
  if (kind === 'ARRAY') {
    const element = type.arrayType ?? {};
    if (element.type?.toUpperCase() === 'ARRAY') throw unimplemented(`query parameter ${title} of type ARRAY of ARRAY`);
    const items = (value?.arrayValues ?? []).map((item) => constantOf(element, item, title).sql);
    const fields = (element.structTypes ?? []).map((field) => field.name ?? '');
    return { sql: `CAST([${items.join(', ')}] AS ${duckTypeOf(type, title)})`, fields };
  }
  if (kind !== 'STRUCT') return scalar(type.type ?? '', value?.value ?? null, title);
  const duck = duckTypeOf(type, title);
  if (value?.structValues === undefined) return { sql: `CAST(NULL AS ${duck})` };
  const fields = (type.structTypes ?? []).map((field) => {
    const inner = value.structValues?.[field.name ?? ''];
    return `${quote(field.name ?? '')}: ${constantOf(field.type ?? {}, inner, `${title}.${field.name}`).sql}`;
  });
  return { sql: `CAST({${fields.join(', ')}} AS ${duck})` };
}

/** DuckDB's type of a parameter. */
function duckTypeOf(type: ParameterType, title: string): string {
  const kind = type.type?.toUpperCase();
  if (kind === 'ARRAY') return `${duckTypeOf(type.arrayType ?? {}, title)}[]`;
  if (kind !== 'STRUCT') return DUCK_TYPES[typeOf(type.type ?? '', title)];
  const fields = (type.structTypes ?? []).map((field) => {
    if (!field.name) throw unimplemented(`query parameter ${title}: a STRUCT field without a name`);
    return `${name(field.name)} ${duckTypeOf(field.type ?? {}, `${title}.${field.name}`)}`;
  });
  if (fields.length === 0) throw invalid(`Query parameter ${title} of type STRUCT has no fields.`);
  return `STRUCT(${fields.join(', ')})`;
}

function typeOf(spelled: string, title: string): keyof typeof DUCK_TYPES {
  const type = TYPE_NAMES[spelled.toUpperCase()];
  if (!type) throw unimplemented(`query parameter ${title} of type ${spelled || 'unknown'}`);
  return type;
}

function scalar(spelled: string, raw: string | number | boolean | null, title: string): Constant {
  const type = typeOf(spelled, title);
  if (raw === null) return { sql: `CAST(NULL AS ${DUCK_TYPES[type]})`, value: null };
  const constant = literal(type, String(raw));
  if (!constant) throw invalid(`Invalid value for parameter ${title}: "${String(raw)}" is no ${spelled}.`);
  return { ...constant, kind: KIND_OF_TYPE[type] };
}

/** A typed literal (`DATE '2024-01-01'`). */
export function typedLiteral(type: keyof typeof DUCK_TYPES, text: string, where: string): Constant {
  const constant = literal(type, text);
  if (!constant) throw invalidQuery(`Invalid ${type} literal "${text}" at ${where}`);
  return constant;
}

type Literal = (text: string) => Constant | undefined;

const LITERALS: Readonly<Record<keyof typeof DUCK_TYPES, Literal>> = {
  STRING: (text) => ({ sql: quote(text), value: text }),
  JSON(text) {
    const json = normalizeJson(text);
    return json === undefined ? undefined : { sql: `CAST(${quote(json)} AS JSON)` };
  },
  BYTES(text) {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined;
    return { sql: `unhex('${Buffer.from(text, 'base64').toString('hex')}')` };
  },
  INTEGER(text) {
    if (!/^[+-]?\d+$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) return undefined;
    return { sql: `CAST(${BigInt(text)} AS BIGINT)`, value: Number(text) };
  },
  FLOAT: (text) => (isFloat(text) ? { sql: `CAST('${text.trim()}' AS DOUBLE)` } : undefined),
  BOOLEAN: (text) => (/^(?:true|false)$/i.test(text) ? { sql: text.toLowerCase() } : undefined),
  NUMERIC: (text) => (isNumber(text) ? { sql: `CAST('${text.trim()}' AS DECIMAL(38,9))` } : undefined),
  BIGNUMERIC(text) {
    const pair = encodeBignumeric(text);
    return pair && { sql: `{'bignumeric_order': '${pair.bignumeric_order}', 'bignumeric': '${pair.bignumeric}'}` };
  },
  INTERVAL(text) {
    const parts = parseInterval(text);
    if (!parts) return undefined;
    return { sql: `(to_months(${parts.months}) + to_days(${parts.days}) + to_microseconds(${parts.micros}))` };
  },
  DATE(text) {
    return parseDate(text) === undefined ? undefined : { sql: `CAST(${quote(text)} AS DATE)` };
  },
  TIME(text) {
    const micros = parseTime(text);
    return micros === undefined ? undefined : { sql: `CAST('${formatTime(micros)}' AS TIME)` };
  },
  DATETIME(text) {
    const micros = parseDatetime(text);
    return micros === undefined ? undefined : { sql: `CAST('${formatDatetime(micros)}' AS TIMESTAMP)` };
  },
  TIMESTAMP(text) {
    const instant = parseTimestamp(text);
    if (!instant) return undefined;
    if (instant.zone)
      return { sql: `timezone(${quote(instant.zone)}, CAST('${formatDatetime(instant.micros)}' AS TIMESTAMP))` };
    return { sql: `CAST('${formatDatetime(instant.micros)}+00' AS TIMESTAMPTZ)` };
  },
};

function literal(type: keyof typeof DUCK_TYPES, text: string): Constant | undefined {
  return LITERALS[type](text);
}

function isNumber(text: string): boolean {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text);
}

function isFloat(text: string): boolean {
  return isNumber(text) || /^[+-]?(?:inf|infinity|nan)$/i.test(text);
}

function normalizeJson(text: string): string | undefined {
  try {
    return JSON.stringify(parseJson(text));
  } catch {
    return undefined;
  }
}
