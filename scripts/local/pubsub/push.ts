import type { HttpSender } from '../plumbing/http-sender.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { Backlog } from './backlog.ts';
import type { Consumer, Delivery } from './consumer.ts';
import type { Entry, Lease } from './line.ts';
import type { Subscription } from './subscriptions.ts';

const FIRST_WINDOW = 5;
const LARGEST_WINDOW = 100;
/** Answers that acknowledge. */
const ACKNOWLEDGED = new Set([102, 200, 201, 202, 204]);

/**
 * Sends a push subscription's messages to its endpoint. How many are under way grows with each that is acknowledged and
 * halves with each that fails, as Pub/Sub's push window does.
 * @see https://cloud.google.com/pubsub/docs/push
 */
export class Pusher implements Consumer {
  readonly together = false;
  readonly #context: ServiceContext;
  readonly #sender: HttpSender;
  readonly #backlog: Backlog;
  readonly #open = new Map<Lease, AbortController>();
  #subscription: Subscription;
  #window = FIRST_WINDOW;

  constructor(subscription: Subscription, backlog: Backlog, parts: { context: ServiceContext; sender: HttpSender }) {
    this.#subscription = subscription;
    this.#backlog = backlog;
    this.#context = parts.context;
    this.#sender = parts.sender;
  }

  configure(subscription: Subscription): void {
    this.#subscription = subscription;
  }

  ackDeadlineMs(): number {
    return this.#subscription.settings.ackDeadlineSeconds * 1000;
  }

  room() {
    return { messages: this.#window - this.#open.size, bytes: Number.POSITIVE_INFINITY };
  }

  deliver(batch: readonly Delivery[]): void {
    for (const delivery of batch) {
      const cut = new AbortController();
      this.#open.set(delivery.lease, cut);
      void this.#send(delivery, cut.signal).then((ok) => {
        this.#open.delete(delivery.lease);
        this.#window = ok ? Math.min(LARGEST_WINDOW, this.#window + 1) : Math.max(1, this.#window >> 1);
        this.#backlog.settle(delivery.entry, delivery.lease, ok);
      });
    }
  }

  released(_entry: Entry, lease: Lease): void {
    this.#open.get(lease)?.abort(new Error('the acknowledgement deadline has passed'));
    this.#open.delete(lease);
  }

  async #send({ entry, message }: Delivery, signal: AbortSignal): Promise<boolean> {
    const { push, deadLetter } = this.#subscription.settings;
    if (!push) return false;
    const publishTime = new Date(message.published).toISOString();
    const body = JSON.stringify({
      message: {
        ...(message.data.byteLength > 0 ? { data: Buffer.from(message.data).toString('base64') } : {}),
        attributes: message.attributes,
        messageId: String(message.id),
        message_id: String(message.id),
        publishTime,
        publish_time: publishTime,
        ...(message.orderingKey ? { orderingKey: message.orderingKey } : {}),
      },
      subscription: this.#subscription.name,
      ...(deadLetter ? { deliveryAttempt: entry.attempts + 1 } : {}),
    });
    this.#context.meter('pubsub.deliver_kb', Math.max(1, Math.ceil(entry.bytes / 1000)));
    try {
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        accept: 'application/json',
        from: 'noreply@google.com',
        'user-agent': 'CloudPubSub-Google',
      };
      if (push.oidc) {
        const token = await this.#context.identityToken(
          push.oidc.audience || push.endpoint,
          push.oidc.serviceAccountEmail,
        );
        headers.authorization = `Bearer ${token}`;
      }
      const answer = await this.#sender.send({ url: push.endpoint, method: 'POST', headers, body, signal });
      return ACKNOWLEDGED.has(answer.status);
    } catch {
      // Refused, cut or too late: the message comes again.
      return false;
    }
  }
}
