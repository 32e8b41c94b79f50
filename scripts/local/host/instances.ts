import type { IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import type { Metered } from '../../../shared/cost/prices.ts';
import type { AnyFunction } from '../../../shared/define/function.ts';
import { BilledTime } from './billed-time.ts';
import { callInstance, type FunctionCall } from './call-instance.ts';
import { deadlineOf } from './deadline.ts';
import type { Instance } from './instance.ts';
import { mebibytes } from './memory.ts';
import { Pool } from './pool.ts';
import { Unanswered } from './unanswered.ts';

/** An instance, as status pages and tests see it. */
export interface InstanceState {
  readonly function: string;
  readonly id: string;
  readonly pid: number | undefined;
  readonly state: Instance['state'];
  /** Requests under way. */
  readonly active: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface InstancesOptions {
  readonly functions: readonly AnyFunction[];
  /** Starts a process of the function. */
  start(fn: AnyFunction): Instance;
  readonly maxInstances: (fn: AnyFunction) => number;
  /** As many are kept from `keepWarm` on. */
  readonly minInstances: (fn: AnyFunction) => number;
  /** How long an instance lives without requests, in milliseconds. */
  readonly idleMs: number;
  /** How long a request waits for a place where no instance is coming; as long as Cloud Run's when absent. */
  readonly queueMs?: number | undefined;
  /** Counts billable use. */
  meter(operation: Metered, count?: number): void;
  log(severity: 'WARNING', message: string, fields: Record<string, unknown>): void;
}

type Receive<T> = (answer: IncomingMessage, signal: AbortSignal) => Promise<T>;

/** As many processes start at a time; more would only make each other late. */
const STARTS_AT_A_TIME = Math.max(2, availableParallelism());

/** How long after a cut connection the end of its process is waited for. */
const CRASH_NOTICE_MS = 250;

/** All functions' instances: started when requests come, as many as they need and may have, stopped when idle. */
export class Instances {
  readonly #pools = new Map<string, { readonly fn: AnyFunction; readonly pool: Pool }>();
  readonly #options: InstancesOptions;
  #starting = 0;
  #underWay = 0;
  #closing = false;

  constructor(options: InstancesOptions) {
    this.#options = options;
    for (const fn of options.functions) this.#pools.set(fn.name, { fn, pool: this.#poolOf(fn) });
  }

  has(name: string): boolean {
    return this.#pools.has(name);
  }

  /** Whether the instances are being stopped: what has no answer then is to be sent again after the next start. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Requests that wait for an instance or are in one. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How often a request of the function (of any function) was the reason for a process to start. */
  coldStarts(name?: string): number {
    return this.#poolsOf(name).reduce((sum, { coldStarts }) => sum + coldStarts, 0);
  }

  /** How often a process was started to be there before a request comes. */
  warmStarts(name?: string): number {
    return this.#poolsOf(name).reduce((sum, { warmStarts }) => sum + warmStarts, 0);
  }

  /** From now on every function has its minimum of instances. */
  keepWarm(): void {
    for (const pool of this.#poolsOf()) pool.keepWarm();
  }

  list(): InstanceState[] {
    return [...this.#pools.values()].flatMap(({ fn, pool }) =>
      [...pool.instances].map(({ id, pid, state, active, startedAt }) => ({
        ...{ function: fn.name, id, pid, state, active, startedAt },
      })),
    );
  }

  /**
   * Sends a request to an instance of the function; `receive` reads the answer to its end, or until the request's time is
   * over, when its signal is aborted.
   * @throws Unanswered when no instance answered: it is full (429), died or could not start (503), or was too slow (504).
   */
  async call<T>(name: string, call: FunctionCall, receive: Receive<T>): Promise<T> {
    const found = this.#pools.get(name);
    if (!found) throw new Error(`there is no function '${name}'`);
    const { fn, pool } = found;
    const deadline = deadlineOf(name, fn.timeoutSeconds, call.gone);
    this.#underWay += 1;
    try {
      const instance = await pool.acquire(deadline.signal);
      this.#options.meter(`run.request/${name}`);
      try {
        return await this.#callInstance(fn, instance, call, receive, deadline.signal);
      } finally {
        pool.release(instance);
      }
    } catch (error) {
      if (error instanceof Unanswered && !this.#closing) this.#logUnanswered(name, call, error);
      throw error;
    } finally {
      deadline.clear();
      this.#underWay -= 1;
    }
  }

  /**
   * Signals one instance of the function, the busiest. SIGTERM stops it as Cloud Run does: it gets no more requests, and
   * is killed when it takes too long. Returns false when it has none.
   */
  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): boolean {
    const instances = [...(this.#pools.get(name)?.pool.instances ?? [])].filter(({ state }) => state !== 'ended');
    const busiest = instances.sort((a, b) => b.active - a.active)[0];
    if (signal === 'SIGTERM') void busiest?.stop();
    else busiest?.kill(signal);
    return busiest !== undefined;
  }

  async close(hurryMs?: number): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#pools.values()].map(({ pool }) => pool.close(hurryMs)));
  }

  #poolOf(fn: AnyFunction): Pool {
    return new Pool({
      name: fn.name,
      concurrency: fn.concurrency,
      minInstances: this.#options.minInstances(fn),
      maxInstances: this.#options.maxInstances(fn),
      idleMs: this.#options.idleMs,
      billed: new BilledTime((ms) => this.#bill(fn, ms)),
      queueMs: this.#options.queueMs,
      mayStart: () => this.#starting < STARTS_AT_A_TIME,
      start: () => {
        this.#starting += 1;
        return this.#options.start(fn);
      },
      started: () => {
        this.#starting -= 1;
        for (const { pool } of this.#pools.values()) pool.grow();
      },
    });
  }

  async #callInstance<T>(
    { name }: AnyFunction,
    instance: Instance,
    call: FunctionCall,
    receive: Receive<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const dies = call.killAfterMs === undefined ? undefined : setTimeout(() => instance.kill(), call.killAfterMs);
    try {
      const answer = await callInstance(instance, call, signal);
      if (dies) {
        instance.kill();
        throw new Error('it was killed');
      }
      // The framework answers with 500 what it was at when it was told to stop.
      if (this.#closing && (answer.statusCode ?? 0) >= 500) throw new Error('it was stopped');
      return await receive(answer, signal);
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof Unanswered) throw cause;
      // A crash is seen on the connection first: the next request must not go to a process that is about to be gone.
      await Promise.race([instance.ended, new Promise((resolve) => setTimeout(resolve, CRASH_NOTICE_MS))]);
      const message = `The connection to the instance had an error: one of ${name} ended before it had answered.`;
      throw new Unanswered(503, message, { cause });
    } finally {
      clearTimeout(dies);
    }
  }

  /** As Cloud Run's request log has it, by the function. */
  #logUnanswered(name: string, { method, path }: FunctionCall, { status, message }: Unanswered): void {
    const httpRequest = { requestMethod: method, requestUrl: path, status };
    this.#options.log('WARNING', message, { function: name, httpRequest });
  }

  #poolsOf(name?: string): Pool[] {
    const all = [...this.#pools.values()].filter(({ fn }) => name === undefined || fn.name === name);
    return all.map(({ pool }) => pool);
  }

  #bill({ name, cpu, memory }: AnyFunction, ms: number): void {
    this.#options.meter(`run.vcpu_ms/${name}`, ms * cpu);
    this.#options.meter(`run.mib_ms/${name}`, ms * mebibytes(memory));
  }
}
