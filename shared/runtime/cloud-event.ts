import { WARM_UP } from '../../schemas/warm-up.ts';
import type { AnyFunction } from '../define/function.ts';
import type {
  DocumentInput,
  MessageInput,
  ObjectInput,
  ObjectTrigger,
  TopicInput,
  TopicTrigger,
  Trigger,
} from '../define/trigger.ts';
import { plain } from '../domain/storable.ts';
import { deadLetter } from '../events/dead-letter.ts';
import { readEvent } from '../events/read-event.ts';
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
  const { trigger } = declaration;
  const decode = decoderOf(trigger as Trigger, platform);
  if (!decode) throw new Error(`'${declaration.name}': ${trigger.kind} is not an event trigger`);
  return async (event: FrameworkEvent): Promise<void> => {
    // The instance is there: that was all.
    if (event.type === WARM_UP) return;
    let delivery: Delivery | undefined;
    try {
      delivery = await decode(event);
    } catch (error) {
      platform.log.error(`${declaration.name} could not read an event`, error, { event_id: event.id });
      throw error;
    }
    if (delivery) await react(declaration, platform, services, delivery);
  };
}

/** Undefined for an event that is not for this function. */
type Decode = (event: FrameworkEvent) => Delivery | undefined | Promise<Delivery | undefined>;

function decoderOf(trigger: Trigger, platform: Platform): Decode | undefined {
  if (trigger.kind === 'topic') return topicDecoder(trigger, platform);
  if (trigger.kind === 'object') return (event) => decodeObject(event, trigger);
  return trigger.kind === 'document' ? decodeDocument : undefined;
}

interface PubsubMessage {
  readonly messageId?: string;
  readonly data?: string;
  readonly attributes?: Record<string, string>;
}

/**
 * `google.cloud.pubsub.topic.v1.messagePublished`: the suite's own event is the message's data. One that breaks its
 * schema is dead-lettered with the reason; delivering it again would not help.
 */
function topicDecoder(trigger: TopicTrigger, platform: Platform): Decode {
  if (trigger.types.length === 0) return decodeMessage;
  return async (event) => {
    const { message } = event.data as { message: PubsubMessage };
    const attributes = message.attributes ?? {};
    const bytes = Buffer.from(message.data ?? '', 'base64');
    try {
      const { id, type, source, subject, time, data } = readEvent(bytes);
      // A subscription's filter is not fine enough for every function.
      if (!trigger.types.includes(type)) return undefined;
      const input: TopicInput = { id, type, source, subject, time, data };
      return { input, traceparent: attributes.traceparent, fields: { event_id: id, event_type: type } };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      platform.log.warning(`an event was refused and dead-lettered: ${error.message}`, {
        message_id: event.id,
        details: error.details,
      });
      await deadLetter(platform, { data: bytes, attributes }, error.message);
      return undefined;
    }
  };
}

/** What others publish is no event of the suite's. */
function decodeMessage(event: FrameworkEvent): Delivery {
  const { message } = event.data as { message: PubsubMessage };
  const { messageId = event.id, attributes = {}, data = '' } = message;
  const input: MessageInput = { id: messageId, attributes, data: Buffer.from(data, 'base64') };
  return { input, traceparent: attributes.traceparent, fields: { message_id: messageId } };
}

type Fields = Record<string, unknown>;

/** `google.cloud.firestore.document.v1.*`: protobuf, handed over as a Buffer. */
function decodeDocument(event: FrameworkEvent): Delivery {
  const documents = decodeDocumentEvent(event.data as Buffer);
  const [before, after] = [documents.before, documents.after].map((fields) => fields && (plain(fields) as Fields));
  const path = String(event.document ?? event.subject?.replace(/^documents\//, '') ?? '');
  const input: DocumentInput = { eventId: event.id, id: path.split('/').at(-1) ?? '', before, after };
  const trace = (after ?? before)?.trace;
  return {
    input,
    traceparent: typeof trace === 'string' ? trace : undefined,
    fields: { event_id: event.id, document: path },
  };
}

/** `google.cloud.storage.object.v1.*`: the object's resource. The bucket is called as it is declared, whatever its prefix. */
function decodeObject(event: FrameworkEvent, trigger: ObjectTrigger): Delivery {
  const resource = event.data as Record<string, unknown>;
  const metadata = (resource.metadata ?? {}) as Record<string, string>;
  const input: ObjectInput = {
    eventId: event.id,
    bucket: trigger.bucket.name,
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
