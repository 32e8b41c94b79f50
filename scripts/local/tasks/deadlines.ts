import { Alarm } from '../plumbing/alarm.ts';
import type { Clock } from '../plumbing/clock.ts';

/** Cuts off requests that take too long, with one timer for all of them. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #open = new Map<AbortController, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#cut());
  }

  /** A controller whose signal aborts at `time`; give it back to `done` when the request is over. */
  open(time: number): AbortController {
    const controller = new AbortController();
    this.#open.set(controller, time);
    this.#alarm.atLatest(time);
    return controller;
  }

  done(controller: AbortController): void {
    this.#open.delete(controller);
    if (this.#open.size === 0) this.#alarm.set(undefined);
  }

  /** Cuts off everything that is under way. */
  close(): void {
    this.#alarm.set(undefined);
    for (const controller of this.#open.keys()) controller.abort(new Error('the local cloud is closing'));
    this.#open.clear();
  }

  #cut(): void {
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [controller, time] of this.#open) {
      if (time > now) next = Math.min(next, time);
      else {
        this.#open.delete(controller);
        controller.abort(new Error('the dispatch deadline has passed'));
      }
    }
    this.#alarm.set(next);
  }
}
