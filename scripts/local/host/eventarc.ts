import type { AnyFunction } from '../../../shared/define/function.ts';
import type { Trigger } from '../../../shared/define/trigger.ts';
import type { Delivery as Delivered } from '../chaos/deliveries.ts';
import { Alarm } from '../plumbing/alarm.ts';
import type { Clock } from '../plumbing/clock.ts';
import { Heap } from '../plumbing/heap.ts';
import type { Change } from '../plumbing/service.ts';
import type { Store } from '../plumbing/store.ts';
import { type BinaryEvent, changeEvent, type Place } from './cloud-events.ts';
import type { BuryEvent, DeadLetter } from './dead-letters.ts';
import { backoffMs, deliveryPolicy } from './delivery-policy.ts';

/** Sends an event to a function and tells the status it answered with; throws when there was no answer. */
export type DeliverEvent = (name: string, event: BinaryEvent, delivery: Omit<Delivered, 'target'>) => Promise<number>;

export interface EventarcOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly place: Place;
  readonly functions: readonly AnyFunction[];
  readonly deliver: DeliverEvent;
  readonly bury: BuryEvent;
  /** Instances that a function may have here. */
  maxInstances(fn: AnyFunction): number;
  log(severity: 'WARNING' | 'ERROR', message: string, fields?: Record<string, unknown>): void;
}

interface Delivery {
  readonly seq: number;
  readonly due: number;
}

interface Row {
  readonly headers: string;
  readonly body: Uint8Array;
  readonly attempts: number;
  readonly created: number;
}

/** What one function still has to be told. */
interface Inbox {
  readonly fn: AnyFunction;
  readonly waiting: Heap<Delivery>;
  readonly alarm: Alarm;
  inFlight: number;
}

/** Events that are with a function at a time, however many its instances take. */
const MOST_IN_FLIGHT = 100;

/**
 * Tells functions of changed documents and objects, at least once each. A change is stored with the transaction that
 * made it, one row a function; a row goes when the function has answered with success, or it is a dead letter.
 */
export class Eventarc {
  readonly #options: EventarcOptions;
  readonly #inboxes = new Map<string, Inbox>();
  #open = false;

