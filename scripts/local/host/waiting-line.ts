import type { Instance } from './instance.ts';
import type { Unanswered } from './unanswered.ts';

interface Waiting {
  give(instance: Instance): void;
  refuse(error: Unanswered): void;
}

/** How long a request waits. */
export interface Patience {
  /** Aborted, with an Unanswered as its reason, when the request's own time is over. */
  readonly signal: AbortSignal;
  /** Milliseconds for which it waits, and again for as long as one is coming. */
  readonly ms: number;
  /** Whether an instance is on its way. */
  isComing(): boolean;
  /** What it is refused with at last. */
  refusal(): Unanswered;
}

/** Requests that wait for a place in an instance, in the order in which they came. */
export class WaitingLine {
  readonly #waiting = new Set<Waiting>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @throws Unanswered when it has waited too long, or was refused. */
  join({ signal, ms, isComing, refusal }: Patience): Promise<Instance> {
    return new Promise((resolve, reject) => {
      let late: NodeJS.Timeout;
      const over = () => waiting.refuse(signal.reason as Unanswered);
      const wait = () => {
        late = setTimeout(() => (isComing() ? wait() : waiting.refuse(refusal())), ms);
      };
      const leave = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', over);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        give(instance) {
          leave();
          resolve(instance);
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      this.#waiting.add(waiting);
      wait();
      signal.addEventListener('abort', over, { once: true });
      if (signal.aborted) over();
    });
  }

  /** Gives instances to those who wait, for as long as `take` has one. */
  serve(take: () => Instance | undefined): void {
    for (const waiting of this.#waiting) {
      const instance = take();
      if (!instance) return;
      waiting.give(instance);
    }
  }

  /** Refuses everybody. */
  refuse(error: Unanswered): void {
    for (const waiting of [...this.#waiting]) waiting.refuse(error);
  }
}
