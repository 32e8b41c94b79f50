/** A `google.protobuf.Timestamp` as the loader decodes it. */
export interface ProtoTimestamp {
  seconds: string | number;
  nanos: number;
}

/** A `google.firestore.v1.Value` as the loader decodes it: `valueType` names the member that is set. */
export type Value =
  | { valueType: 'nullValue'; nullValue: 'NULL_VALUE' }
  | { valueType: 'booleanValue'; booleanValue: boolean }
  | { valueType: 'integerValue'; integerValue: string }
  | { valueType: 'doubleValue'; doubleValue: number }
  | { valueType: 'timestampValue'; timestampValue: ProtoTimestamp }
  | { valueType: 'stringValue'; stringValue: string }
  | { valueType: 'bytesValue'; bytesValue: Uint8Array }
  | { valueType: 'referenceValue'; referenceValue: string }
  | { valueType: 'geoPointValue'; geoPointValue: { latitude: number; longitude: number } }
  | { valueType: 'arrayValue'; arrayValue: { values: Value[] } }
  | { valueType: 'mapValue'; mapValue: { fields: Fields } };

/** The fields of a document or of a map, by name. */
export type Fields = Record<string, Value>;

export const NULL: Value = { valueType: 'nullValue', nullValue: 'NULL_VALUE' };
export const NAN: Value = { valueType: 'doubleValue', doubleValue: Number.NaN };

export function integer(value: bigint | number): Value {
  return { valueType: 'integerValue', integerValue: String(value) };
}

export function double(value: number): Value {
  return { valueType: 'doubleValue', doubleValue: value };
}

export function array(values: Value[]): Value {
  return { valueType: 'arrayValue', arrayValue: { values } };
}

export function timestamp(micros: number): Value {
  return { valueType: 'timestampValue', timestampValue: toProtoTimestamp(micros) };
}

/** Microseconds since the epoch as a protobuf timestamp. */
export function toProtoTimestamp(micros: number): ProtoTimestamp {
  const seconds = Math.floor(micros / 1e6);
  return { seconds: String(seconds), nanos: (micros - seconds * 1e6) * 1000 };
}

/** A protobuf timestamp as microseconds since the epoch, rounded down. */
export function toMicros(time: ProtoTimestamp): number {
  return Number(time.seconds) * 1e6 + Math.floor(time.nanos / 1000);
}

/** Whether two values are the same in type and content (3 and 3.0 are not, nor 0 and -0). */
export function identical(a: Value, b: Value): boolean {
  if (a.valueType !== b.valueType) return false;
  switch (a.valueType) {
    case 'doubleValue':
      return b.valueType === a.valueType && Object.is(a.doubleValue, b.doubleValue);
    case 'timestampValue':
      return b.valueType === a.valueType && toMicros(a.timestampValue) === toMicros(b.timestampValue);
    case 'bytesValue':
      return b.valueType === a.valueType && Buffer.compare(a.bytesValue, b.bytesValue) === 0;
    case 'geoPointValue':
      return (
        b.valueType === a.valueType &&
        a.geoPointValue.latitude === b.geoPointValue.latitude &&
        a.geoPointValue.longitude === b.geoPointValue.longitude
      );
    case 'arrayValue': {
      if (b.valueType !== a.valueType) return false;
      const others = b.arrayValue.values;
      return a.arrayValue.values.length === others.length && a.arrayValue.values.every((v, i) => same(v, others[i]));
    }
    case 'mapValue':
      return b.valueType === a.valueType && identicalFields(a.mapValue.fields, b.mapValue.fields);
    default:
      return scalar(a) === scalar(b);
  }
}

/** Whether two sets of fields have the same names and identical values. */
export function identicalFields(a: Fields, b: Fields): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && identical(a, b);
}

function scalar(value: Value): unknown {
  switch (value.valueType) {
    case 'booleanValue':
      return value.booleanValue;
    case 'integerValue':
      return value.integerValue;
    case 'stringValue':
      return value.stringValue;
    case 'referenceValue':
      return value.referenceValue;
    default:
      return null;
  }
}
