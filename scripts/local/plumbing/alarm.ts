import type { Clock } from './clock.ts';

/** One timer for whatever is due next: set it to the earliest time, it calls `wake` then. */
export class Alarm {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #time = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Moves the alarm to `time` (ms since the epoch); undefined switches it off. */
  set(time: number | undefined): void {
    const next = time ?? Number.POSITIVE_INFINITY;
    if (next === this.#time) return;
    this.#cancel?.();
    this.#time = next;
    this.#cancel = Number.isFinite(next) ? this.#clock.at(next, () => this.#ring()) : undefined;
  }

  /** Moves the alarm to `time` unless it rings earlier already. */
  atLatest(time: number): void {
    if (time < this.#time) this.set(time);
  }

  #ring(): void {
    this.#time = Number.POSITIVE_INFINITY;
    this.#cancel = undefined;
    this.#wake();
  }
}
