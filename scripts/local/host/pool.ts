import type { BilledTime } from './billed-time.ts';
import type { Instance } from './instance.ts';
import { Unanswered } from './unanswered.ts';

/** What a function's instances may do. Times are in milliseconds. */
export interface PoolOptions {
  readonly name: string;
  readonly concurrency: number;
  readonly maxInstances: number;
  /** How long a request waits for a place before it is answered with 429. */
  readonly queueMs: number;
  /** How long an instance lives without requests. */
  readonly idleMs: number;
  readonly billed: BilledTime;
  /** Whether the machine can start one more process just now; `grow` is called again when it can. */
  mayStart(): boolean;
  start(): Instance;
  /** Told of each started instance when it listens or has failed to. */
  started(): void;
}

interface Waiting {
  give(instance: Instance): void;
  refuse(error: Unanswered): void;
}

/**
 * The instances of one function. A request takes a place in one that has one, else waits for one that is starting;
 * another is started only when those have no places left either.
 */
export class Pool {
  readonly instances = new Set<Instance>();
  coldStarts = 0;
  readonly options: PoolOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #idle = new Map<Instance, NodeJS.Timeout>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /** Requests that wait for a place. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Takes a place in an instance; `release` gives it back.
   * @throws Unanswered 429 when none became free in time, 503 when no instance could be started.
   */
  acquire(): Promise<Instance> {
    const free = this.#withPlace();
    if (free) return Promise.resolve(this.#take(free));
    if (this.#closed) return Promise.reject(new Unanswered(503, 'the local cloud is stopping'));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => waiting.refuse(this.#overloaded()), this.options.queueMs);
      const leave = () => {
        clearTimeout(late);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        give: (instance) => {
          leave();
          resolve(this.#take(instance));
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      this.#waiting.add(waiting);
      this.grow();
    });
  }

  release(instance: Instance): void {
    instance.active -= 1;
    this.#serveWaiting();
    this.#rest(instance);
  }

  /** Starts as many instances as the waiting requests need beyond those that are starting. */
  grow(): void {
    this.#serveWaiting();
    while (!this.#closed && this.#waiting.size > this.#placesComing() && this.#count() < this.options.maxInstances) {
      if (!this.options.mayStart()) return;
      this.#start();
    }
  }

  /** Stops every instance; who waits is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#idle.values()) clearTimeout(timer);
    for (const waiting of [...this.#waiting]) waiting.refuse(new Unanswered(503, 'the local cloud is stopping'));
    await Promise.all([...this.instances].map((instance) => instance.stop()));
  }

  #start(): void {
    const instance = this.options.start();
    this.coldStarts += 1;
    this.instances.add(instance);
    this.options.billed.begin(instance);
    let served = false;
    instance.ready
      .then(
        () => {
          served = true;
          this.#serveWaiting();
          this.#rest(instance);
        },
        (error: Error) => this.#failedToStart(error),
      )
      .finally(() => this.options.started());
    instance.ended.then(() => {
      this.instances.delete(instance);
      this.options.billed.end(instance);
      clearTimeout(this.#idle.get(instance));
      this.#idle.delete(instance);
      if (served) this.grow();
    });
  }

  /** Requests wait on for another instance, if there is one; a function that cannot start answers for itself. */
  #failedToStart(error: Error): void {
    if ([...this.instances].some(({ state }) => state === 'ready' || state === 'starting')) return;
    for (const waiting of [...this.#waiting]) waiting.refuse(new Unanswered(503, error.message));
  }

  #take(instance: Instance): Instance {
    instance.active += 1;
    this.options.billed.begin(instance);
    clearTimeout(this.#idle.get(instance));
    this.#idle.delete(instance);
    return instance;
  }

  #serveWaiting(): void {
    for (const waiting of this.#waiting) {
      const free = this.#withPlace();
      if (!free) return;
      waiting.give(free);
    }
  }

  /** An instance without requests costs nothing and, after a while, stops. */
  #rest(instance: Instance): void {
    if (instance.active > 0) return;
    this.options.billed.end(instance);
    if (instance.state !== 'ready') return;
    const timer = setTimeout(() => void instance.stop(), this.options.idleMs);
    this.#idle.set(instance, timer);
  }

  /** The oldest that has a place, so that the younger ones can become idle. */
  #withPlace(): Instance | undefined {
    for (const instance of this.instances) {
      if (instance.state === 'ready' && instance.active < this.options.concurrency) return instance;
    }
    return undefined;
  }

  #placesComing(): number {
    return [...this.instances].filter(({ state }) => state === 'starting').length * this.options.concurrency;
  }

  #count(): number {
    return [...this.instances].filter(({ state }) => state === 'starting' || state === 'ready').length;
  }

  #overloaded(): Unanswered {
    const { name, maxInstances, concurrency } = this.options;
    return new Unanswered(
      429,
      `no instance of ${name} had a place for the request: ${maxInstances} instance(s) take ${concurrency} at a time`,
    );
  }
}
