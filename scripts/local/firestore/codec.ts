import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadService } from '../plumbing/grpc.ts';
import type { Fields } from './values.ts';

/** The client's package exports only its code: the descriptor lies beside it. */
const DESCRIPTOR = join(createRequire(import.meta.url).resolve('@google-cloud/firestore'), '../../protos/v1.json');

/** `google.firestore.v1.Firestore` as the official client ships it. */
export const FIRESTORE = loadService(DESCRIPTOR, 'google.firestore.v1.Firestore') as Record<
  string,
  MethodDefinition<unknown, unknown>
>;

function method(name: string): MethodDefinition<unknown, unknown> {
  const definition = FIRESTORE[name];
  if (!definition) throw new Error(`the Firestore service has no method ${name}`);
  return definition;
}

const document = method('GetDocument');

/** The fields of an encoded `Document` (or of its fields alone, as `encodeFields` makes them). */
export function decodeFields(bytes: Uint8Array): Fields {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (document.responseDeserialize(buffer) as { fields: Fields }).fields;
}
