import { Alarm } from '../plumbing/alarm.ts';
import { Heap } from '../plumbing/heap.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { Consumer, Delivery } from './consumer.ts';
import { type Entry, type Lease, Line, type Room } from './line.ts';
import type { Held, Messages, StoredMessage } from './messages.ts';
import type { Subscription } from './subscriptions.ts';

/** Which delivery of which message. */
interface DeliveryRef {
  readonly id: number;
  readonly serial: number;
}

interface Deadline {
  readonly time: number;
  readonly entry: Entry;
  readonly lease: Lease;
}

/** What a backlog needs of the broker. */
export interface BacklogParts {
  readonly context: ServiceContext;
  readonly messages: Messages;
  /** A number no other lease has. */
  nextSerial(): number;
  /** Publishes a message that failed too often to the dead letter topic; false when there is none. Called in a transaction. */
  forward(subscription: Subscription, message: StoredMessage, attempts: number): boolean;
}

const NO_ROOM: Room = { messages: 0, bytes: 0 };
const LARGEST_BATCH = 500;
const MOST_STALE = 4096;
/** How soon a failed push is tried again when the subscription has no retry policy: doubling from the least to the most. */
const PUSH_BACKOFF = { minMs: 100, maxMs: 60_000 };

/**
 * What a subscription has not acknowledged, in memory; leases live here only, so that a delivery costs no write.
 * It is woken by what happens and otherwise sleeps until the next deadline or backoff is over.
 */
export class Backlog {
  readonly #parts: BacklogParts;
  readonly #alarm: Alarm;
  readonly #consumers = new Set<Consumer>();
  readonly #out = new Map<Entry, Consumer>();
  #subscription: Subscription;
  #entries = new Map<number, Entry>();
  #line: Line;
  #deadlines = new Heap<Deadline>((deadline) => deadline.time);
  #settled: { entry: Entry; lease: Lease; ok: boolean }[] = [];
  #woken = false;
  #closed = false;
  #active: number;
  /** Deliveries of lower serials are from before a seek: what they brought is not acknowledged by them any more. */
  #first = 0;

  constructor(subscription: Subscription, parts: BacklogParts) {
    this.#subscription = subscription;
    this.#parts = parts;
    this.#active = parts.context.clock.now();
    this.#alarm = new Alarm(parts.context.clock, () => this.#pump());
    this.#line = new Line(subscription.settings.ordering);
    this.add(parts.messages.unacked(subscription.holder));
  }

  /** Messages that are not acknowledged. */
  get size(): number {
    return this.#entries.size;
  }

  /** When somebody last connected or acknowledged; at first, when the local cloud started. */
  get lastActive(): number {
    return this.#consumers.size > 0 && !this.#subscription.settings.push
      ? this.#parts.context.clock.now()
      : this.#active;
  }

