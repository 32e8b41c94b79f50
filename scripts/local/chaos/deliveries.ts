import { Unanswered } from '../host/unanswered.ts';
import type { Clock } from '../plumbing/clock.ts';
import { Dice } from './dice.ts';
import type { ChaosSettings } from './settings.ts';

/** Something that is brought to a function. */
export interface Delivery {
  readonly kind: 'event' | 'message' | 'task';
  /** The function's name. */
  readonly target: string;
  /** Stays the same when it is brought again. */
  readonly id: string;
  /** How often it was brought before. */
  readonly attempt: number;
}

/** Brings it once. With `killAfterMs` the instance that handles it is killed then, or when it answers before. */
export type Bring<T> = (killAfterMs?: number) => Promise<T>;

export interface DeliveryChaosOptions {
  readonly settings: ChaosSettings;
  readonly clock: Clock;
  /** Told of each fault that is made. */
  made(fault: string, what: Readonly<Record<string, unknown>>): void;
}

/** Held back no longer than this when nothing comes after it. */
const LONGEST_HOLD_MS = 1000;
/** Later attempts are not made to fail: five make a dead letter, and chaos alone must never be the reason for one. */
const ATTEMPTS_THAT_MAY_FAIL = 3;
/** Instances die between at once and two seconds later, as likely in the first 50 ms as after 400. */
const KILL_BITS = 11;

/** A delivery and what is decided of it. */
interface Cast {
  readonly delivery: Delivery;
  /** From 0 to below 1, by the fault's name. */
  roll(fault: string): number;
}

/**
 * Makes deliveries late, in another order, twice, again, and deadly. What is decided follows from the function, the
 * kind, and how many of that kind it was brought before: ids, which are random, make no difference.
 */
export class DeliveryChaos {
  readonly #options: DeliveryChaosOptions;
  readonly #dice: Dice;
  readonly #held = new Map<string, Set<() => void>>();

  constructor(options: DeliveryChaosOptions) {
    this.#options = options;
    this.#dice = new Dice(options.settings.seed);
  }

  /** @throws Unanswered when its acknowledgement was dropped, and whatever bringing it throws. */
  async deliver<T>(delivery: Delivery, bring: Bring<T>): Promise<T> {
    const { settings } = this.#options;
    const cast = { delivery, roll: this.#dice.next(`${delivery.kind} ${delivery.target}`) };
    const [least, most] = settings.delay;
    if (most > 0) await this.#wait(least + cast.roll('delay') * (most - least));
    if (this.#happens('reorder', settings.reorder, cast)) await this.#hold(delivery.target);
    else this.#letGo(delivery.target);
    const answers = [this.#bring(cast, bring)];
    if (this.#happens('duplicate', settings.duplicate, cast)) answers.push(this.#bringAgain(answers, bring, cast));
    const [answer] = await Promise.allSettled(answers);
    if (answer?.status !== 'fulfilled') throw answer?.reason;
    if (this.#mayFail(delivery) && this.#happens('drop-ack', settings.dropAck, cast))
      throw new Unanswered(503, 'chaos: its acknowledgement was dropped');
    return answer.value;
  }

  #bring<T>(cast: Cast, bring: Bring<T>): Promise<T> {
    const { killInstance } = this.#options.settings;
    const dies = this.#mayFail(cast.delivery) && this.#happens('kill-instance', killInstance, cast);
    return bring(dies ? 2 ** (KILL_BITS * cast.roll('kill-time')) : undefined);
  }

  /** The second of two: together with the first, or when that is through. Nobody waits for its answer. */
  async #bringAgain<T>([first]: readonly Promise<T>[], bring: Bring<T>, { roll }: Cast): Promise<T> {
    if (roll('duplicate-after') < 0.5) await first?.catch(() => {});
    return bring();
  }

  #wait(ms: number): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => void clock.at(clock.now() + ms, resolve));
  }

  /** Waits until a later delivery to the same function goes. */
  #hold(target: string): Promise<void> {
    const { clock } = this.#options;
    const held = this.#held.get(target) ?? new Set();
    this.#held.set(target, held);
    return new Promise((resolve) => {
      const go = () => {
        held.delete(go);
        cancel();
        resolve();
      };
      const cancel = clock.at(clock.now() + LONGEST_HOLD_MS, go);
      held.add(go);
    });
  }

  /** What is held goes when the one that overtakes it is on its way. */
  #letGo(target: string): void {
    const held = [...(this.#held.get(target) ?? [])];
    if (held.length > 0) setImmediate(() => held.forEach((go) => void go()));
  }

  #mayFail({ attempt }: Delivery): boolean {
    return attempt < ATTEMPTS_THAT_MAY_FAIL;
  }

  #happens(fault: string, rate: number, { delivery, roll }: Cast): boolean {
    const does = rate > 0 && roll(fault) < rate;
    if (does) this.#options.made(fault, { ...delivery });
    return does;
  }
}
