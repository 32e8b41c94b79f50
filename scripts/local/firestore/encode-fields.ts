import type { Fields, ProtoTimestamp, Value } from './values.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
/** `Document.fields` of `google.firestore.v1`. */
const DOCUMENT_FIELDS = 2;
const FIRST_ROOM = 16 * 1024;

/**
 * Writes protobuf from the last byte to the first: how long something is, which goes before it, is known by then.
 * It keeps its room, for the next message.
 */
class BackwardWriter {
  #buffer = Buffer.allocUnsafe(FIRST_ROOM);
  #at = FIRST_ROOM;

  /** How many bytes are written. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** What is written, which is then forgotten. */
  take(): Buffer {
    const bytes = Buffer.from(this.#buffer.subarray(this.#at));
    this.#at = this.#buffer.length;
    return bytes;
  }

  /** Forgets what is written. */
  clear(): void {
    this.#at = this.#buffer.length;
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#head(field, bytes.length);
  }

  string(field: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.#reserve(length);
    this.#buffer.write(text, this.#at, length, 'utf8');
    this.#head(field, length);
  }

  double(field: number, value: number): void {
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#at);
    this.varint(field * 8 + FIXED64);
  }

  int64(field: number, text: string | number): void {
    const value = Number(text);
    if (value >= 0 && Number.isSafeInteger(value)) this.varint(value);
    else this.#varint64(BigInt.asUintN(64, BigInt(text)));
    this.varint(field * 8 + VARINT);
  }

  /** A message whose fields are those written since the length was `before`. */
  message(field: number, before: number): void {
    this.#head(field, this.length - before);
  }

  /** A varint of up to 2^53. */
  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
    this.#reserve(size);
    let rest = value;
    for (let i = this.#at; i < this.#at + size - 1; i += 1) {
      this.#buffer[i] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#at + size - 1] = rest;
  }

  #varint64(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
  }

  #head(field: number, length: number): void {
    this.varint(length);
    this.varint(field * 8 + BYTES);
  }

  #reserve(size: number): void {
    if (size > this.#at) {
      const larger = Buffer.allocUnsafe(2 * (this.#buffer.length + size));
      const at = larger.length - this.length;
      this.#buffer.copy(larger, at, this.#at);
      this.#buffer = larger;
      this.#at = at;
    }
    this.#at -= size;
  }
}

const writer = new BackwardWriter();

/** Encodes fields as field 2 of a `Document`: the form the store keeps. A document is written too often for reflection. */
export function encodeFields(fields: Fields): Buffer {
  writer.clear();
  writeFields(DOCUMENT_FIELDS, fields);
  return writer.take();
}

/** A `map<string, Value>`. */
function writeFields(field: number, fields: Fields): void {
  for (const [name, value] of Object.entries(fields).reverse()) {
    const before = writer.length;
    writeValue(value);
    writer.message(2, before);
    writer.string(1, name);
    writer.message(field, before);
  }
}

/** The field of a `Value` that is set. */
function writeValue(value: Value): void {
  const before = writer.length;
  switch (value.valueType) {
    case 'nullValue':
      writer.int64(11, 0);
      return;
    case 'booleanValue':
      writer.int64(1, value.booleanValue ? 1 : 0);
      return;
    case 'integerValue':
      writer.int64(2, value.integerValue);
      return;
    case 'doubleValue':
      writer.double(3, value.doubleValue);
      return;
    case 'timestampValue':
      writeTimestamp(value.timestampValue);
      writer.message(10, before);
      return;
    case 'stringValue':
      writer.string(17, value.stringValue);
      return;
    case 'bytesValue':
      writer.bytes(18, value.bytesValue);
      return;
    case 'referenceValue':
      writer.string(5, value.referenceValue);
      return;
    case 'geoPointValue':
      writer.double(2, value.geoPointValue.longitude);
      writer.double(1, value.geoPointValue.latitude);
      writer.message(8, before);
      return;
    case 'arrayValue':
      for (const element of value.arrayValue.values.toReversed()) {
        const elementBefore = writer.length;
        writeValue(element);
        writer.message(1, elementBefore);
      }
      writer.message(9, before);
      return;
    case 'mapValue':
      writeFields(1, value.mapValue.fields);
      writer.message(6, before);
      return;
  }
}

function writeTimestamp({ seconds, nanos }: ProtoTimestamp): void {
  writer.int64(2, nanos);
  writer.int64(1, seconds);
}
