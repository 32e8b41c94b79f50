import type { Clock } from '../plumbing/clock.ts';

/** How long an owner may keep others waiting: after it, it is taken for stuck, and its turn for over. */
const LONGEST_TURN_MS = 2_000;
/** How long after a conflict a topic cannot be taken for one that is only read. */
const CONFLICT_MEMORY_MS = 10 * 60_000;

interface Turn {
  owner: object;
  /** When the owner's turn began (ms). */
  since: number;
  readonly topic: string;
  readonly waiters: { readonly owner: object; readonly wake: () => void }[];
  stopTimer: () => void;
}

/**
 * Turns at what transactions read (a document, a query): who comes second waits until the first has ended, instead of
 * being aborted and tried again a second later. Turns only make conflicts rare; what is correct is decided at the
 * commit. So a transaction that would wait for itself just goes on, and so do all on a topic (a collection) that turns
 * out to be read and not written by those who made others wait, until there is a conflict over it.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #turns = new Map<string, Turn>();
  readonly #waitingFor = new Map<object, string>();
  readonly #readOnlyTopics = new Set<string>();
  readonly #conflicts = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until it is the owner's turn at a resource. */
  async take(owner: object, resource: string, topic: string): Promise<void> {
    if (this.#readOnlyTopics.has(topic)) return;
    const turn = this.#turns.get(resource);
    if (!turn) {
      this.#turns.set(resource, { owner, since: this.#clock.now(), topic, waiters: [], stopTimer: () => {} });
      return;
    }
    if (turn.owner === owner || this.#waitsFor(turn.owner, owner)) return;
    this.#waitingFor.set(owner, resource);
    await new Promise<void>((wake) => {
      turn.waiters.push({ owner, wake });
      this.#limit(resource, turn);
    });
    this.#waitingFor.delete(owner);
  }

  /** Notes that a transaction has read something of a topic that another one then changed. */
  conflict(topic: string): void {
    this.#conflicts.set(topic, this.#clock.now());
    this.#readOnlyTopics.delete(topic);
  }

  /**
   * Gives up all turns of an owner: the next in line have them. `written`: the topics that the owner has changed, when
   * it has committed.
   */
  release(owner: object, written?: ReadonlySet<string>): void {
    for (const [resource, turn] of this.#turns) {
      const at = turn.waiters.findIndex((waiter) => waiter.owner === owner);
      if (at >= 0) turn.waiters.splice(at, 1)[0]?.wake();
      if (turn.owner !== owner) continue;
      if (turn.waiters.length > 0 && written && !written.has(turn.topic)) this.#noteRead(turn.topic);
      this.#pass(resource, turn);
    }
  }

  #noteRead(topic: string): void {
    const last = this.#conflicts.get(topic);
    if (last === undefined || this.#clock.now() > last + CONFLICT_MEMORY_MS) this.#readOnlyTopics.add(topic);
  }

  #pass(resource: string, turn: Turn): void {
    turn.stopTimer();
    if (this.#readOnlyTopics.has(turn.topic)) {
      this.#turns.delete(resource);
      for (const waiter of turn.waiters.splice(0)) waiter.wake();
      return;
    }
    const next = turn.waiters.shift();
    if (!next) {
      this.#turns.delete(resource);
      return;
    }
    turn.owner = next.owner;
    turn.since = this.#clock.now();
    this.#limit(resource, turn);
    next.wake();
  }

  /** Sees to it that a turn that others wait for ends. */
  #limit(resource: string, turn: Turn): void {
    turn.stopTimer();
    if (turn.waiters.length === 0) return;
    turn.stopTimer = this.#clock.at(turn.since + LONGEST_TURN_MS, () => this.#pass(resource, turn));
  }

  /** Whether `owner` waits, directly or through others, for something that `other` has. */
  #waitsFor(owner: object, other: object): boolean {
    let current: object | undefined = owner;
    for (const seen = new Set<object>(); current && !seen.has(current); ) {
      if (current === other) return true;
      seen.add(current);
      const resource = this.#waitingFor.get(current);
      current = resource === undefined ? undefined : this.#turns.get(resource)?.owner;
    }
    return false;
  }
}
