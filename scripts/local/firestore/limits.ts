import { invalid } from './errors.ts';
import type { Fields, Value } from './values.ts';

const LARGEST_DOCUMENT = 1024 * 1024;
const LONGEST_FIELD_NAME = 1500;
const DEEPEST = 20;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** Largest request of the API. */
export const LARGEST_REQUEST = 10 * 1024 * 1024;

/**
 * Checks fields that are about to be written and cuts timestamps to microseconds, as the service does.
 * Throws INVALID_ARGUMENT.
 */
export function normalize(fields: Fields, depth = 1): Fields {
  if (depth > DEEPEST) throw invalid(`A document is nested deeper than ${DEEPEST} levels.`);
  for (const [name, value] of Object.entries(fields)) {
    checkFieldName(name);
    fields[name] = normalizeValue(value, depth, false);
  }
  return fields;
}

/** Checks one value, as `normalize` does. */
export function normalizeValue(value: Value, depth = 1, inArray = false): Value {
  switch (value.valueType) {
    case 'timestampValue': {
      const { seconds, nanos } = value.timestampValue;
      if (Number(seconds) < FIRST_SECOND || Number(seconds) > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
        throw invalid('A timestamp lies outside of the years 1 to 9999.');
      }
      return { valueType: 'timestampValue', timestampValue: { seconds, nanos: nanos - (nanos % 1000) } };
    }
    case 'arrayValue':
      if (inArray) throw invalid('Cannot convert an array value in an array value.');
      if (depth >= DEEPEST) throw invalid(`A document is nested deeper than ${DEEPEST} levels.`);
      value.arrayValue.values = value.arrayValue.values.map((element) => normalizeValue(element, depth + 1, true));
      return value;
    case 'mapValue':
      if (!isVector(value.mapValue.fields)) normalize(value.mapValue.fields, depth + 1);
      return value;
    case 'geoPointValue': {
      const { latitude, longitude } = value.geoPointValue;
      if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw invalid('A geo point is out of range.');
      return value;
    }
    case 'nullValue':
    case 'booleanValue':
    case 'integerValue':
    case 'doubleValue':
    case 'stringValue':
    case 'bytesValue':
    case 'referenceValue':
      return value;
    default:
      throw invalid('A value has no type, or one that a document cannot hold.');
  }
}

function isVector(fields: Fields): boolean {
  return fields.__type__?.valueType === 'stringValue' && fields.__type__.stringValue === '__vector__';
}

function checkFieldName(name: string): void {
  if (name === '') throw invalid('A field name must not be empty.');
  if (/^__.*__$/s.test(name)) throw invalid(`Field name "${name}" is reserved.`);
  if (Buffer.byteLength(name) > LONGEST_FIELD_NAME) throw invalid('A field name is longer than 1500 bytes.');
}

/** Throws INVALID_ARGUMENT when a document is larger than 1 MiB, counted as Firestore counts storage. */
export function checkSize(name: string, fields: Fields): void {
  const path = name.slice(name.indexOf('/documents/') + '/documents/'.length);
  let size = 16 + 32;
  for (const segment of path.split('/')) size += Buffer.byteLength(segment) + 1;
  size += sizeOfFields(fields);
  if (size > LARGEST_DOCUMENT) {
    throw invalid(
      `Document '${name}' cannot be written because its size (${size.toLocaleString('en-US')} bytes) exceeds the ` +
        `maximum allowed size of ${LARGEST_DOCUMENT.toLocaleString('en-US')} bytes.`,
    );
  }
}

function sizeOfFields(fields: Fields): number {
  let size = 0;
  for (const [name, value] of Object.entries(fields)) size += Buffer.byteLength(name) + 1 + sizeOf(value);
  return size;
}

function sizeOf(value: Value): number {
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
