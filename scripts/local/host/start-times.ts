/** Least time that a request waits for a place, and how much longer where instances start slowly. */
const PATIENCE = { leastMs: 10_000, ofStart: 3.5 };
const FAILED = { firstMs: 1000, longestMs: 60_000 };

/** How long a function's instances take to start, and what follows from it. */
export class StartTimes {
  #count = 0;
  #sum = 0;
  #failures = 0;

  add(ms: number): void {
    this.#count += 1;
    this.#sum += ms;
  }

  /** One has answered a request. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** One has ended before it answered any request. Returns the milliseconds after which it is worth another try. */
  failed(): number {
    this.#failures += 1;
    return Math.min(FAILED.longestMs, FAILED.firstMs * 2 ** (this.#failures - 1));
  }

  /**
   * Milliseconds for which a request waits for a place where there are as many instances as there may be.
   * @see https://cloud.google.com/run/docs/about-instance-autoscaling#max-instances
   */
  patienceMs(): number {
    return Math.max(PATIENCE.leastMs, PATIENCE.ofStart * (this.#count === 0 ? 0 : this.#sum / this.#count));
  }
}
