/** Cloud Run bills instances by so many milliseconds, and begun ones whole (https://cloud.google.com/run/pricing). */
const STEP_MS = 100;

/**
 * The time that a function's instances are billed for, as Cloud Run bills by requests: an instance's from its start or
 * from its first request, for as long as it has any. What requests share is billed once.
 */
export class BilledTime {
  readonly #since = new Map<object, number>();
  readonly #bill: (ms: number) => void;
  readonly #now: () => number;

  /** @param bill told of each stretch when it is over, in milliseconds. */
  constructor(bill: (ms: number) => void, now: () => number = () => performance.now()) {
    this.#bill = bill;
    this.#now = now;
  }

  /** The instance has something to do from now on, if it had not before. */
  begin(instance: object): void {
    if (!this.#since.has(instance)) this.#since.set(instance, this.#now());
  }

  /** The instance has nothing to do any more, or is gone. */
  end(instance: object): void {
    const since = this.#since.get(instance);
    if (since === undefined) return;
    this.#since.delete(instance);
    this.#bill(Math.max(1, Math.ceil((this.#now() - since) / STEP_MS)) * STEP_MS);
  }
}
