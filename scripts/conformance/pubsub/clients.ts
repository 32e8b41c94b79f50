import { PubSub, type protos, v1 } from '@google-cloud/pubsub';
import { type Answer, type Receiver, startReceiver } from '../../local/plumbing/receiver.ts';
import type { World } from '../behaviour.ts';
import { localClient, nobody } from '../grpc.ts';

export type ISubscription = protos.google.pubsub.v1.ISubscription;
export type ITopic = protos.google.pubsub.v1.ITopic;
export type IReceivedMessage = protos.google.pubsub.v1.IReceivedMessage;
export type IPubsubMessage = protos.google.pubsub.v1.IPubsubMessage;

/** The clients, and topics and subscriptions made for one behaviour each. */
export interface Clients {
  readonly pubsub: PubSub;
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  readonly schemas: v1.SchemaServiceClient;
  /** `projects/P` */
  readonly project: string;
  /** A full name that nothing has had before. */
  name(kind: 'topics' | 'subscriptions' | 'snapshots' | 'schemas'): string;
  /** A new topic; it is deleted at the end. */
  topic(settings?: ITopic): Promise<string>;
  /** A new subscription; it is deleted at the end. */
  subscription(topic: string, settings?: ISubscription): Promise<string>;
  /** A new topic with a subscription. */
  pair(settings?: ISubscription): Promise<{ topic: string; subscription: string }>;
  /** Publishes texts in order, in one request. Returns their ids. */
  publish(topic: string, ...messages: (string | IPubsubMessage)[]): Promise<string[]>;
  /** Pulls until there are as many messages; they keep the order in which they came. */
  pull(subscription: string, count: number): Promise<IReceivedMessage[]>;
  /** What a pull that does not wait gets. */
  glance(subscription: string): Promise<IReceivedMessage[]>;
  ack(subscription: string, messages: readonly IReceivedMessage[]): Promise<unknown>;
  /** Sets the deadline of deliveries; 0 gives them up. */
  modify(subscription: string, messages: readonly IReceivedMessage[], seconds: number): Promise<unknown>;
  /** A little HTTP server on this machine; it is closed at the end. */
  receiver(answer?: Answer): Promise<Receiver>;
}

export function openClients(world: World): Clients {
  const shared = { projectId: world.project, ...(world.endpoint === undefined ? {} : localClient(world.endpoint)) };
  const publisher = new v1.PublisherClient(shared);
  const subscriber = new v1.SubscriberClient(shared);
  const schemas = new v1.SchemaServiceClient(shared);
  const pubsub = new PubSub(
    world.endpoint === undefined
      ? { projectId: world.project }
      : { projectId: world.project, apiEndpoint: world.endpoint, emulatorMode: true, authClient: nobody() },
  );
  world.onEnd(() => Promise.all([publisher.close(), subscriber.close(), schemas.close(), pubsub.close()]));
  const project = `projects/${world.project}`;
  const name = (kind: string) => `${project}/${kind}/${world.name('c')}`;
  const topic = async (settings: ITopic = {}) => {
    const [made] = await publisher.createTopic({ ...settings, name: settings.name ?? name('topics') });
    world.onEnd(() => publisher.deleteTopic({ topic: made.name ?? '' }).catch(() => undefined));
    return made.name ?? '';
  };
  const subscription = async (of: string, settings: ISubscription = {}) => {
    const called = settings.name ?? name('subscriptions');
    await subscriber.createSubscription({ ...settings, name: called, topic: of });
    world.onEnd(() => subscriber.deleteSubscription({ subscription: called }).catch(() => undefined));
    return called;
  };
  return {
    ...{ pubsub, publisher, subscriber, schemas, project, name, topic, subscription },
    async pair(settings) {
      const made = await topic();
      return { topic: made, subscription: await subscription(made, settings) };
    },
    ...messaging(publisher, subscriber),
    async receiver(answer) {
      const receiver = await startReceiver(answer);
      world.onEnd(() => receiver.close());
      return receiver;
    },
  };
}

function messaging(publisher: v1.PublisherClient, subscriber: v1.SubscriberClient) {
  const idsOf = (messages: readonly IReceivedMessage[]) => messages.map(({ ackId }) => ackId ?? '');
  return {
    async publish(topic: string, ...given: (string | IPubsubMessage)[]) {
      const messages = given.map((each) => (typeof each === 'string' ? { data: Buffer.from(each) } : each));
      return (await publisher.publish({ topic, messages }))[0].messageIds ?? [];
    },
    async pull(subscription: string, count: number) {
      const got: IReceivedMessage[] = [];
      while (got.length < count) {
        const [answer] = await subscriber.pull({ subscription, maxMessages: count - got.length });
        got.push(...(answer.receivedMessages ?? []));
      }
      return got;
    },
    async glance(subscription: string) {
      const [answer] = await subscriber.pull({ subscription, maxMessages: 10, returnImmediately: true });
      return answer.receivedMessages ?? [];
    },
    ack: (subscription: string, messages: readonly IReceivedMessage[]) =>
      subscriber.acknowledge({ subscription, ackIds: idsOf(messages) }),
    modify: (subscription: string, messages: readonly IReceivedMessage[], ackDeadlineSeconds: number) =>
      subscriber.modifyAckDeadline({ subscription, ackIds: idsOf(messages), ackDeadlineSeconds }),
  };
}

/** The data of messages as texts. */
export function texts(messages: readonly IReceivedMessage[]): string[] {
  return messages.map(({ message }) => String(message?.data));
}
