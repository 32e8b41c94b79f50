import { invalid } from './errors.ts';
import type { FieldPath } from './field-paths.ts';
import { parseName } from './paths.ts';
import type { Fields, ProtoTimestamp, Value } from './values.ts';
import { checkVector, isVector } from './vectors.ts';

const LARGEST_DOCUMENT = 1024 * 1024;
const LONGEST_FIELD_NAME = 1500;
const DEEPEST = 20;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** Largest request of the API. */
export const LARGEST_REQUEST = 10 * 1024 * 1024;

/**
 * Checks fields that are about to be written and cuts timestamps to microseconds, as the service does.
 * `pathBytes`: length of the path that the fields lie below. Throws INVALID_ARGUMENT.
 */
export function normalize(fields: Fields, depth = 1, pathBytes = 0): Fields {
  if (depth > DEEPEST) throw invalid(`A document is nested deeper than ${DEEPEST} levels.`);
  for (const [name, value] of Object.entries(fields)) {
    const bytes = checkFieldName(name, pathBytes);
    fields[name] = normalizeValue(value, depth, false, bytes);
  }
  return fields;
}

/** Checks one value, as `normalize` does. */
export function normalizeValue(value: Value, depth = 1, inArray = false, pathBytes = 0): Value {
  switch (value.valueType) {
    case 'timestampValue':
      return normalizeTimestamp(value.timestampValue);
    case 'arrayValue':
      if (inArray) throw invalid('Cannot convert an array value in an array value.');
      if (depth >= DEEPEST) throw invalid(`A document is nested deeper than ${DEEPEST} levels.`);
      value.arrayValue.values = value.arrayValue.values.map((element) => normalizeValue(element, depth + 1, true));
      return value;
    case 'mapValue':
      if (isVector(value.mapValue.fields)) checkVector(value.mapValue.fields);
      else normalize(value.mapValue.fields, depth + 1, inArray ? 0 : pathBytes + 1);
      return value;
    case 'geoPointValue': {
      const { latitude, longitude } = value.geoPointValue;
      if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw invalid('A geo point is out of range.');
      return value;
    }
    case 'referenceValue':
      checkReference(value.referenceValue);
      return value;
    case 'nullValue':
    case 'booleanValue':
    case 'integerValue':
    case 'doubleValue':
    case 'stringValue':
    case 'bytesValue':
      return value;
    default:
      throw invalid('A value has no type, or one that a document cannot hold.');
  }
}

function normalizeTimestamp({ seconds, nanos }: ProtoTimestamp): Value {
  if (Number(seconds) < FIRST_SECOND || Number(seconds) > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
    throw invalid('A timestamp lies outside of the years 1 to 9999.');
  }
  return { valueType: 'timestampValue', timestampValue: { seconds, nanos: nanos - (nanos % 1000) } };
}

function checkReference(name: string): void {
  const { segments } = parseName(name);
  if (segments.length === 0 || segments.length % 2 !== 0)
    throw invalid(`The reference "${name}" is no document's name.`);
}

/** Throws INVALID_ARGUMENT for a path to a field that no document can have. */
export function checkWrittenPath(path: FieldPath): void {
  if (path.length > DEEPEST) throw invalid(`A document is nested deeper than ${DEEPEST} levels.`);
  path.reduce((bytes, name) => checkFieldName(name, bytes) + 1, 0);
}

/** Checks a field's name, and gives the length of its path. */
function checkFieldName(name: string, pathBytes: number): number {
  if (name === '') throw invalid('A field name must not be empty.');
  if (/^__.*__$/s.test(name)) throw invalid(`Field name "${name}" is reserved.`);
  const bytes = pathBytes + Buffer.byteLength(name);
  if (bytes > LONGEST_FIELD_NAME) throw invalid('A field name or path is longer than 1500 bytes.');
  return bytes;
}

/** Throws INVALID_ARGUMENT when a document is larger than 1 MiB, counted as Firestore counts storage. */
export function checkSize(name: string, fields: Fields): void {
  const size = 32 + sizeOfName(name) + sizeOfFields(fields);
  if (size > LARGEST_DOCUMENT) {
    throw invalid(
      `Document '${name}' cannot be written because its size (${size.toLocaleString('en-US')} bytes) exceeds the ` +
        `maximum allowed size of ${LARGEST_DOCUMENT.toLocaleString('en-US')} bytes.`,
    );
  }
}

/** Bytes that a document's name takes, counted as Firestore counts storage. */
export function sizeOfName(name: string): number {
  const path = name.slice(name.indexOf('/documents/') + '/documents/'.length);
  return path.split('/').reduce((size, segment) => size + Buffer.byteLength(segment) + 1, 16);
}

function sizeOfFields(fields: Fields): number {
  let size = 0;
  for (const [name, value] of Object.entries(fields)) size += Buffer.byteLength(name) + 1 + sizeOf(value);
  return size;
}

/** Bytes that a value takes, counted as Firestore counts storage. */
export function sizeOf(value: Value): number {
  switch (value.valueType) {
    case 'stringValue':
      return Buffer.byteLength(value.stringValue) + 1;
    case 'bytesValue':
      return value.bytesValue.length;
    case 'referenceValue':
      return Buffer.byteLength(value.referenceValue) + 1;
    case 'geoPointValue':
      return 16;
    case 'arrayValue':
      return value.arrayValue.values.reduce((sum, element) => sum + sizeOf(element), 0);
    case 'mapValue':
      return sizeOfFields(value.mapValue.fields);
    case 'nullValue':
    case 'booleanValue':
      return 1;
    default:
      return 8;
  }
}
