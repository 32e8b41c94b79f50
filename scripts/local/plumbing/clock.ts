/** Time as the local cloud sees it. Every service reads it and sets its timers on it, so that tests can advance it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Milliseconds that this clock has gone on since the real time was `from`: what another process, which goes by the
   * real time, has dated. Times are taken to be whole seconds: what was dated in the second in which the clock was
   * advanced counts as dated afterwards.
   */
  elapsedSince(from: number): number;
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
  readonly #advances: { readonly real: number; readonly ms: number }[] = [];
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.#offset;
  }

  elapsedSince(from: number): number {
    const advanced = this.#advances.filter(({ real }) => real >= from + 1000).reduce((sum, { ms }) => sum + ms, 0);
    return Date.now() - from + advanced;
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
    this.#advances.push({ real: Date.now(), ms });
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
