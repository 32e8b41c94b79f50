import type { RateLimits } from './queue-settings.ts';

const SLOWEST = 1 / 32;
/** How long it takes until a slowed queue is twice as fast again. */
const RECOVERY_MS = 2_000;

/**
 * The rate of a queue's dispatches: tokens refill at its rate up to its burst size. A worker that answers 429 or 503
 * halves the rate for a while (at most once a second), as Cloud Tasks' system throttling does.
 */
export class TokenBucket {
  #limits: RateLimits;
  #tokens: number;
  #time: number;
  #slowedAt = Number.NEGATIVE_INFINITY;
  #slowness = 1;

  constructor(limits: RateLimits, now: number) {
    this.#limits = limits;
    this.#tokens = limits.maxBurstSize;
    this.#time = now;
  }

  /** Takes on new limits without handing out a new burst. */
  configure(limits: RateLimits, now: number): void {
    this.#refill(now);
    this.#limits = limits;
    this.#tokens = Math.min(this.#tokens, limits.maxBurstSize);
  }

  /** Whole tokens there are at `now`. */
  available(now: number): number {
    this.#refill(now);
    return Math.floor(this.#tokens + 1e-9);
  }

  take(count: number): void {
    this.#tokens = Math.max(0, this.#tokens - count);
  }

  /** When there will be a whole token, given that there is none at `now`. */
  nextToken(now: number): number {
    return now + Math.max(1, Math.ceil(((1 - this.#tokens) / this.#rate(now)) * 1000));
  }

  slowDown(now: number): void {
    if (now - this.#slowedAt < 1000) return;
    this.#refill(now);
    this.#slowness = Math.max(SLOWEST, this.#factor(now) / 2);
    this.#slowedAt = now;
    this.#tokens = Math.min(this.#tokens, 1);
  }

  #factor(now: number): number {
    return Math.min(1, this.#slowness * 2 ** (Math.max(0, now - this.#slowedAt) / RECOVERY_MS));
  }

  #rate(now: number): number {
    return this.#limits.maxDispatchesPerSecond * this.#factor(now);
  }

  #refill(now: number): void {
    const passed = Math.max(0, now - this.#time);
    this.#time = now;
    const burst = Math.max(1, this.#limits.maxBurstSize * this.#factor(now));
    this.#tokens = Math.min(Math.max(burst, this.#tokens), this.#tokens + (passed / 1000) * this.#rate(now));
  }
}
