import { v1 } from '@google-cloud/pubsub';
import { type protos, SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { World } from '../behaviour.ts';
import { localClient } from '../grpc.ts';

type ISecret = protos.google.cloud.secretmanager.v1.ISecret;
type IVersion = protos.google.cloud.secretmanager.v1.ISecretVersion;

/** The clients, and secrets made for one behaviour each. */
export interface Clients {
  readonly secrets: SecretManagerServiceClient;
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  /** `projects/P` */
  readonly parent: string;
  /** A new secret; it is deleted at the end. */
  create(secret?: ISecret, id?: string): Promise<ISecret & { name: string }>;
  /** A new version. */
  add(secret: string, text: string): Promise<IVersion & { name: string }>;
  /** The payload of a version as text. */
  access(secret: string, version: string): Promise<string>;
  /** A new topic with a subscription of its own. */
  topic(): Promise<{ name: string; subscription: string }>;
  /** The next messages of a subscription, until one is of the wanted event type. */
  event(subscription: string, type: string): Promise<{ attributes: Record<string, string>; data: unknown }>;
}

const LONGEST_WAIT_MS = 10_000;

export function openClients(world: World): Clients {
  const options = world.endpoint === undefined ? {} : localClient(world.endpoint);
  const shared = { projectId: world.project, ...options };
  const secrets = new SecretManagerServiceClient(shared);
  const publisher = new v1.PublisherClient(shared);
  const subscriber = new v1.SubscriberClient(shared);
  const parent = `projects/${world.project}`;
  world.onEnd(async () => await Promise.all([secrets.close(), publisher.close(), subscriber.close()]));
  return {
    ...{ secrets, publisher, subscriber, parent },
    async create(secret = {}, secretId = world.name('secret')) {
      const whole = { replication: { automatic: {} }, ...secret };
      const [made] = await secrets.createSecret({ parent, secretId, secret: whole });
      const name = `${parent}/secrets/${secretId}`;
      world.onEnd(() => secrets.deleteSecret({ name }).catch(() => undefined));
      return { ...made, name: made.name ?? name };
    },
    async add(secret, text) {
      const [made] = await secrets.addSecretVersion({ parent: secret, payload: { data: Buffer.from(text) } });
      return { ...made, name: made.name ?? '' };
    },
    async access(secret, version) {
      const [answer] = await secrets.accessSecretVersion({ name: `${secret}/versions/${version}` });
      return String(answer.payload?.data);
    },
    async topic() {
      const id = world.name('topic');
      const name = `${parent}/topics/${id}`;
      const subscription = `${parent}/subscriptions/${id}`;
      await publisher.createTopic({ name });
      await subscriber.createSubscription({ name: subscription, topic: name });
      world.onEnd(() => subscriber.deleteSubscription({ subscription }));
      world.onEnd(() => publisher.deleteTopic({ topic: name }));
      return { name, subscription };
    },
    event: (subscription, type) => nextEvent(subscriber, subscription, type),
  };
}

async function nextEvent(subscriber: v1.SubscriberClient, subscription: string, type: string) {
  const seen: string[] = [];
  for (const limit = Date.now() + LONGEST_WAIT_MS; Date.now() < limit; ) {
    const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: 1 });
    for (const { ackId, message } of receivedMessages ?? []) {
      await subscriber.acknowledge({ subscription, ackIds: [ackId ?? ''] });
      const attributes = { ...message?.attributes };
      if (attributes.eventType === type) return { attributes, data: JSON.parse(String(message?.data)) as unknown };
      seen.push(String(attributes.eventType));
    }
  }
  throw new Error(`no ${type} came to ${subscription}, only ${seen.join(', ') || 'nothing'}`);
}
