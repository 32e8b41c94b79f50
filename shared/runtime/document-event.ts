import { ProtobufReader } from './protobuf-reader.ts';

/** The documents in a Firestore event: `google.events.cloud.firestore.v1.DocumentEventData`. */
export interface DocumentEvent {
  readonly after: Record<string, unknown> | undefined;
  readonly before: Record<string, unknown> | undefined;
}

/** Decodes an event's body. Timestamps become Dates (to the millisecond), integers numbers, references their names. */
export function decodeDocumentEvent(body: Uint8Array): DocumentEvent {
  let after: DocumentEvent['after'];
  let before: DocumentEvent['before'];
  const reader = new ProtobufReader(body);
  reader.each((field) => {
    if (field === 1) after = readDocument(reader.message());
    else if (field === 2) before = readDocument(reader.message());
    else return false;
  });
  return { after, before };
}

/** `google.firestore.v1.Document`: name = 1, map<string, Value> fields = 2, create_time = 3, update_time = 4. */
function readDocument(reader: ProtobufReader): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {};
  let named = false;
  reader.each((field) => {
    if (field === 1) named = reader.string() !== '';
    else if (field === 2) readEntry(reader.message(), fields);
    else return false;
  });
  return named ? fields : undefined;
}

function readEntry(reader: ProtobufReader, into: Record<string, unknown>): void {
  let key = '';
  let value: unknown = null;
  reader.each((field) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = readValue(reader.message());
    else return false;
  });
  into[key] = value;
}

/** `google.firestore.v1.Value`. */
function readValue(reader: ProtobufReader): unknown {
  let value: unknown = null;
  reader.each((field) => {
    const read = valueReaders[field];
    if (!read) return false;
    value = read(reader);
  });
  return value;
}

const valueReaders: Readonly<Record<number, (reader: ProtobufReader) => unknown>> = {
  1: (reader) => reader.varint() !== 0n,
  2: (reader) => Number(reader.int64()),
  3: (reader) => reader.double(),
  5: (reader) => reader.string(),
  6: (reader) => readMap(reader.message()),
  8: (reader) => readGeoPoint(reader.message()),
  9: (reader) => readArray(reader.message()),
  10: (reader) => readTimestamp(reader.message()),
  11: (reader) => {
    reader.varint();
    return null;
  },
  17: (reader) => reader.string(),
  18: (reader) => Buffer.from(reader.bytes()),
};

function readMap(reader: ProtobufReader): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  reader.each((field) => {
    if (field !== 1) return false;
    readEntry(reader.message(), map);
  });
  return map;
}

function readArray(reader: ProtobufReader): unknown[] {
  const values: unknown[] = [];
  reader.each((field) => {
    if (field !== 1) return false;
    values.push(readValue(reader.message()));
  });
  return values;
}

function readTimestamp(reader: ProtobufReader): Date {
  let ms = 0;
  reader.each((field) => {
    if (field === 1) ms += Number(reader.int64()) * 1000;
    else if (field === 2) ms += Math.floor(Number(reader.int64()) / 1_000_000);
    else return false;
  });
  return new Date(ms);
}

function readGeoPoint(reader: ProtobufReader): { latitude: number; longitude: number } {
  const point = { latitude: 0, longitude: 0 };
  reader.each((field) => {
    if (field === 1) point.latitude = reader.double();
    else if (field === 2) point.longitude = reader.double();
    else return false;
  });
  return point;
}