  /** Starts over from what a seek has stored; what is out is forgotten, and no longer acknowledges anything. */
  restart(): void {
    this.#first = this.#parts.nextSerial();
    for (const entry of [...this.#out.keys()]) this.#release(entry);
    this.#entries = new Map();
    this.#deadlines = new Heap((deadline) => deadline.time);
    this.#line = new Line(this.#subscription.settings.ordering);
    this.add(this.#parts.messages.unacked(this.#subscription.holder));
  }

  configure(subscription: Subscription): void {
    this.#subscription = subscription;
    this.wake();
  }

  add(held: readonly Held[]): void {
    const now = this.#parts.context.clock.now();
    for (const message of held) {
      const entry: Entry = { ...message, due: 0, gone: false, lease: undefined };
      this.#entries.set(entry.id, entry);
      this.#line.add(entry, now);
    }
    this.wake();
  }

  attach(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.#active = this.#parts.context.clock.now();
    this.wake();
  }

  detach(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /**
   * Acknowledges messages, also those whose deadline has passed unless delivery is exactly once or a seek has come between.
   * Durable when it returns. Returns the deliveries that were over.
   */
  acknowledge<Ref extends DeliveryRef>(deliveries: readonly Ref[]): Set<Ref> {
    const { context } = this.#parts;
    const over = new Set<Ref>();
    context.store.transaction(() => {
      for (const delivery of deliveries) {
        const entry = this.#entries.get(delivery.id);
        const isOver = !this.#leaseOf(delivery, context.clock.now());
        if (isOver) over.add(delivery);
        const isVoid = isOver && (this.#subscription.settings.exactlyOnce || delivery.serial < this.#first);
        if (entry && !isVoid) this.#ack(entry);
      }
    });
    this.wake();
    return over;
  }

  /** Moves the deadlines of deliveries to `seconds` from now; 0 gives them up. Returns the deliveries that were over. */
  modify<Ref extends DeliveryRef>(deliveries: readonly Ref[], seconds: number): Set<Ref> {
    const now = this.#parts.context.clock.now();
    const over = new Set<Ref>();
    this.#parts.context.store.transaction(() => {
      for (const delivery of deliveries) {
        const entry = this.#entries.get(delivery.id);
        const lease = this.#leaseOf(delivery, now);
        if (!entry || !lease) over.add(delivery);
        else if (seconds === 0) this.#fail(entry, now);
        else this.#extend(entry, lease, now + seconds * 1000);
      }
    });
    this.wake();
    return over;
  }

  /** A delivery was acknowledged or failed; written with others as soon as what runs now is through. */
  settle(entry: Entry, lease: Lease, ok: boolean): void {
    this.#settled.push({ entry, lease, ok });
    this.wake();
  }

  close(): void {
    this.#closed = true;
    this.#alarm.set(undefined);
    for (const entry of [...this.#out.keys()]) this.#release(entry);
  }

  wake(): void {
    if (this.#woken || this.#closed) return;
    this.#woken = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#woken = false;
    if (this.#closed) return;
    const now = this.#parts.context.clock.now();
    this.#write(now);
    while (this.#line.hasNext(now)) {
      const [consumer, room] = this.#freest();
      if (!consumer) break;
      const batch = this.#line.take(
        now,
        { ...room, messages: Math.min(room.messages, LARGEST_BATCH) },
        consumer.together,
      );
      this.#hand(batch, consumer, now);
    }
    this.#tidy();
    const deadline = this.#deadlines.peek()?.time ?? Number.POSITIVE_INFINITY;
    this.#alarm.set(Math.min(deadline, this.#line.nextDue() ?? Number.POSITIVE_INFINITY));
  }

  /** Writes what was settled and what has expired. */
  #write(now: number): void {
    const settled = this.#settled;
    this.#settled = [];
    const expired: Deadline[] = [];
    for (let next = this.#deadlines.peek(); next && next.time <= now; next = this.#deadlines.peek()) {
      this.#deadlines.pop();
      if (next.entry.lease === next.lease && next.lease.deadline <= now) expired.push(next);
    }
    if (settled.length + expired.length === 0) return;
    this.#parts.context.store.transaction(() => {
      for (const { entry, lease, ok } of settled) {
        if (entry.lease !== lease) continue;
        if (ok) this.#ack(entry);
        else this.#fail(entry, now);
      }
      for (const { entry, lease } of expired) if (entry.lease === lease) this.#fail(entry, now);
    });
  }

  /** Deadlines of deliveries that are over stay in the heap until they pass; too many of them are not kept. */
  #tidy(): void {
    if (this.#deadlines.size < MOST_STALE || this.#deadlines.size < 4 * this.#out.size) return;
    this.#deadlines = new Heap((deadline) => deadline.time);
    for (const entry of this.#out.keys()) {
      if (entry.lease) this.#deadlines.push({ time: entry.lease.deadline, entry, lease: entry.lease });
    }
  }

  #freest(): [Consumer | undefined, Room] {
    let best: Consumer | undefined;
    let most = NO_ROOM;
    for (const consumer of this.#consumers) {
      const room = consumer.room();
      if (room.messages <= most.messages || room.bytes <= 0) continue;
      best = consumer;
      most = room;
    }
    return [best, most];
  }

  #hand(batch: readonly Entry[], consumer: Consumer, now: number): void {
    const { messages, context } = this.#parts;
    const oldest = now - this.#subscription.settings.retentionMs;
    const deliveries: Delivery[] = [];
    const dropped: Entry[] = [];
    for (const entry of batch) {
      const message = entry.published < oldest ? undefined : messages.read(entry.id);
      if (!message) {
        dropped.push(entry);
        continue;
      }
      const lease: Lease = { serial: this.#parts.nextSerial(), deadline: 0 };
      entry.lease = lease;
      this.#out.set(entry, consumer);
      this.#extend(entry, lease, now + consumer.ackDeadlineMs());
      deliveries.push({ entry, lease, message });
    }
    if (dropped.length > 0) context.store.transaction(() => dropped.forEach((entry) => void this.#ack(entry)));
    if (deliveries.length > 0) consumer.deliver(deliveries);
  }

  /** The lease of a delivery, unless it is over: acknowledged, given up, past its deadline, or delivered again since. */
  #leaseOf({ id, serial }: DeliveryRef, now: number): Lease | undefined {
    const lease = this.#entries.get(id)?.lease;
    return lease?.serial === serial && lease.deadline > now ? lease : undefined;
  }

  #extend(entry: Entry, lease: Lease, deadline: number): void {
    lease.deadline = deadline;
    this.#deadlines.push({ time: deadline, entry, lease });
  }

  #ack(entry: Entry): void {
    const { context, messages } = this.#parts;
    this.#active = context.clock.now();
    this.#release(entry);
    this.#entries.delete(entry.id);
    this.#line.done(entry, this.#active);
    messages.ack(this.#subscription.holder, entry.id, this.#subscription.settings.retainAcked);
  }

  #fail(entry: Entry, now: number): void {
    this.#release(entry);
    entry.attempts += 1;
    const { deadLetter } = this.#subscription.settings;
    if (deadLetter && entry.attempts >= deadLetter.maxAttempts) {
      const message = this.#parts.messages.read(entry.id);
      if (message && this.#parts.forward(this.#subscription, message, entry.attempts)) {
        this.#ack(entry);
        return;
      }
    }
    this.#parts.messages.failed(this.#subscription.holder, entry.id, entry.attempts);
    entry.due = now + this.#backoffMs(entry.attempts);
    for (const other of this.#line.back(entry, now)) this.#release(other);
  }

  #backoffMs(attempts: number): number {
    const { push, retry = push ? PUSH_BACKOFF : undefined } = this.#subscription.settings;
    return retry ? Math.min(retry.maxMs, retry.minMs * 2 ** Math.min(attempts - 1, 30)) : 0;
  }

  #release(entry: Entry): void {
    const { lease } = entry;
    if (!lease) return;
    entry.lease = undefined;
    const consumer = this.#out.get(entry);
    this.#out.delete(entry);
    consumer?.released(entry, lease);
  }
}
