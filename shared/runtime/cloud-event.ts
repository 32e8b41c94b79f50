import { cloudEvent, type EventType, eventData } from '../../schemas/events.ts';
import type { AnyFunction } from '../define/function.ts';
import type { DocumentInput, ObjectInput, TopicInput } from '../define/trigger.ts';
import { AppError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { decodeDocumentEvent } from './document-event.ts';
import { type Delivery, react } from './react.ts';

/** A CloudEvent as the Functions Framework hands it over. */
export interface FrameworkEvent {
  readonly id: string;
  readonly type: string;
  readonly subject?: string | undefined;
  readonly document?: unknown;
  readonly data?: unknown;
}

/** Handles the events of topics, documents and objects. */
export function cloudEventListener(declaration: AnyFunction, platform: Platform, services: Record<string, unknown>) {
  return async (event: FrameworkEvent): Promise<void> => {
    let delivery: Delivery;
    try {
      delivery =
        decoders[declaration.trigger.kind]?.(event) ?? fail(`${declaration.trigger.kind} is not an event trigger`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      platform.log.warning(`${declaration.name} refused an event: ${error.message}`, {
        event_id: event.id,
        details: error.details,
      });
      return;
    }
    await react(declaration, platform, services, delivery);
  };
}

const decoders: Readonly<Record<string, (event: FrameworkEvent) => Delivery>> = {
  topic: decodeTopic,
  document: decodeDocument,
  object: decodeObject,
};

/** `google.cloud.pubsub.topic.v1.messagePublished`: the suite's own event is the message's data. */
function decodeTopic(event: FrameworkEvent): Delivery {
  const { message } = event.data as { message: { data?: string; attributes?: Record<string, string> } };
  const envelope: unknown = JSON.parse(Buffer.from(message.data ?? '', 'base64').toString('utf8') || 'null');
  if (!cloudEvent.accepts(envelope)) {
    throw new AppError('invalid-argument', 'The message is not a CloudEvent.', {
      details: cloudEvent.problems(envelope).map((problem) => ({ ...problem })),
    });
  }
  const problems = eventData[envelope.type as EventType]?.problems(envelope.data) ?? [];
  if (problems.length > 0) {
    throw new AppError('invalid-argument', `The event of type ${envelope.type} breaks its schema.`, {
      details: problems.map((problem) => ({ ...problem })),
    });
  }
  const { id, type, source, subject, time, data } = envelope;
  const input: TopicInput = { id, type, source, subject, time, data };
  return { input, traceparent: message.attributes?.traceparent, fields: { event_id: id, event_type: type } };
}

/** `google.cloud.firestore.document.v1.*`: protobuf, handed over as a Buffer. */
function decodeDocument(event: FrameworkEvent): Delivery {
  const { before, after } = decodeDocumentEvent(event.data as Buffer);
  const path = String(event.document ?? event.subject?.replace(/^documents\//, '') ?? '');
  const input: DocumentInput = { eventId: event.id, id: path.split('/').at(-1) ?? '', before, after };
  const trace = (after ?? before)?.trace;
  return {
    input,
    traceparent: typeof trace === 'string' ? trace : undefined,
    fields: { event_id: event.id, document: path },
  };
}

/** `google.cloud.storage.object.v1.*`: the object's resource. */
function decodeObject(event: FrameworkEvent): Delivery {
  const resource = event.data as Record<string, unknown>;
  const metadata = (resource.metadata ?? {}) as Record<string, string>;
  const input: ObjectInput = {
    eventId: event.id,
    bucket: String(resource.bucket),
    name: String(resource.name),
    generation: String(resource.generation),
    contentType: resource.contentType === undefined ? undefined : String(resource.contentType),
    size: Number(resource.size),
    metadata,
  };
  return {
    input,
    traceparent: metadata.traceparent,
    fields: { event_id: event.id, object: `${input.bucket}/${input.name}` },
  };
}

function fail(message: string): never {
  throw new Error(message);
}
