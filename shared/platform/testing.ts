import type { Clients } from './clients.ts';
import { readConfiguration } from './configuration.ts';
import { createIds } from './ids.ts';
import { createLogger } from './log.ts';
import type { Base, Clock, Platform } from './platform.ts';

/** A log line as it was written, parsed. */
export type LogLine = Record<string, unknown> & { severity: string; message: string };

/** A clock that stands still until it is told otherwise; sleeping moves it on. */
export interface TestClock extends Clock {
  time: number;
}

/** A platform without a world around it, for tests. */
export interface TestPlatform extends Platform {
  readonly clock: TestClock;
  /** Every log line so far. */
  readonly lines: LogLine[];
  readonly stopper: AbortController;
  /** What was registered to be done at the end. */
  readonly stops: (() => Promise<void>)[];
}

export const NOON = Date.parse('2026-03-04T12:00:00Z');

/**
 * @param options.environment variables of the configuration, over those of a local project.
 * @param options.clients the clients that the test needs; reaching for another one throws.
 */
export function testPlatform(
  options: {
    environment?: Record<string, string>;
    clients?: { [K in keyof Clients]?: () => Promise<unknown> };
    random?: () => number;
  } = {},
): TestPlatform {
  const config = readConfiguration({
    GCP_PROJECT_ID: 'virtuoso-test',
    ENVIRONMENT: 'local',
    LOG_LEVEL: 'DEBUG',
    ...options.environment,
  });
  const lines: LogLine[] = [];
  const stopper = new AbortController();
  const stops: (() => Promise<void>)[] = [];
  const clock: TestClock = {
    time: NOON,
    now: () => clock.time,
    sleep: async (ms) => {
      clock.time += ms;
    },
  };
  let seed = 0;
  const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => (seed = (seed * 167 + 13) % 251));
  return {
    config,
    clock,
    ids: createIds(clock.now, randomBytes),
    log: createLogger({
      write: (line) => void lines.push(JSON.parse(line) as LogLine),
      least: config.logLevel,
      project: config.project,
      now: clock.now,
    }),
    lines,
    random: options.random ?? (() => 0.5),
    randomBytes,
    stopping: stopper.signal,
    stopper,
    stops,
    clients: (options.clients ?? {}) as unknown as Clients,
    instance: 'instance-1',
    startedAt: NOON,
    revision: 'revision-1',
    onStop: (work) => void stops.push(work),
    async stop(underWay = [], hurried = new Promise(() => {})) {
      stopper.abort();
      await Promise.race([Promise.allSettled(underWay), hurried]);
      await Promise.all(stops.map((work) => work()));
    },
  };
}

/** What every handler is given, with the services of a test beside it. */
export function withBase<S extends object>(services: S, platform: TestPlatform = testPlatform()): S & Base {
  const { config, clock, ids, log, random, stopping } = platform;
  return { config, clock, ids, log, random, stopping, ...services };
}
