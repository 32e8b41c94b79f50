import { ChaosError, type ChaosSettings, readChaos } from '../local/chaos/settings.ts';
import type { CloudOptions, LocalCloud } from '../local/cloud.ts';
import { type Option, UsageError, type Values } from './command.ts';
import { type LastError, lastError } from './last-error.ts';
import { readCount } from './variables.ts';

/** Browsers at a time, when nothing else is said. */
export const DEFAULT_PARALLEL = 2;

/** How long a local cloud that is interrupted lets a step that is under way end by itself. */
const HURRY_MS = 1000;

/** How an API is named. */
export const remoteOptions = {
  url: { type: 'string', value: 'URL', description: 'The API. Or VIRTUOSO_URL.' },
  'api-key': { type: 'string', value: 'KEY', description: 'Key of the API at --url. Or VIRTUOSO_API_KEY.' },
} as const satisfies Record<string, Option>;

/** An API to run tests on. */
export interface Target {
  readonly url: string;
  readonly apiKey: string;
  /** Goes on without us. */
  readonly remote: boolean;
  /** Of a local cloud of our own: what has been done in it would cost on Google Cloud, in a line. Steps are those of the run. */
  costLine?(steps: number): string;
  /** Of a local cloud of our own: the newest error of its log. */
  readonly failed?: LastError;
  /** @param interrupted nobody waits for what is under way in a local cloud of our own */
  close(interrupted?: boolean): Promise<void>;
}

/** The API that is named by `--url` or VIRTUOSO_URL, or a local cloud of our own. @throws UsageError */
export async function openTarget(values: Values): Promise<Target> {
  const remote = readRemote(values);
  if (remote) return { ...remote, remote: true, close: async () => {} };
  const failed = lastError();
  const cloud = await startLocalCloud(values, { log: failed.log });
  const { costLine } = await import('../local/billing/cost-words.ts');
  const { meterSince } = await import('../local/billing/meter.ts');
  const before = new Map(cloud.meter);
  return {
    ...{ url: cloud.origin, apiKey: cloud.apiKey, remote: false, failed },
    costLine: (steps) => costLine(meterSince(before, cloud.meter), steps),
    close: (interrupted = false) => cloud.close(interrupted ? HURRY_MS : undefined),
  };
}

/** The API that is named, if one is. @throws UsageError for options that do not go with it */
export function readRemote(values: Values): { url: string; apiKey: string } | undefined {
  const text = (name: string) => values[name] as string | undefined;
  const url = text('url') ?? (process.env.VIRTUOSO_URL || undefined);
  if (url === undefined) {
    if (text('api-key') !== undefined) throw new UsageError('--api-key is for an API: give its --url too.');
    return undefined;
  }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`'--url ${url}' must be an address that begins with http:// or https://.`);
  const apiKey = text('api-key') ?? process.env.VIRTUOSO_API_KEY;
  if (!apiKey) throw new UsageError('An API key is needed with --url: give --api-key or set VIRTUOSO_API_KEY.');
  const local = ['data', 'memory', 'chaos'].find((name) => values[name] !== undefined);
  if (local) throw new UsageError(`--${local} is the local cloud's: with --url, the API decides.`);
  return { url: url.replace(/(?<=[^/:])\/+(v1\/*)?$/, ''), apiKey };
}

/** The faults that `--chaos` asks for, undefined without it. @throws UsageError */
export function readFaults({ chaos }: Values): ChaosSettings | undefined {
  try {
    return chaos === undefined ? undefined : readChaos(String(chaos));
  } catch (error) {
    throw error instanceof ChaosError ? new UsageError(`--chaos: ${error.message}`) : error;
  }
}

/** Starts the local cloud that `--data`, `--memory`, `--parallel` and `--chaos` describe. @throws UsageError */
export async function startLocalCloud(
  values: Values,
  options: Pick<CloudOptions, 'port' | 'log'> = {},
): Promise<LocalCloud> {
  const { data, memory, parallel } = values as { data?: string; memory?: boolean; parallel?: string };
  if (memory && data !== undefined) throw new UsageError('--memory keeps nothing: give it or --data, not both.');
  const maxInstances = readCount(parallel ?? String(DEFAULT_PARALLEL), 'parallel', 1, 64);
  const chaos = readFaults(values);
  // Loaded only now: it is most of the code, and whoever asks for help or names an API does without.
  const { CloudError, startCloud } = await import('../local/cloud.ts');
  const { settings } = await import('../../shared/platform/configuration.ts');
  const { settingsOf } = await import('./local-settings.ts');
  const standard = Number(settings.parallelSessions.fallback);
  const told = settingsOf(process.env);
  try {
    return await startCloud({
      ...options,
      ...(chaos && { chaos }),
      ...(memory ? {} : { data: data ?? '.virtuoso' }),
      limits: { 'run-session': { maxInstances } },
      // Whoever wants more browsers than a user has is to have them; and one waits on the queue for each that is at work.
      environment: { PARALLEL_SESSIONS: String(Math.max(standard, 2 * maxInstances)), ...told },
    });
  } catch (error) {
    throw error instanceof CloudError ? new UsageError(error.message) : error;
  }
}
