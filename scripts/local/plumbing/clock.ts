/** Time as the local cloud sees it. Every service reads it and sets its timers on it, so that tests can advance it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `task` once, at `time` (ms since the epoch) or soon after. Returns a function that cancels it. */
  at(time: number, task: () => void): () => void;
}

interface Timer {
  readonly time: number;
  readonly task: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** Longest delay `setTimeout` takes; longer timers are set again when it has passed. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The real time plus what `advance` added. */
export class LocalClock implements Clock {
  #offset = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.#offset;
  }

  at(time: number, task: () => void): () => void {
    const timer: Timer = { time, task, handle: undefined };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#forget(timer);
  }

  /** Moves the time forward; timers that have become due fire in order, before this returns. */
  advance(ms: number): void {
    this.#offset += ms;
    const due = [...this.#timers].filter((timer) => timer.time <= this.now()).sort((a, b) => a.time - b.time);
    for (const timer of due) this.#fire(timer);
    for (const timer of this.#timers) this.#arm(timer);
  }

  /** Cancels every timer. */
  close(): void {
    for (const timer of [...this.#timers]) this.#forget(timer);
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const delay = Math.min(Math.max(0, timer.time - this.now()), LONGEST_TIMEOUT_MS);
    timer.handle = setTimeout(() => (timer.time <= this.now() ? this.#fire(timer) : this.#arm(timer)), delay);
  }

  #fire(timer: Timer): void {
    if (!this.#timers.has(timer)) return;
    this.#forget(timer);
    timer.task();
  }

  #forget(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
