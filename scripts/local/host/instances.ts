import { request as httpRequest, type IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { Metered } from '../billing/prices.ts';
import type { CallHeaders } from './arriving.ts';
import { BilledTime } from './billed-time.ts';
import type { Instance } from './instance.ts';
import { Pool } from './pool.ts';
import { Unanswered } from './unanswered.ts';

/** A request for a function. `path` is what the function sees. */
export interface FunctionCall {
  readonly method: string;
  readonly path: string;
  readonly headers: CallHeaders;
  readonly body?: Readable | Uint8Array | string;
  /** Kills the instance that handles it after so many milliseconds, or when it answers before. */
  readonly killAfterMs?: number | undefined;
}

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
  /** How long an instance lives without requests, in milliseconds. */
  readonly idleMs: number;
  /** How long a request waits for a place; the function's own timeout, at least 30 s, when absent. */
  readonly queueMs?: number | undefined;
  /** Counts billable use. */
  meter(operation: Metered, count?: number): void;
}

/** As many processes start at a time; more would only make each other late. */
const STARTS_AT_A_TIME = Math.max(2, availableParallelism());

/** Requests wait at least this long for an instance, if they are not told otherwise: starting one takes a while. */
const SHORTEST_QUEUE_MS = 30_000;
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

  /** How often a process of the function (of any function) was started. */
  coldStarts(name?: string): number {
    const pools = [...this.#pools.values()].filter(({ fn }) => name === undefined || fn.name === name);
    return pools.reduce((sum, { pool }) => sum + pool.coldStarts, 0);
  }

  list(): InstanceState[] {
    return [...this.#pools.values()].flatMap(({ fn, pool }) =>
      [...pool.instances].map(({ id, pid, state, active, startedAt }) => ({
        ...{ function: fn.name, id, pid, state, active, startedAt },
      })),
    );
  }

  /**
   * Sends a request to an instance of the function; `receive` reads the answer to its end.
   * @throws Unanswered when no instance answered: it is full (429), died or could not start (503), or was too slow (504).
   */
  async call<T>(name: string, call: FunctionCall, receive: (response: IncomingMessage) => Promise<T>): Promise<T> {
    const found = this.#pools.get(name);
    if (!found) throw new Error(`there is no function '${name}'`);
    const { fn, pool } = found;
    this.#underWay += 1;
    try {
      const instance = await pool.acquire();
      this.#options.meter(`run.request/${name}`);
      try {
        return await this.#callInstance(fn, instance, call, receive);
      } finally {
        pool.release(instance);
      }
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Signals one instance of the function, the busiest. Returns false when it has none. */
  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): boolean {
    const instances = [...(this.#pools.get(name)?.pool.instances ?? [])].filter(({ state }) => state !== 'ended');
    const busiest = instances.sort((a, b) => b.active - a.active)[0];
    busiest?.kill(signal);
    return busiest !== undefined;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#pools.values()].map(({ pool }) => pool.close()));
  }

  #poolOf(fn: AnyFunction): Pool {
    return new Pool({
      name: fn.name,
      concurrency: fn.concurrency,
      maxInstances: this.#options.maxInstances(fn),
      idleMs: this.#options.idleMs,
      billed: new BilledTime((ms) => this.#bill(fn, ms)),
      queueMs: this.#options.queueMs ?? Math.max(SHORTEST_QUEUE_MS, fn.timeoutSeconds * 1000),
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
    fn: AnyFunction,
    instance: Instance,
    call: FunctionCall,
    receive: (response: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      instance.kill();
    }, fn.timeoutSeconds * 1000);
    const dies = call.killAfterMs === undefined ? undefined : setTimeout(() => instance.kill(), call.killAfterMs);
    try {
      const answer = await send(instance, call);
      if (dies) {
        instance.kill();
        throw new Error('it was killed');
      }
      // The framework answers with 500 what it was at when it was told to stop.
      if (this.#closing && (answer.statusCode ?? 0) >= 500) throw new Error('it was stopped');
      return await receive(answer);
    } catch (cause) {
      // A crash is seen on the connection first: the next request must not go to a process that is about to be gone.
      await Promise.race([instance.ended, new Promise((resolve) => setTimeout(resolve, CRASH_NOTICE_MS))]);
      if (late) throw new Unanswered(504, `${fn.name} did not answer within ${fn.timeoutSeconds} s`, { cause });
      throw new Unanswered(503, `the instance of ${fn.name} ended before it had answered`, { cause });
    } finally {
      clearTimeout(timer);
      clearTimeout(dies);
    }
  }

  #bill({ name, cpu, memory }: AnyFunction, ms: number): void {
    this.#options.meter(`run.vcpu_ms/${name}`, ms * cpu);
    this.#options.meter(`run.mib_ms/${name}`, ms * mebibytes(memory));
  }
}

function mebibytes(memory: AnyFunction['memory']): number {
  const size = Number.parseInt(memory, 10);
  return memory.endsWith('Gi') ? size * 1024 : size;
}

function send(instance: Instance, { method, path, headers, body }: FunctionCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { agent, port } = instance;
    const sent = httpRequest({ host: '127.0.0.1', port, agent, method, path, headers, setHost: false });
    sent.on('error', reject);
    sent.on('response', resolve);
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) sent.end(body);
    else body.on('error', (error: Error) => sent.destroy(error)).pipe(sent);
  });
}
