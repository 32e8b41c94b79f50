/** Protobuf messages put together from parts that are encoded already, so that documents travel without being decoded. */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** How many bytes a varint (unsigned, up to 2^53) takes. */
function sizeOf(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Writes a varint. Returns the position after it. */
function write(buffer: Uint8Array, position: number, value: number): number {
  let at = position;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[at++] = (rest % 0x80) | 0x80;
  buffer[at++] = rest;
  return at;
}

/** A message, string or bytes field. */
export function bytesField(field: number, bytes: Uint8Array): Buffer {
  const key = field * 8 + LENGTH_DELIMITED;
  const buffer = Buffer.allocUnsafe(sizeOf(key) + sizeOf(bytes.length) + bytes.length);
  buffer.set(bytes, write(buffer, write(buffer, 0, key), bytes.length));
  return buffer;
}

export function stringField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

/** A non-negative integer field. */
export function intField(field: number, value: number): Buffer {
  return integers([field * 8 + VARINT, value]);
}

/** Target ids and the like: packed non-negative integers. Nothing when there are none. */
export function packedField(field: number, values: readonly number[]): Buffer {
  return values.length === 0 ? Buffer.alloc(0) : bytesField(field, integers(values));
}

/** A `google.protobuf.Timestamp` field, from microseconds since the epoch (1970 and later). */
export function timestampField(field: number, micros: number): Buffer {
  const seconds = Math.floor(micros / 1e6);
  const nanos = (micros - seconds * 1e6) * 1000;
  return bytesField(field, integers([1 * 8 + VARINT, seconds, 2 * 8 + VARINT, nanos]));
}

function integers(values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(values.reduce((size, value) => size + sizeOf(value), 0));
  values.reduce((at, value) => write(buffer, at, value), 0);
  return buffer;
}

/** A `google.firestore.v1.Document`. `fields` is the encoded field 2 of the message, as the store keeps it. */
export function documentMessage(name: string, fields: Uint8Array, created: number, updated: number): Buffer {
  return Buffer.concat([stringField(1, name), fields, timestampField(3, created), timestampField(4, updated)]);
}
