import type { Clock } from '../plumbing/clock.ts';

/** How long a resource that caused a conflict is handed from one transaction to the next. */
const HOT_MS = 30_000;
/** Longest wait for a turn: after it a transaction goes on without one. */
const LONGEST_WAIT_MS = 5_000;

interface Turn {
  owner: object;
  readonly waiters: { readonly owner: object; readonly wake: () => void }[];
}

/**
 * Turns at resources (documents, queries) that transactions have conflicted over. Turns only make conflicts rare:
 * what is correct is decided at the commit, so that a resource nobody fights over costs no waiting, and a transaction
 * that would wait for itself, or too long, just goes on.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #hotUntil = new Map<string, number>();
  readonly #turns = new Map<string, Turn>();
  readonly #waitingFor = new Map<object, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Remembers that transactions conflicted over a resource. */
  conflict(resource: string): void {
    const now = this.#clock.now();
    for (const [other, until] of this.#hotUntil) if (until < now) this.#hotUntil.delete(other);
    this.#hotUntil.set(resource, now + HOT_MS);
  }

  /** Waits until it is the owner's turn at a resource; at once when nobody fights over it. */
  async take(owner: object, resource: string): Promise<void> {
    if ((this.#hotUntil.get(resource) ?? 0) < this.#clock.now()) return;
    const turn = this.#turns.get(resource);
    if (!turn) {
      this.#turns.set(resource, { owner, waiters: [] });
      return;
    }
    if (turn.owner === owner || this.#waitsFor(turn.owner, owner)) return;
    this.#waitingFor.set(owner, resource);
    await new Promise<void>((resolve) => {
      const stop = this.#clock.at(this.#clock.now() + LONGEST_WAIT_MS, () => {
        const at = turn.waiters.findIndex((waiter) => waiter.owner === owner);
        if (at >= 0) turn.waiters.splice(at, 1);
        resolve();
      });
      const wake = () => {
        stop();
        resolve();
      };
      turn.waiters.push({ owner, wake });
    });
    this.#waitingFor.delete(owner);
  }

  /** Gives up all turns of an owner: the next in line have them. */
  release(owner: object): void {
    for (const [resource, turn] of this.#turns) {
      const at = turn.waiters.findIndex((waiter) => waiter.owner === owner);
      if (at >= 0) turn.waiters.splice(at, 1)[0]?.wake();
      if (turn.owner !== owner) continue;
      const next = turn.waiters.shift();
      if (!next) {
        this.#turns.delete(resource);
        continue;
      }
      turn.owner = next.owner;
      next.wake();
    }
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
