import { type Clients, createClients } from './clients.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { createIds, type Ids } from './ids.ts';
import { createLogger, type Logger } from './log.ts';
import { createRandomBytes } from './random-bytes.ts';
import { lineWriter } from './write-lines.ts';

/** Time, as everything reads it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What every handler is given, beside the services it declares. */
export interface Base {
  readonly config: Configuration;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** A number from 0 (included) to 1 (excluded). */
  random(): number;
  /** Aborted when the instance is told to stop: work in hand is to be given up or handed on within ten seconds. */
  readonly stopping: AbortSignal;
}

/** Everything outside the code, in one place: environment, clock, randomness, clients. */
export interface Platform extends Base {
  readonly clients: Clients;
  randomBytes(count: number): Uint8Array;
  /** Name of this instance: unique among all that ever ran. */
  readonly instance: string;
  /** When this process began, milliseconds since the epoch. */
  readonly startedAt: number;
  /** What the runtime says of the deployment: function's name and revision. */
  readonly revision: string;
  /** Registers work to be done before this instance ends: flushing what is buffered, closing what is open. */
  onStop(work: () => Promise<void>): void;
  /**
   * Ends all work of this instance: tells what is under way, waits until that has given up or handed on, does what was
   * registered and closes the clients, in this order. What is under way is waited for no longer than until `hurried`.
   */
  stop(underWay?: Iterable<Promise<unknown>>, hurried?: Promise<void>): Promise<void>;
}

/** How long work under way is waited for at a stop: after ten seconds the instance is killed. */
const LONGEST_STOP_MS = 7000;

/** The platform of this process. @throws ConfigurationError */
export function createPlatform(environment: Readonly<Record<string, string | undefined>> = process.env): Platform {
  const config = readConfiguration(environment);
  const stopping = new AbortController();
  const stops: (() => Promise<void>)[] = [];
  const clients = createClients(config);
  const randomBytes = createRandomBytes();
  const clock: Clock = {
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  return {
    config,
    clock,
    ids: createIds(clock.now, randomBytes),
    log: createLogger({
      write: lineWriter(process.stdout),
      least: config.logLevel,
      project: config.project,
      now: clock.now,
    }),
    clients,
    stopping: stopping.signal,
    onStop: (work) => void stops.push(work),
    async stop(underWay = [], hurried = new Promise(() => {})) {
      stopping.abort();
      const pending = [...underWay];
      if (pending.length > 0) await Promise.race([Promise.allSettled(pending), clock.sleep(LONGEST_STOP_MS), hurried]);
      await Promise.allSettled(stops.map((work) => work()));
      await clients.close();
    },
    random: () => Math.random(),
    randomBytes,
    instance: Buffer.from(randomBytes(12)).toString('hex'),
    startedAt: Date.now() - process.uptime() * 1000,
    revision: environment.K_REVISION ?? 'local',
  };
}
