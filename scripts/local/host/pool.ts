import type { BilledTime } from './billed-time.ts';
import type { Instance } from './instance.ts';
import { StartTimes } from './start-times.ts';
import { Unanswered } from './unanswered.ts';
import { WaitingLine } from './waiting-line.ts';

/** What a function's instances may do. Times are in milliseconds. */
export interface PoolOptions {
  readonly name: string;
  readonly concurrency: number;
  /** As many are kept, whether there are requests or not, from `keepWarm` on. */
  readonly minInstances: number;
  readonly maxInstances: number;
  /** How long a request waits for a place before it is answered with 429; as long as Cloud Run's when absent. */
  readonly queueMs: number | undefined;
  /** How long an instance lives without requests. */
  readonly idleMs: number;
  readonly billed: BilledTime;
  /** Whether the machine can start one more process just now; `grow` is called again when it can. */
  mayStart(): boolean;
  start(): Instance;
  /** Told of each started instance when it listens or has failed to. */
  started(): void;
}

/**
 * The instances of one function. A request takes a place in one that has one, else waits for one that is starting;
 * another is started only when those have no places left either.
 */
export class Pool {
  readonly instances = new Set<Instance>();
  readonly options: PoolOptions;
  readonly #line = new WaitingLine();
  readonly #idle = new Map<Instance, NodeJS.Timeout>();
  readonly #times = new StartTimes();
  /** Those that have answered a request, or were told to stop: that they end is no failure. */
  readonly #proven = new WeakSet<Instance>();
  readonly #starts = { cold: 0, warm: 0 };
  #warm = false;
  #later: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  /** Instances that a request was the reason for. */
  get coldStarts(): number {
    return this.#starts.cold;
  }

  /** Instances that were started so that there is one before a request comes. */
  get warmStarts(): number {
    return this.#starts.warm;
  }

  /**
   * Takes a place in an instance; `release` gives it back.
   * @param signal aborted, with an Unanswered as its reason, when the request's time is over
   * @throws Unanswered 429 when none became free in time, 503 when no instance could be started, or the signal's reason.
   */
  acquire(signal: AbortSignal): Promise<Instance> {
    const free = this.#take();
    if (free) return Promise.resolve(free);
    if (this.#closed) return Promise.reject(new Unanswered(503, 'the local cloud is stopping'));
    const place = this.#line.join({
      signal,
      ms: this.options.queueMs ?? this.#times.patienceMs(),
      isComing: () => this.#placesComing() > 0 || this.#count() < this.options.maxInstances,
      refusal: () => this.#overloaded(),
    });
    this.grow();
    return place;
  }

  release(instance: Instance): void {
    instance.active -= 1;
    if (instance.state === 'ready') this.#prove(instance);
    this.#serve();
    this.#rest(instance);
  }

  /** Starts as many instances as the waiting requests need beyond those that are starting, and as are to be kept. */
  grow(): void {
    this.#serve();
    const { mayStart, maxInstances, minInstances } = this.options;
    while (this.#line.size > this.#placesComing() && this.#count() < maxInstances) {
      if (this.#closed || !mayStart()) return;
      this.#start('cold');
    }
    while (this.#warm && this.#count() < Math.min(minInstances, maxInstances)) {
      if (this.#closed || this.#later || !mayStart()) return;
      this.#start('warm');
    }
  }

  /** From now on the minimum of instances is kept. */
  keepWarm(): void {
    this.#warm = true;
    this.grow();
  }

  /** Stops every instance, in a hurry after so many milliseconds if that is given; who waits is refused. */
  async close(hurryMs?: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#later);
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#line.refuse(new Unanswered(503, 'the local cloud is stopping'));
    await Promise.all([...this.instances].map((instance) => instance.stop(hurryMs)));
  }

  #start(why: 'cold' | 'warm'): void {
    const instance = this.options.start();
    this.#starts[why] += 1;
    this.instances.add(instance);
    this.options.billed.begin(instance);
    const begun = performance.now();
    let served = false;
    instance.ready
      .then(
        () => {
          served = true;
          this.#times.add(performance.now() - begun);
          this.#serve();
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
      if (served) this.#replace(instance);
    });
  }

  /** Requests wait on for another instance, if there is one; a function that cannot start answers for itself. */
  #failedToStart(error: Error): void {
    if (!this.#closed) this.#tryLater(this.#times.failed());
    if ([...this.instances].some(({ state }) => state === 'ready' || state === 'starting')) return;
    this.#line.refuse(new Unanswered(503, error.message));
  }

  #prove(instance: Instance): void {
    this.#proven.add(instance);
    this.#times.succeeded();
  }

  /** Requests have another instance at once; one that is to be kept warm and ends before it has answered is tried later. */
  #replace(ended: Instance): void {
    if (!this.#closed && !this.#proven.has(ended)) this.#tryLater(this.#times.failed());
    this.grow();
  }

  /** A function that cannot start is not started again and again for nobody. */
  #tryLater(ms: number): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.grow();
    }, ms);
  }

  #serve(): void {
    this.#line.serve(() => this.#take());
  }

  /** A place in the oldest that has one, so that the younger ones can become idle. */
  #take(): Instance | undefined {
    for (const instance of this.instances) {
      if (instance.state !== 'ready' || instance.active >= this.options.concurrency) continue;
      instance.active += 1;
      this.options.billed.begin(instance);
      clearTimeout(this.#idle.get(instance));
      this.#idle.delete(instance);
      return instance;
    }
    return undefined;
  }

  /** An instance without requests costs nothing and, after a while, stops, unless it is one of those that are kept. */
  #rest(instance: Instance): void {
    if (instance.active > 0) return;
    this.options.billed.end(instance);
    if (instance.state !== 'ready') return;
    const stop = () => {
      if (this.#warm && this.#count() <= this.options.minInstances) return;
      this.#proven.add(instance);
      void instance.stop();
    };
    this.#idle.set(instance, setTimeout(stop, this.options.idleMs));
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
      `The request was aborted because there was no available instance: the ${maxInstances} instance(s) that ${name} may have take ${concurrency} at a time.`,
    );
  }
}
