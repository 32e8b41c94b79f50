import { Heap } from '../plumbing/heap.ts';
import type { Held } from './messages.ts';

/** A message that a subscription has not acknowledged. */
export interface Entry extends Held {
  attempts: number;
  /** Not to be delivered before this time (ms since the epoch). */
  due: number;
  /** Acknowledged: whoever still finds it skips it. */
  gone: boolean;
  lease: Lease | undefined;
}

/** A delivery that is neither acknowledged nor given up. */
export interface Lease {
  /** Distinguishes this delivery of the message from others. */
  readonly serial: number;
  deadline: number;
}

/** The messages of one ordering key: only its first ones are out, until they are acknowledged. */
interface Key {
  readonly waiting: Heap<Entry>;
  readonly out: Set<Entry>;
  /** Whether its first message stands in the line. */
  queued: boolean;
}

/** How much may be taken. */
export interface Room {
  readonly messages: number;
  readonly bytes: number;
}

/** Which messages of a subscription may be delivered next: oldest first, and in order where ordering is enabled. */
export class Line {
  readonly #ordered: boolean;
  readonly #ready = new Heap<Entry>((entry) => entry.id);
  readonly #later = new Heap<Entry>((entry) => entry.due);
  readonly #keys = new Map<string, Key>();

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  add(entry: Entry, now: number): void {
    const key = this.#keyOf(entry);
    if (key) {
      key.waiting.push(entry);
      this.#promote(key, now);
    } else this.#queue(entry, now);
  }

  /** Whether there is something to deliver at `now`. */
  hasNext(now: number): boolean {
    for (let entry = this.#later.peek(); entry && (entry.gone || entry.due <= now); entry = this.#later.peek()) {
      this.#later.pop();
      this.#ready.push(entry);
    }
    for (let entry = this.#ready.peek(); entry?.gone; entry = this.#ready.peek()) {
      this.#ready.pop();
      this.#left(entry, now);
    }
    return this.#ready.size > 0;
  }

  /** When the next message that waits for its time is due. */
  nextDue(): number | undefined {
    return this.#later.peek()?.due;
  }

  /**
   * Takes messages out, at least one if there is any.
   * @param together whether several messages of an ordering key may go out in one batch.
   */
  take(now: number, room: Room, together: boolean): Entry[] {
    const taken: Entry[] = [];
    let bytes = 0;
    const fits = (entry: Entry) =>
      taken.length === 0 || (taken.length < room.messages && bytes + entry.bytes <= room.bytes);
    const out = (entry: Entry) => {
      taken.push(entry);
      bytes += entry.bytes;
    };
    while (this.hasNext(now)) {
      const entry = this.#ready.peek();
      if (!entry || !fits(entry)) break;
      this.#ready.pop();
      out(entry);
      const key = this.#keyOf(entry);
      if (!key) continue;
      key.queued = false;
      key.out.add(entry);
      for (let next = together ? key.waiting.peek() : undefined; next; next = key.waiting.peek()) {
        if (!next.gone && (next.due > now || !fits(next))) break;
        key.waiting.pop();
        if (next.gone) continue;
        key.out.add(next);
        out(next);
      }
    }
    return taken;
  }

  /** A delivery failed: the message comes again, with those of its ordering key that went out after it, which are returned. */
  back(entry: Entry, now: number): Entry[] {
    const key = this.#keyOf(entry);
    if (!key) {
      this.#queue(entry, now);
      return [];
    }
    const after = [...key.out].filter((other) => other.id > entry.id);
    for (const back of [entry, ...after]) {
      key.out.delete(back);
      key.waiting.push(back);
    }
    this.#promote(key, now);
    return after;
  }

  /** A message was acknowledged. */
  done(entry: Entry, now: number): void {
    entry.gone = true;
    const key = this.#keyOf(entry);
    if (!key?.out.delete(entry)) return;
    this.#promote(key, now);
    if (!key.queued && key.out.size === 0 && key.waiting.size === 0) this.#keys.delete(entry.orderingKey);
  }

  #queue(entry: Entry, now: number): void {
    (entry.due > now ? this.#later : this.#ready).push(entry);
  }

  #left(entry: Entry, now: number): void {
    const key = this.#keyOf(entry);
    if (!key) return;
    key.queued = false;
    this.#promote(key, now);
  }

  #promote(key: Key, now: number): void {
    if (key.queued || key.out.size > 0) return;
    for (let head = key.waiting.pop(); head; head = key.waiting.pop()) {
      if (head.gone) continue;
      key.queued = true;
      this.#queue(head, now);
      return;
    }
  }

  #keyOf(entry: Entry): Key | undefined {
    if (!this.#ordered || entry.orderingKey === '') return undefined;
    let key = this.#keys.get(entry.orderingKey);
    if (!key) {
      key = { waiting: new Heap<Entry>((waiting) => waiting.id), out: new Set(), queued: false };
      this.#keys.set(entry.orderingKey, key);
    }
    return key;
  }
}
