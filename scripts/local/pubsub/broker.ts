import { status } from '@grpc/grpc-js';
import { Alarm } from '../plumbing/alarm.ts';
import { RpcError } from '../plumbing/grpc.ts';
import { HttpSender } from '../plumbing/http-sender.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { Backlog } from './backlog.ts';
import { type Filter, parseFilter } from './filter.ts';
import { type Held, Messages, messageBytes, type NewMessage, type StoredMessage } from './messages.ts';
import { notFound, projectOf, shortName } from './names.ts';
import { Pusher } from './push.ts';
import { Schemas } from './schemas.ts';
import { Holders, type Subscription } from './subscriptions.ts';
import { type Topic, Topics } from './topics.ts';

interface Holder {
  readonly holder: number;
  readonly name: string;
  readonly filter: Filter;
}

interface Running {
  subscription: Subscription;
  readonly backlog: Backlog;
  pusher: Pusher | undefined;
  /** What to call when the subscription ends. */
  readonly ends: Map<object, (error: Error) => void>;
}

const SWEEP_EVERY_MS = 10 * 60_000;

/** Takes messages from topics to subscriptions: what is stored, and what is under way. */
export class Broker {
  readonly context: ServiceContext;
  readonly schemas: Schemas;
  readonly topics: Topics;
  readonly holders: Holders;
  readonly messages: Messages;
  readonly #sender = new HttpSender();
  readonly #running = new Map<string, Running>();
  /** Holders of each topic that was published to, until anything about them changes. */
  readonly #holdersOf = new Map<number, readonly Holder[]>();
  readonly #sweeping: Alarm;
  #serial: number;

  constructor(context: ServiceContext) {
    this.context = context;
    this.schemas = new Schemas(context);
    this.topics = new Topics(context.store, this.schemas);
    this.holders = new Holders(context.store);
    this.messages = new Messages(context.store, context.clock);
    this.#serial = context.clock.now() * 1000;
    this.#sweeping = new Alarm(context.clock, () => this.#sweep());
  }

  start(): void {
    for (const subscription of this.holders.subscriptions()) this.run(subscription);
    this.#sweep();
  }

