import { invalid } from './errors.ts';
import type { Fields, Value } from './values.ts';

const MOST_DIMENSIONS = 2048;

/** Whether a map is a vector: `{__type__: '__vector__', value: […]}`. */
export function isVector(fields: Fields): boolean {
  return fields.__type__?.valueType === 'stringValue' && fields.__type__.stringValue === '__vector__';
}

/** Throws INVALID_ARGUMENT for a vector that is not of 1 to 2048 numbers. */
export function checkVector(fields: Fields): number[] {
  const { value } = fields;
  const numbers = value?.valueType === 'arrayValue' ? value.arrayValue.values.map(numberOf) : [];
  if (Object.keys(fields).length !== 2 || value?.valueType !== 'arrayValue' || numbers.includes(undefined)) {
    throw invalid('A vector must have the field "value", an array of numbers, and no other.');
  }
  if (numbers.length === 0 || numbers.length > MOST_DIMENSIONS) {
    throw invalid(`A vector must have 1 to ${MOST_DIMENSIONS} dimensions; this one has ${numbers.length}.`);
  }
  return numbers.filter((number) => number !== undefined);
}

/** The numbers of a value that is a vector, else undefined. */
export function vectorOf(value: Value | undefined): number[] | undefined {
  return value?.valueType === 'mapValue' && isVector(value.mapValue.fields)
    ? checkVector(value.mapValue.fields)
    : undefined;
}

function numberOf(value: Value): number | undefined {
  if (value.valueType === 'integerValue') return Number(value.integerValue);
  return value.valueType === 'doubleValue' ? value.doubleValue : undefined;
}
