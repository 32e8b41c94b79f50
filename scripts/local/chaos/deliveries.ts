import { Unanswered } from '../host/unanswered.ts';
import type { Clock } from '../plumbing/clock.ts';
import { roll } from './dice.ts';
import type { ChaosSettings } from './settings.ts';

/** Something that is brought to a function. Kind, target and id stay the same when it is brought again. */
export interface Delivery {
  readonly kind: 'event' | 'message' | 'task';
  /** The function's name. */
  readonly target: string;
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

/** Makes deliveries late, in another order, twice, again, and deadly. What is decided follows from the delivery alone. */
export class DeliveryChaos {
  readonly #options: DeliveryChaosOptions;
  readonly #held = new Map<string, Set<() => void>>();

  constructor(options: DeliveryChaosOptions) {
    this.#options = options;
  }

  /** @throws Unanswered when its acknowledgement was dropped, and whatever bringing it throws. */
  async deliver<T>(delivery: Delivery, bring: Bring<T>): Promise<T> {
    const { settings } = this.#options;
    const [least, most] = settings.delay;
    if (most > 0) await this.#wait(least + this.#roll('delay', delivery) * (most - least));
    if (this.#happens('reorder', settings.reorder, delivery)) await this.#hold(delivery.target);
    else this.#letGo(delivery.target);
    const answers = [this.#bring(delivery, bring)];
    if (this.#happens('duplicate', settings.duplicate, delivery))
      answers.push(this.#bringAgain(answers, bring, delivery));
    const [answer] = await Promise.allSettled(answers);
    if (answer?.status !== 'fulfilled') throw answer?.reason;
    if (this.#mayFail(delivery) && this.#happens('drop-ack', settings.dropAck, delivery))
      throw new Unanswered(503, 'chaos: its acknowledgement was dropped');
    return answer.value;
  }

  #bring<T>(delivery: Delivery, bring: Bring<T>): Promise<T> {
    const dies =
      this.#mayFail(delivery) && this.#happens('kill-instance', this.#options.settings.killInstance, delivery);
    return bring(dies ? 2 ** (KILL_BITS * this.#roll('kill-time', delivery)) : undefined);
  }

  /** The second of two: together with the first, or when that is through. Nobody waits for its answer. */
  async #bringAgain<T>([first]: readonly Promise<T>[], bring: Bring<T>, delivery: Delivery): Promise<T> {
    if (this.#roll('duplicate-after', delivery) < 0.5) await first?.catch(() => {});
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

  #happens(fault: string, rate: number, delivery: Delivery): boolean {
    const does = rate > 0 && this.#roll(fault, delivery) < rate;
    if (does) this.#options.made(fault, { ...delivery });
    return does;
  }

  #roll(fault: string, { kind, target, id, attempt }: Delivery): number {
    return roll(this.#options.settings.seed, fault, kind, target, id, attempt);
  }
}
