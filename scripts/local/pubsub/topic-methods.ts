import { status } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import type { Broker } from './broker.ts';
import { messageBytes, type NewMessage } from './messages.ts';
import { invalid, maskPaths, pageOf, projectName, resourceName, shortName } from './names.ts';
import { type TopicMessage, topicMessage } from './topics.ts';

interface Page {
  readonly pageSize: number;
  readonly pageToken: string;
}

const MOST_MESSAGES = 1000;
const MOST_BYTES = 10_000_000;
const MOST_ATTRIBUTES = 100;
const LONGEST_KEY = 256;
const LONGEST_VALUE = 1024;

/** The methods of the Publisher service. */
export function topicMethods(broker: Broker) {
  const { context, topics, holders, schemas } = broker;
  const write = <Request, Response>(work: (request: Request) => Response) =>
    unary((request: Request) => context.store.transaction(() => work(request)));
  const namesOf = (name: string, kind: 'subscriptions' | 'snapshots') => {
    const topic = topics.get(name);
    return holders[kind]().flatMap((holder) => (holder.topicId === topic.id ? [holder.name] : []));
  };

  return {
    createTopic: write((message: TopicMessage) => {
      resourceName(message.name, 'topics');
      return topicMessage(topics.create(message));
    }),
    getTopic: unary(({ topic }: { topic: string }) => topicMessage(topics.get(topic))),
    listTopics: unary((request: Page & { project: string }) => {
      const { items, nextPageToken } = pageOf(
        topics.list(projectName(request.project)),
        (topic) => topic.name,
        request,
      );
      return { topics: items.map(topicMessage), nextPageToken };
    }),
    updateTopic: write((request: { topic: TopicMessage | null; updateMask: { paths: string[] } | null }) => {
      if (!request.topic) throw invalid('UpdateTopicRequest.topic is required.');
      const old = topics.get(request.topic.name);
      const topic = topics.update(request.topic, maskPaths(request.updateMask));
      if (topic.retentionMs !== old.retentionMs) broker.messages.retain(topic.id, topic.retentionMs);
      return topicMessage(topic);
    }),
    deleteTopic: write(({ topic }: { topic: string }) => {
      const { id } = topics.get(topic);
      holders.orphan(id);
      topics.delete(topic);
      broker.messages.retain(id, 0);
      context.store.afterCommit(() => {
        for (const subscription of holders.subscriptions()) broker.run(subscription);
      });
      return {};
    }),
    listTopicSubscriptions: unary((request: Page & { topic: string }) => {
      const { items, nextPageToken } = pageOf(namesOf(request.topic, 'subscriptions'), (name) => name, request);
      return { subscriptions: items, nextPageToken };
    }),
    listTopicSnapshots: unary((request: Page & { topic: string }) => {
      const { items, nextPageToken } = pageOf(namesOf(request.topic, 'snapshots'), (name) => name, request);
      return { snapshots: items, nextPageToken };
    }),
    publish: unary(({ topic, messages }: { topic: string; messages: NewMessage[] }) =>
      context.store.grouped(() => {
        const target = topics.get(topic);
        const bytes = checkBatch(messages);
        const held = target.schema ? schemas.hold(target.schema, messages) : messages;
        context.meter('pubsub.publish_kb', Math.max(1, Math.ceil(bytes / 1000)));
        return { messageIds: broker.publish(target, held) };
      }),
    ),
    detachSubscription: write(({ subscription: name }: { subscription: string }) => {
      const subscription = holders.subscription(name);
      broker.messages.release(subscription.holder);
      holders.detach(name);
      const error = new RpcError(status.FAILED_PRECONDITION, `Subscription is detached (resource=${shortName(name)}).`);
      context.store.afterCommit(() => broker.stop(name, error));
      return {};
    }),
  };
}

/** Returns the bytes of a batch. @throws RpcError INVALID_ARGUMENT when it breaks a limit of Pub/Sub */
function checkBatch(messages: readonly NewMessage[]): number {
  if (messages.length === 0)
    throw invalid('The value for message_count is too small. You passed 0 in the request, but the minimum value is 1.');
  if (messages.length > MOST_MESSAGES) {
    throw invalid(
      `The value for message_count is too large. You passed ${messages.length} in the request, but the maximum value is ${MOST_MESSAGES}.`,
    );
  }
  let bytes = 0;
  for (const message of messages) {
    const attributes = Object.entries(message.attributes);
    if (message.data.byteLength === 0 && attributes.length === 0) {
      throw invalid(
        'One or more messages in the publish request is empty. Each message must contain either non-empty data, or at least one attribute.',
      );
    }
    if (attributes.length > MOST_ATTRIBUTES) throw invalid(`A message has more than ${MOST_ATTRIBUTES} attributes.`);
    for (const [key, value] of attributes) checkAttribute(key, value);
    if (Buffer.byteLength(message.orderingKey) > LONGEST_VALUE)
      throw invalid(`An ordering key is longer than ${LONGEST_VALUE} bytes.`);
    bytes += messageBytes(message);
  }
  if (bytes > MOST_BYTES) {
    throw invalid(`Request payload size exceeds the limit: ${MOST_BYTES} bytes. Publish fewer or smaller messages.`);
  }
  return bytes;
}

function checkAttribute(key: string, value: string): void {
  if (key === '' || key.toLowerCase().startsWith('goog')) {
    throw invalid(`Attribute keys must not be empty or begin with 'goog' (key=${key}).`);
  }
  if (Buffer.byteLength(key) > LONGEST_KEY)
    throw invalid(`The attribute key '${key}' is longer than ${LONGEST_KEY} bytes.`);
  if (Buffer.byteLength(value) > LONGEST_VALUE)
    throw invalid(`The value of attribute '${key}' is longer than ${LONGEST_VALUE} bytes.`);
}
