import type { PubSub, Topic as TopicClient } from '@google-cloud/pubsub';
import { type CloudEvent, type EventData, type EventType, eventData } from '../../schemas/events.ts';
import { defineService, type ServiceDeclaration, writes } from '../define/service.ts';
import { AppError } from '../platform/errors.ts';
import { derivedId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { currentTrace } from '../platform/trace.ts';
import { topicsOf } from './catalogue.ts';

/** An event to publish. */
export interface NewEvent<T extends EventType = EventType> {
  readonly type: T;
  /** What makes this event this event: a second delivery of its cause has the same key, and so the same id. */
  readonly key: readonly (string | number)[];
  /** `runs/run_1`; the run's or session's id is also the ordering key. */
  readonly subject: string;
  readonly time: Date;
  readonly data: EventData<T>;
}

/** Publishes events to the topics that their types go to. */
export interface Events {
  /** Resolves when every event is stored by Pub/Sub. @throws AppError internal when an event breaks its schema. */
  publish(events: readonly NewEvent[]): Promise<void>;
}

/** Declares that a function publishes events of these types. */
export function publisher(...types: readonly EventType[]): ServiceDeclaration<Events> {
  const topics = new Set(types.flatMap((type) => topicsOf[type]));
  return defineService([...topics].map(writes), (platform) => createEvents(platform));
}

const TOPIC_OPTIONS = { batching: { maxMilliseconds: 5, maxMessages: 500 }, messageOrdering: true } as const;
/** What happens to a run or a session is ordered by its id. */
const ORDERED = /^(?:runs|sessions)\/(.+)$/;

export function createEvents(platform: Pick<Platform, 'clients'>): Events {
  const clients = new Map<string, TopicClient>();
  const topicClient = (pubsub: PubSub, name: string): TopicClient => {
    const found = clients.get(name) ?? pubsub.topic(name, TOPIC_OPTIONS);
    clients.set(name, found);
    return found;
  };
  return {
    async publish(list) {
      if (list.length === 0) return;
      const messages = list.map((event) => ({ event, envelope: toCloudEvent(event) }));
      const pubsub = await platform.clients.pubsub();
      await Promise.all(
        messages.flatMap(({ event, envelope }) =>
          topicsOf[event.type].map((topic) => send(topicClient(pubsub, topic.name), envelope)),
        ),
      );
    },
  };
}

async function send(topic: TopicClient, envelope: CloudEvent): Promise<void> {
  const message = { data: Buffer.from(JSON.stringify(envelope)), attributes: attributesOf(envelope) };
  const orderingKey = envelope.subject.match(ORDERED)?.[1];
  if (orderingKey === undefined) return void (await topic.publishMessage(message));
  try {
    await topic.publishMessage({ ...message, orderingKey });
  } catch (error) {
    // After a failure the client takes nothing more of this key until it is told to.
    topic.resumePublishing(orderingKey);
    throw error;
  }
}

/** The envelope of an event. */
export function toCloudEvent(event: NewEvent): CloudEvent {
  const problems = eventData[event.type].problems(event.data);
  if (problems.length > 0) {
    throw new AppError('internal', `An event of type ${event.type} breaks its schema.`, {
      details: problems.map((problem) => ({ ...problem })),
    });
  }
  return {
    specversion: '1.0',
    id: derivedId('evt', event.type, ...event.key),
    source: 'virtuoso',
    type: event.type,
    subject: event.subject,
    time: event.time.toISOString(),
    datacontenttype: 'application/json',
    data: event.data as Record<string, unknown>,
  };
}

/** The attributes repeat what filters need; the trace goes with the message. */
function attributesOf(envelope: CloudEvent): Record<string, string> {
  const trace = currentTrace();
  return {
    type: envelope.type,
    source: envelope.source,
    subject: envelope.subject,
    user_id: String(envelope.data.user_id ?? ''),
    ...(trace ? { traceparent: trace } : {}),
  };
}
