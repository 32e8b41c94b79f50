import { invalid } from './errors.ts';
import { parseName, toKey } from './paths.ts';
import type { Fields, Value } from './values.ts';

/**
 * Values as bytes whose order is Firestore's order of values: null, booleans, NaN, numbers (integers and doubles mixed),
 * timestamps, strings by UTF-8 bytes, bytes, references, geo points, arrays, vectors, maps. Equal bytes are equal values.
 */
const TAG = {
  end: 0x01,
  entry: 0x02,
  nullValue: 0x05,
  booleanValue: 0x0a,
  nan: 0x0f,
  number: 0x14,
  timestampValue: 0x19,
  stringValue: 0x1e,
  bytesValue: 0x23,
  referenceValue: 0x28,
  geoPointValue: 0x2d,
  arrayValue: 0x32,
  vector: 0x37,
  mapValue: 0x3c,
} as const;

export const NULL_TAG: number = TAG.nullValue;
export const NAN_TAG: number = TAG.nan;
export const TIMESTAMP_TAG: number = TAG.timestampValue;

/** The value's order-preserving bytes. The first byte is its type: values of one type share it. */
export function orderKey(value: Value): Buffer {
  const parts: Uint8Array[] = [];
  append(value, parts);
  return parts.length === 1 && parts[0] ? Buffer.from(parts[0]) : Buffer.concat(parts);
}

/** A document's key as bytes that sort with others of its kind, as the last part of an index entry. */
export function nameOrderKey(key: string): Buffer {
  return Buffer.from(`${key}\u0000`);
}

/** The bytes that sort the other way around. */
export function reversed(bytes: Uint8Array): Buffer {
  const result = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) result[i] = ~(bytes[i] ?? 0);
  return result;
}

/** The first bytes after every sequence that starts with `prefix`; undefined when there are none. */
export function afterPrefix(prefix: Uint8Array): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return undefined;
  const result = Buffer.from(prefix.subarray(0, length));
  result[length - 1] = (result[length - 1] ?? 0) + 1;
  return result;
}

function append(value: Value, parts: Uint8Array[]): void {
  switch (value.valueType) {
    case 'nullValue':
      parts.push(Buffer.of(TAG.nullValue));
      return;
    case 'booleanValue':
      parts.push(Buffer.of(TAG.booleanValue, value.booleanValue ? 1 : 0));
      return;
    case 'integerValue':
      parts.push(integerBytes(value.integerValue));
      return;
    case 'doubleValue':
      parts.push(Number.isNaN(value.doubleValue) ? Buffer.of(TAG.nan) : numberBytes(value.doubleValue, 0));
      return;
    case 'timestampValue':
      parts.push(timestampBytes(Number(value.timestampValue.seconds), value.timestampValue.nanos));
      return;
    case 'stringValue':
      parts.push(Buffer.of(TAG.stringValue), terminated(Buffer.from(value.stringValue)));
      return;
    case 'bytesValue':
      parts.push(Buffer.of(TAG.bytesValue), terminated(value.bytesValue));
      return;
    case 'referenceValue':
      parts.push(Buffer.of(TAG.referenceValue), referenceBytes(value.referenceValue));
      return;
    case 'geoPointValue':
      parts.push(Buffer.of(TAG.geoPointValue), numberBytes(value.geoPointValue.latitude, 0));
      parts.push(numberBytes(value.geoPointValue.longitude, 0));
      return;
    case 'arrayValue':
      parts.push(Buffer.of(TAG.arrayValue));
      for (const element of value.arrayValue.values) append(element, parts);
      parts.push(Buffer.of(TAG.end));
      return;
    case 'mapValue':
      appendMap(value.mapValue.fields, parts);
      return;
    default:
      throw invalid('A value has no type set.');
  }
}

function appendMap(fields: Fields, parts: Uint8Array[]): void {
  const type = fields.__type__;
  const vector = fields.value;
  if (type?.valueType === 'stringValue' && type.stringValue === '__vector__' && vector?.valueType === 'arrayValue') {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(vector.arrayValue.values.length);
    parts.push(Buffer.of(TAG.vector), length);
    for (const element of vector.arrayValue.values) append(element, parts);
    return;
  }
  parts.push(Buffer.of(TAG.mapValue));
  const names = Object.keys(fields).map((name) => ({ name, bytes: Buffer.from(name) }));
  names.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  for (const { name, bytes } of names) {
    parts.push(Buffer.of(TAG.entry), terminated(bytes));
    const value = fields[name];
    if (value) append(value, parts);
  }
  parts.push(Buffer.of(TAG.end));
}

/** Zero bytes escaped as 00 FF and an end of 00 01, so that a prefix sorts first. */
function terminated(bytes: Uint8Array): Buffer {
  if (!bytes.includes(0)) return Buffer.concat([bytes, Buffer.of(0, 1)]);
  const out: number[] = [];
  for (const byte of bytes) {
    out.push(byte);
    if (byte === 0) out.push(0xff);
  }
  return Buffer.from([...out, 0, 1]);
}

function referenceBytes(name: string): Buffer {
  const { database, segments } = parseName(name);
  return Buffer.concat([terminated(Buffer.from(database)), nameOrderKey(toKey(segments))]);
}

/** The double at or just below the number, then what is missing to it (only integers beyond 2^53 miss anything). */
function numberBytes(double: number, rest: number): Buffer {
  const bytes = Buffer.allocUnsafe(11);
  bytes[0] = TAG.number;
  bytes.writeDoubleBE(double === 0 ? 0 : double, 1);
  if (((bytes[1] ?? 0) & 0x80) === 0) bytes[1] = (bytes[1] ?? 0) | 0x80;
  else for (let i = 1; i < 9; i += 1) bytes[i] = ~(bytes[i] ?? 0);
  bytes.writeUInt16BE(rest, 9);
  return bytes;
}

function integerBytes(text: string): Buffer {
  const double = Number(text);
  if (Number.isSafeInteger(double)) return numberBytes(double, 0);
  const exact = BigInt(text);
  const floor = BigInt(double) > exact ? doubleBelow(double) : double;
  return numberBytes(floor, Number(exact - BigInt(floor)));
}

function doubleBelow(value: number): number {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  bytes.writeBigInt64BE(bytes.readBigInt64BE() + (value > 0 ? -1n : 1n));
  return bytes.readDoubleBE();
}

function timestampBytes(seconds: number, nanos: number): Buffer {
  const bytes = Buffer.allocUnsafe(13);
  bytes[0] = TAG.timestampValue;
  bytes.writeBigUInt64BE(BigInt(seconds) + 2n ** 63n, 1);
  bytes.writeUInt32BE(nanos, 9);
  return bytes;
}
