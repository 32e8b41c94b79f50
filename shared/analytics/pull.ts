import type { v1 } from '@google-cloud/pubsub';
import type { PullSubscription } from '../define/resources.ts';
import { defineService, reads, writes } from '../define/service.ts';
import { deadLetter } from '../events/dead-letter.ts';
import { analyticsSubscriptions, deadLetters } from '../resources/topics.ts';

/** A message that was pulled and must be acknowledged. */
export interface Pulled {
  readonly ackId: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
}

/** Pulls subscriptions in batches. */
export interface Puller {
  /** At most `most` messages that are there now; none when there are none. */
  pull(subscription: PullSubscription, most: number): Promise<Pulled[]>;
  acknowledge(subscription: PullSubscription, messages: readonly Pulled[]): Promise<void>;
  /** Has messages come again at once. */
  giveBack(subscription: PullSubscription, messages: readonly Pulled[]): Promise<void>;
  /** Keeps a message that cannot be stored, with the reason. */
  deadLetter(message: Pulled, reason: string): Promise<void>;
}

/** How long an empty subscription is waited for, in milliseconds. */
const PATIENCE_MS = 1500;
const DEADLINE_EXCEEDED = 4;

function toMilliseconds(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

export const puller = defineService([...analyticsSubscriptions.map(reads), writes(deadLetters)], (platform): Puller => {
  let client: Promise<v1.SubscriberClient> | undefined;
  const subscriber = () => {
    client ??= open();
    return client;
  };
  async function open(): Promise<v1.SubscriberClient> {
    const pubsub = await platform.clients.pubsub();
    const { v1 } = await import('@google-cloud/pubsub');
    const opened = new v1.SubscriberClient(
      (await pubsub.getClientConfig()) as ConstructorParameters<typeof v1.SubscriberClient>[0],
    );
    platform.onStop(() => opened.close());
    return opened;
  }
  const nameOf = (subscription: PullSubscription) =>
    `projects/${platform.config.project}/subscriptions/${subscription.name}`;
  return {
    async pull(subscription, most) {
      try {
        const request = { subscription: nameOf(subscription), maxMessages: most };
        const [answer] = await (await subscriber()).pull(request, { timeout: PATIENCE_MS, retry: null });
        return (answer.receivedMessages ?? []).map(({ ackId, message }) => ({
          ackId: ackId ?? '',
          data: Buffer.from((message?.data as Uint8Array | undefined) ?? ''),
          attributes: message?.attributes ?? {},
          publishedAt: toMilliseconds(message?.publishTime),
        }));
      } catch (error) {
        if ((error as { code?: number }).code === DEADLINE_EXCEEDED) return [];
        throw error;
      }
    },
    async acknowledge(subscription, messages) {
      if (messages.length === 0) return;
      await (await subscriber()).acknowledge({
        subscription: nameOf(subscription),
        ackIds: messages.map(({ ackId }) => ackId),
      });
    },
    async giveBack(subscription, messages) {
      if (messages.length === 0) return;
      await (await subscriber()).modifyAckDeadline({
        subscription: nameOf(subscription),
        ackIds: messages.map(({ ackId }) => ackId),
        ackDeadlineSeconds: 0,
      });
    },
    deadLetter: (message, reason) => deadLetter(platform, message, reason),
  };
});
