import { invalid } from './errors.ts';
import { getField, isName, parseFieldPath, withField } from './field-paths.ts';
import { checkWrittenPath, normalizeValue } from './limits.ts';
import { orderKey } from './order-key.ts';
import { array, double, type Fields, integer, NULL, timestamp, type Value } from './values.ts';

/** `google.firestore.v1.DocumentTransform.FieldTransform` as decoded. */
export type FieldTransform = { fieldPath: string } & (
  | { transformType: 'setToServerValue'; setToServerValue: string }
  | { transformType: 'increment'; increment: Value }
  | { transformType: 'maximum'; maximum: Value }
  | { transformType: 'minimum'; minimum: Value }
  | { transformType: 'appendMissingElements'; appendMissingElements: { values: Value[] } }
  | { transformType: 'removeAllFromArray'; removeAllFromArray: { values: Value[] } }
);

const LARGEST_INTEGER = 2n ** 63n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);

/** Applies transforms in order. Returns the new fields and each transform's result. `now` in microseconds. */
export function transform(
  fields: Fields,
  transforms: readonly FieldTransform[],
  now: number,
): { fields: Fields; results: Value[] } {
  let current = fields;
  const results: Value[] = [];
  for (const one of transforms) {
    const path = parseFieldPath(one.fieldPath);
    if (isName(path)) throw invalid('__name__ cannot be transformed.');
    checkWrittenPath(path);
    const { value, result } = apply(one, getField(current, path), now);
    current = withField(current, path, value);
    results.push(result);
  }
  return { fields: current, results };
}

function apply(one: FieldTransform, before: Value | undefined, now: number): { value: Value; result: Value } {
  switch (one.transformType) {
    case 'setToServerValue': {
      if (one.setToServerValue !== 'REQUEST_TIME') throw invalid('A server value must be REQUEST_TIME.');
      const value = timestamp(Math.floor(now / 1000) * 1000);
      return { value, result: value };
    }
    case 'increment':
      return once(isNumber(before) ? add(before, number(one.increment)) : number(one.increment));
    case 'maximum':
      return once(extreme(before, number(one.maximum), 1));
    case 'minimum':
      return once(extreme(before, number(one.minimum), -1));
    case 'appendMissingElements':
      return { value: append(elements(before), operands(one.appendMissingElements)), result: NULL };
    case 'removeAllFromArray':
      return { value: without(elements(before), operands(one.removeAllFromArray)), result: NULL };
    default:
      throw invalid('A field transform has no type.');
  }
}

function once(value: Value): { value: Value; result: Value } {
  return { value, result: value };
}

type NumberValue = Extract<Value, { valueType: 'integerValue' | 'doubleValue' }>;

function isNumber(value: Value | undefined): value is NumberValue {
  return value?.valueType === 'integerValue' || value?.valueType === 'doubleValue';
}

function number(value: Value): NumberValue {
  if (!isNumber(value)) throw invalid('increment, maximum and minimum take an integer or a double.');
  return value;
}

/** Integers stop at the ends of 64 bits; with a double the sum is a double. */
export function add(a: NumberValue, b: NumberValue): NumberValue {
  if (a.valueType === 'integerValue' && b.valueType === 'integerValue') {
    const sum = BigInt(a.integerValue) + BigInt(b.integerValue);
    const kept = sum > LARGEST_INTEGER ? LARGEST_INTEGER : sum < SMALLEST_INTEGER ? SMALLEST_INTEGER : sum;
    return integer(kept) as NumberValue;
  }
  return double(toDouble(a) + toDouble(b)) as NumberValue;
}

export function toDouble(value: NumberValue): number {
  return value.valueType === 'integerValue' ? Number(value.integerValue) : value.doubleValue;
}

/** The larger (sign 1) or smaller (-1) one; the stored value when they are equal; NaN when either is. */
function extreme(before: Value | undefined, operand: NumberValue, sign: 1 | -1): Value {
  if (!isNumber(before)) return operand;
  if (Number.isNaN(toDouble(before))) return before;
  if (Number.isNaN(toDouble(operand))) return operand;
  return Buffer.compare(orderKey(operand), orderKey(before)) * sign > 0 ? operand : before;
}

function elements(value: Value | undefined): Value[] {
  return value?.valueType === 'arrayValue' ? value.arrayValue.values : [];
}

/** The values as they would be stored, which is how they compare with those that are. */
function operands({ values }: { values: readonly Value[] }): Value[] {
  return values.map((value) => normalizeValue(value, 2, true));
}

function append(before: readonly Value[], added: readonly Value[]): Value {
  const seen = new Set(before.map(identity));
  const result = [...before];
  for (const element of added) {
    if (seen.has(identity(element))) continue;
    seen.add(identity(element));
    result.push(element);
  }
  return array(result);
}

function without(before: readonly Value[], removed: readonly Value[]): Value {
  const gone = new Set(removed.map(identity));
  return array(before.filter((element) => !gone.has(identity(element))));
}

function identity(value: Value): string {
  return orderKey(value).toString('latin1');
}
