/** `google.protobuf.Struct` as proto-loader reads and writes it. */
export interface Struct {
  readonly fields: Readonly<Record<string, StructValue>>;
}

interface StructValue {
  readonly kind?: string;
  readonly nullValue?: unknown;
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly structValue?: Struct;
  readonly listValue?: { readonly values: readonly StructValue[] };
}

/** The values of a Struct as JSON has them. */
export function fromStruct(struct: Struct | null | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(struct?.fields ?? {}).map(([key, value]) => [key, fromValue(value)]));
}

/** Values as a Struct: text, numbers and booleans. */
export function toStruct(values: Readonly<Record<string, string | number | boolean>>): Struct {
  return { fields: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toValue(value)])) };
}

function fromValue(value: StructValue): unknown {
  switch (value.kind) {
    case 'structValue':
      return fromStruct(value.structValue);
    case 'listValue':
      return (value.listValue?.values ?? []).map(fromValue);
    case 'nullValue':
      return null;
    default:
      return value[value.kind as 'stringValue'];
  }
}

function toValue(value: string | number | boolean): StructValue {
  if (typeof value === 'string') return { kind: 'stringValue', stringValue: value };
  return typeof value === 'number'
    ? { kind: 'numberValue', numberValue: value }
    : { kind: 'boolValue', boolValue: value };
}
