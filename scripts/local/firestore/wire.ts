/** Protobuf messages put together from parts that are encoded already, so that documents travel without being decoded. */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A varint (unsigned, up to 2^53). */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A message, string or bytes field. */
export function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(field * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

export function stringField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

/** A non-negative integer field. */
export function intField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8 + VARINT), varint(value)]);
}

/** Target ids and the like: packed non-negative integers. Nothing when there are none. */
export function packedField(field: number, values: readonly number[]): Buffer {
  return values.length === 0 ? Buffer.alloc(0) : bytesField(field, Buffer.concat(values.map(varint)));
}

/** A `google.protobuf.Timestamp` field, from microseconds since the epoch (1970 and later). */
export function timestampField(field: number, micros: number): Buffer {
  const seconds = Math.floor(micros / 1e6);
  const nanos = (micros - seconds * 1e6) * 1000;
  return bytesField(field, Buffer.concat([intField(1, seconds), intField(2, nanos)]));
}

/** A `google.firestore.v1.Document`. `fields` is the encoded field 2 of the message, as the store keeps it. */
export function documentMessage(name: string, fields: Uint8Array, created: number, updated: number): Buffer {
  return Buffer.concat([stringField(1, name), fields, timestampField(3, created), timestampField(4, updated)]);
}