  close(): void {
    this.#sweeping.set(undefined);
    for (const { backlog } of this.#running.values()) backlog.close();
    this.#sender.close();
  }

  /** Messages of push subscriptions that are not acknowledged. */
  pending(): number {
    let count = 0;
    for (const { backlog, pusher } of this.#running.values()) if (pusher) count += backlog.size;
    return count;
  }

  /** Stores messages for all that hold the topic's messages. Call it inside a transaction. Returns their ids. */
  publish(topic: Topic, batch: readonly NewMessage[]): string[] {
    const { clock, store } = this.context;
    const published = clock.now();
    const all = this.#holders(topic.id);
    const additions = new Map<string, Held[]>();
    const ids = batch.map((given) => {
      const message: StoredMessage = { ...given, id: this.messages.nextId(), published };
      const holders = all.filter(({ filter }) => filter(message.attributes));
      if (holders.length > 0 || topic.retentionMs > 0) {
        const retained = topic.retentionMs > 0 ? published + topic.retentionMs : 0;
        this.messages.insert(
          message,
          topic.id,
          retained,
          holders.map(({ holder }) => holder),
        );
      }
      const { id, orderingKey } = message;
      const held: Held = { id, orderingKey, published, bytes: messageBytes(message), attempts: 0 };
      for (const { name } of holders) {
        const list = additions.get(name);
        if (list) list.push(held);
        else additions.set(name, [held]);
      }
      return String(message.id);
    });
    store.afterCommit(() => {
      for (const [name, held] of additions) this.#running.get(name)?.backlog.add(held);
    });
    return ids;
  }

  /** @throws RpcError NOT_FOUND */
  subscription(name: string): Subscription {
    return this.#running.get(name)?.subscription ?? this.holders.subscription(name);
  }

  /** The backlog of a subscription. @throws RpcError NOT_FOUND; FAILED_PRECONDITION when it is detached */
  backlog(name: string): Backlog {
    const running = this.#running.get(name);
    if (running) return running.backlog;
    this.holders.subscription(name);
    throw new RpcError(status.FAILED_PRECONDITION, `Subscription is detached (resource=${shortName(name)}).`);
  }

  /** The backlog of a subscription that is pulled. @throws RpcError NOT_FOUND, FAILED_PRECONDITION */
  pullable(name: string): Backlog {
    const backlog = this.backlog(name);
    if (!this.subscription(name).settings.push) return backlog;
    throw new RpcError(
      status.FAILED_PRECONDITION,
      'This method is not supported for this subscription type: it is a push subscription.',
    );
  }

  /** Starts to deliver a subscription, or goes on with its new settings. */
  run(subscription: Subscription): void {
    this.forgetHolders();
    if (subscription.detached) return;
    let running = this.#running.get(subscription.name);
    if (!running) {
      const parts = {
        context: this.context,
        messages: this.messages,
        nextSerial: () => ++this.#serial,
        forward: this.#forward.bind(this),
      };
      running = { subscription, backlog: new Backlog(subscription, parts), pusher: undefined, ends: new Map() };
      this.#running.set(subscription.name, running);
    }
    running.subscription = subscription;
    running.backlog.configure(subscription);
    this.#configurePusher(running);
  }

  /** Stops to deliver a subscription that was deleted or detached. */
  stop(name: string, error: Error = notFound(name)): void {
    this.forgetHolders();
    const running = this.#running.get(name);
    this.#running.delete(name);
    running?.backlog.close();
    for (const end of [...(running?.ends.values() ?? [])]) end(error);
  }

  /** Calls `end` when the subscription is deleted or detached. */
  onEnd(name: string, key: object, end: (error: Error) => void): void {
    this.#running.get(name)?.ends.set(key, end);
  }

  offEnd(name: string, key: object): void {
    this.#running.get(name)?.ends.delete(key);
  }

  /** Topics, subscriptions or snapshots have changed. */
  forgetHolders(): void {
    this.#holdersOf.clear();
  }

  #holders(topicId: number): readonly Holder[] {
    let holders = this.#holdersOf.get(topicId);
    if (!holders) {
      holders = this.holders.ofTopic(topicId).map((row) => ({ ...row, filter: parseFilter(row.filter) }));
      this.#holdersOf.set(topicId, holders);
    }
    return holders;
  }

  #configurePusher(running: Running): void {
    const { backlog, subscription } = running;
    if (!subscription.settings.push) {
      if (running.pusher) backlog.detach(running.pusher);
      running.pusher = undefined;
    } else if (running.pusher) running.pusher.configure(subscription);
    else {
      running.pusher = new Pusher(subscription, backlog, { context: this.context, sender: this.#sender });
      for (const end of [...running.ends.values()]) {
        end(new RpcError(status.FAILED_PRECONDITION, 'The subscription has become a push subscription.'));
      }
      backlog.attach(running.pusher);
    }
  }

  #forward(subscription: Subscription, message: StoredMessage, attempts: number): boolean {
    const topic = this.topics.find(subscription.settings.deadLetter?.topic ?? '');
    if (!topic) return false;
    const attributes = {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: shortName(subscription.name),
      CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(subscription.name),
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.published).toISOString(),
    };
    this.publish(topic, [{ ...message, attributes }]);
    return true;
  }

  /** Forgets what is past its retention, snapshots past their time, and subscriptions that were idle for too long. */
  #sweep(): void {
    const now = this.context.clock.now();
    this.#sweeping.set(now + SWEEP_EVERY_MS);
    this.context.store.transaction(() => this.#forgetOld(now));
  }

  #forgetOld(now: number): void {
    for (const { name, holder, settings } of this.holders.subscriptions()) {
      this.messages.releaseBefore(holder, now - settings.retentionMs);
      const active = this.#running.get(name)?.backlog.lastActive ?? now;
      if (settings.expirationMs !== null && now - active > settings.expirationMs) this.#expire(name, holder);
    }
    for (const snapshot of this.holders.snapshots()) {
      if (snapshot.expires > now) continue;
      this.holders.delete(snapshot.name);
      this.messages.release(snapshot.holder);
      this.forgetHolders();
    }
    this.messages.forgetUnheld();
  }

  #expire(name: string, holder: number): void {
    this.holders.delete(name);
    this.messages.release(holder);
    this.context.log(
      'WARNING',
      `subscription ${name} was idle for longer than its expiration policy allows and is deleted`,
    );
    this.context.store.afterCommit(() => this.stop(name));
    this.forgetHolders();
  }
}
