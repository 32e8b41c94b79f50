import { randomUUID } from 'node:crypto';
import type { Change } from '../plumbing/service.ts';

/** A CloudEvent in HTTP's binary content mode: attributes as `ce-` headers, data as the body. */
export interface BinaryEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Place {
  readonly project: string;
  readonly region: string;
}

const DOCUMENT_SCHEMA =
  'https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto';

/**
 * A change as Eventarc tells functions of it, with an id of its own.
 * @param type what the trigger asked for: a `written` trigger gets `written` whatever happened.
 * @see https://cloud.google.com/eventarc/docs/cloudevents
 */
export function changeEvent(change: Change, type: string, { project, region }: Place): BinaryEvent {
  if (change.kind === 'document') {
    return binaryEvent(
      {
        id: randomUUID(),
        type: `google.cloud.firestore.document.v1.${type}`,
        source: `//firestore.googleapis.com/projects/${project}/databases/${change.database}`,
        subject: `documents/${change.path}`,
        time: change.time,
        dataschema: DOCUMENT_SCHEMA,
        database: change.database,
        document: change.path,
        project,
        namespace: '(default)',
        location: region,
      },
      'application/protobuf',
      change.data,
    );
  }
  return binaryEvent(
    {
      id: randomUUID(),
      type: `google.cloud.storage.object.v1.${type}`,
      source: `//storage.googleapis.com/projects/_/buckets/${change.bucket}`,
      subject: `objects/${change.name}`,
      time: change.time,
      bucket: change.bucket,
    },
    'application/json',
    Buffer.from(JSON.stringify(change.resource)),
  );
}

/** What a Pub/Sub push subscription sends. */
export interface PushBody {
  readonly message: {
    readonly messageId: string;
    readonly publishTime: string;
    readonly attributes?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly subscription: string;
  /** From 1; only where the subscription has dead letters. */
  readonly deliveryAttempt?: number;
}

/** A pushed message as Eventarc hands it on; its id is the message's. */
export function messageEvent(push: PushBody, topic: string, project: string): BinaryEvent {
  return binaryEvent(
    {
      id: push.message.messageId,
      type: 'google.cloud.pubsub.topic.v1.messagePublished',
      source: `//pubsub.googleapis.com/projects/${project}/topics/${topic}`,
      time: push.message.publishTime,
    },
    'application/json',
    Buffer.from(JSON.stringify(push)),
  );
}

function binaryEvent(attributes: Record<string, string>, contentType: string, body: Uint8Array): BinaryEvent {
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encoded(value)]);
  return { headers: { 'ce-specversion': '1.0', ...Object.fromEntries(headers), 'content-type': contentType }, body };
}

/** Percent-encoding of header values (CloudEvents HTTP binding §3.1.3.2): what is not printable ASCII, and space " %. */
function encoded(value: string): string {
  return value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character));
}
