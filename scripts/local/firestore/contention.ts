import type { Clock } from '../plumbing/clock.ts';

/** Longest wait for a turn: after it the one before is taken for stuck, and its turn for over. */
const LONGEST_WAIT_MS = 5_000;
/** How long after a conflict a topic cannot be taken for one that is only read. */
const CONFLICT_MEMORY_MS = 10 * 60_000;

interface Turn {
  owner: object;
  readonly topic: string;
  readonly waiters: { readonly owner: object; readonly wake: () => void }[];
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
      this.#turns.set(resource, { owner, topic, waiters: [] });
      return;
    }
    if (turn.owner === owner || this.#waitsFor(turn.owner, owner)) return;
    this.#waitingFor.set(owner, resource);
    await this.#wait(turn, owner);
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
    const next = turn.waiters.shift();
    if (next) turn.owner = next.owner;
    else this.#turns.delete(resource);
    next?.wake();
    if (!this.#readOnlyTopics.has(turn.topic)) return;
    for (const waiter of turn.waiters.splice(0)) waiter.wake();
    this.#turns.delete(resource);
  }

  #wait(turn: Turn, owner: object): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#clock.at(this.#clock.now() + LONGEST_WAIT_MS, () => {
        const at = turn.waiters.findIndex((waiter) => waiter.owner === owner);
        if (at >= 0) turn.waiters.splice(at, 1);
        turn.owner = owner;
        resolve();
      });
      const wake = () => {
        stop();
        resolve();
      };
      turn.waiters.push({ owner, wake });
    });
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
