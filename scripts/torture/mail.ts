import type { Message, PubSub } from '@google-cloud/pubsub';
import { type Receiver, startReceiver } from '../local/plumbing/receiver.ts';
import type { Random } from './random.ts';

/** Messages under way on a pull subscription with a dead-letter topic, and on a push subscription. */
export interface Mail {
  /** Publishes. @throws Error when it is not known whether it was taken */
  publish(id: string): Promise<void>;
  /** Acknowledged by the puller, or found in the dead-letter topic. */
  readonly pulled: ReadonlySet<string>;
  readonly dead: ReadonlySet<string>;
  /** Pushed and answered with 2xx. */
  readonly pushed: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Every message of this remainder is refused until it is dead-lettered. */
const POISON = 17;

/** The client's own waits between attempts grow to a minute. */
const PATIENCE = {
  retryCodes: [1, 2, 4, 8, 10, 13, 14],
  backoffSettings: {
    ...{ initialRetryDelayMillis: 100, retryDelayMultiplier: 1.3, maxRetryDelayMillis: 1000 },
    ...{
      initialRpcTimeoutMillis: 5000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 5000,
      totalTimeoutMillis: 30_000,
    },
  },
};

/** Whether a message is never acknowledged. */
const isPoison = (id: string): boolean => Number(id.split('-').at(-1)) % POISON === 0;

export async function openMail(pubsub: PubSub, random: Random): Promise<Mail> {
  const [pulled, dead, pushed] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const receiver = await startReceiver(({ body }) => {
    if (random.chance(0.1)) return 503;
    pushed.add(Buffer.from(JSON.parse(body).message.data, 'base64').toString());
    return 204;
  });
  await makeResources(pubsub, receiver);
  const stops = [
    listen(pubsub, 'torture-pull', (message, id) => {
      if (isPoison(id) || random.chance(0.1)) return message.nack();
      pulled.add(id);
      message.ack();
    }),
    listen(pubsub, 'torture-dead-pull', (message, id) => {
      dead.add(id);
      message.ack();
    }),
  ];
  const topic = pubsub.topic('torture', { batching: { maxMilliseconds: 5 }, gaxOpts: { retry: PATIENCE } });
  return {
    async publish(id) {
      await topic.publishMessage({ data: Buffer.from(id) });
    },
    ...{ pulled, dead, pushed },
    async close() {
      await Promise.all(stops.map((stop) => stop()));
      await receiver.close();
    },
  };
}

async function makeResources(pubsub: PubSub, { url }: Receiver): Promise<void> {
  const [topic] = await pubsub.createTopic('torture');
  const [deadLetters] = await pubsub.createTopic('torture-dead');
  await deadLetters.createSubscription('torture-dead-pull');
  await topic.createSubscription('torture-pull', {
    deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 5 },
    retryPolicy: { minimumBackoff: { nanos: 10_000_000 }, maximumBackoff: { nanos: 200_000_000 } },
  });
  await topic.createSubscription('torture-push', {
    pushConfig: { pushEndpoint: url },
    retryPolicy: { minimumBackoff: { nanos: 10_000_000 }, maximumBackoff: { nanos: 200_000_000 } },
  });
}

/** The client opens its streams again by itself when they break, but gives up on some errors: then it is asked again. */
function listen(pubsub: PubSub, name: string, take: (message: Message, id: string) => void): () => Promise<void> {
  let closed = false;
  let subscription = open();
  function open() {
    const opened = pubsub.subscription(name);
    opened.on('message', (message: Message) => take(message, message.data.toString()));
    opened.on('error', () => {
      void opened.close().then(() => {
        if (!closed) subscription = open();
      });
    });
    return opened;
  }
  return async () => {
    closed = true;
    await subscription.close();
  };
}