  constructor(options: EventarcOptions) {
    this.#options = options;
    options.store.exec(`
      CREATE TABLE IF NOT EXISTS eventarc_deliveries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
        created INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);`);
    for (const fn of options.functions) {
      const alarm = new Alarm(options.clock, () => this.#pump(fn.name));
      this.#inboxes.set(fn.name, { fn, waiting: new Heap(({ due }) => due), alarm, inFlight: 0 });
    }
  }

  /** Records a change for every function whose trigger it matches. Belongs into the transaction that makes it. */
  emit(change: Change): void {
    const { store, clock, functions, place } = this.#options;
    for (const fn of functions) {
      const type = matchedType(fn.trigger, change);
      if (!type) continue;
      const { headers, body } = changeEvent(change, type, place);
      const due = clock.now();
      store.run(
        'INSERT INTO eventarc_deliveries (function, headers, body, created, due) VALUES (?, ?, ?, ?, ?)',
        ...[fn.name, JSON.stringify(headers), body, due, due],
      );
      const seq = Number(store.get<{ seq: number }>('SELECT last_insert_rowid() AS seq')?.seq);
      store.afterCommit(() => this.#enqueue(fn.name, { seq, due }));
    }
  }

  /** Delivers what an earlier process left, and from now on what is emitted. */
  start(): void {
    this.#open = true;
    const rows = this.#options.store.all<Delivery & { function: string }>(
      'SELECT seq, due, function FROM eventarc_deliveries ORDER BY seq',
    );
    for (const inbox of this.#inboxes.values()) while (inbox.waiting.pop());
    for (const { function: name, seq, due } of rows) this.#inboxes.get(name)?.waiting.push({ seq, due });
    for (const name of this.#inboxes.keys()) this.#pump(name);
  }

  /** Deliveries that are under way or wait for their time. */
  pending(): number {
    return [...this.#inboxes.values()].reduce((sum, { inFlight, waiting }) => sum + inFlight + waiting.size, 0);
  }

  close(): void {
    this.#open = false;
    for (const { alarm } of this.#inboxes.values()) alarm.set(undefined);
  }

  #enqueue(name: string, delivery: Delivery): void {
    this.#inboxes.get(name)?.waiting.push(delivery);
    this.#pump(name);
  }

  #pump(name: string): void {
    const inbox = this.#inboxes.get(name);
    if (!inbox || !this.#open) return;
    const { waiting, alarm, fn } = inbox;
    const most = Math.min(MOST_IN_FLIGHT, fn.concurrency * this.#options.maxInstances(fn));
    while (inbox.inFlight < most && (waiting.peek()?.due ?? Number.POSITIVE_INFINITY) <= this.#options.clock.now()) {
      const delivery = waiting.pop() as Delivery;
      inbox.inFlight += 1;
      void this.#deliver(name, delivery.seq).then((again) => {
        inbox.inFlight -= 1;
        if (again) waiting.push(again);
        this.#pump(name);
      });
    }
    alarm.set(inbox.inFlight < most ? waiting.peek()?.due : undefined);
  }

  /** Delivers once. Returns when to try again, undefined when it is done with. */
  async #deliver(name: string, seq: number): Promise<Delivery | undefined> {
    const { store, deliver } = this.#options;
    const row = store.get<Row>('SELECT headers, body, attempts, created FROM eventarc_deliveries WHERE seq = ?', seq);
    if (!row) return undefined;
    const event = { headers: JSON.parse(row.headers) as Record<string, string>, body: row.body };
    const outcome = await deliver(name, event, { kind: 'event', id: String(seq), attempt: row.attempts }).catch(
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (!this.#open) return undefined;
    if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) return this.#forget(seq);
    const reason = typeof outcome === 'number' ? `answered ${outcome}` : outcome;
    return this.#failed(seq, { function: name, event, attempts: row.attempts + 1, created: row.created }, reason);
  }

  async #failed(seq: number, letter: DeadLetter, reason: string): Promise<Delivery | undefined> {
    const { store, clock, log, bury } = this.#options;
    const { function: name, event, attempts, created } = letter;
    const fields = { event: event.headers['ce-id'], attempts };
    const due = clock.now() + backoffMs(attempts);
    if (attempts >= deliveryPolicy.attempts && (await bury(letter).catch(() => false))) {
      log('ERROR', `${name} never took an event, which is a dead letter now: ${reason}`, fields);
      return this.#forget(seq);
    }
    if (due - created > deliveryPolicy.retentionMs) {
      log('ERROR', `${name} never took an event, which is dropped: ${reason}`, fields);
      return this.#forget(seq);
    }
    log('WARNING', `${name} did not take an event: ${reason}`, fields);
    store.run('UPDATE eventarc_deliveries SET attempts = ?, due = ? WHERE seq = ?', attempts, due, seq);
    return { seq, due };
  }

  #forget(seq: number): undefined {
    this.#options.store.run('DELETE FROM eventarc_deliveries WHERE seq = ?', seq);
  }
}

/** The event type by which the trigger is told of the change, undefined when it is not meant. */
function matchedType(trigger: Trigger, change: Change): string | undefined {
  if (trigger.kind === 'document' && change.kind === 'document') {
    const [collection, ...rest] = change.path.split('/');
    const isMeant = collection === trigger.collection.name && rest.length === 1;
    return isMeant && (trigger.change === 'written' || trigger.change === change.type) ? trigger.change : undefined;
  }
  if (trigger.kind === 'object' && change.kind === 'object') {
    return trigger.bucket.name === change.bucket && trigger.event === change.type ? change.type : undefined;
  }
  return undefined;
}
