import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

const client = createRequire(import.meta.url).resolve('@google-cloud/firestore');
const descriptors = JSON.parse(readFileSync(join(dirname(client), '../protos/v1.json'), 'utf8')) as protobuf.INamespace;
const root = protobuf.Root.fromJSON(descriptors);
root.define('google.events').add(
  new protobuf.Type('DocumentEventData')
    .add(new protobuf.Field('value', 1, '.google.firestore.v1.Document'))
    .add(new protobuf.Field('oldValue', 2, '.google.firestore.v1.Document'))
    .add(new protobuf.Field('updateMask', 3, '.google.firestore.v1.DocumentMask')),
);
const DocumentEventData = root.lookupType('google.events.DocumentEventData');

/** The bytes of `google.events.cloud.firestore.v1.DocumentEventData`, by the descriptors that the client ships. */
export function encodeDocumentEvent(event: object): Uint8Array {
  return DocumentEventData.encode(DocumentEventData.fromObject(event)).finish();
}
