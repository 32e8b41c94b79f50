import type { CloudOptions, LocalCloud } from '../local/cloud.ts';
import { UsageError, type Values } from './command.ts';
import { readCount } from './variables.ts';

/** Browsers at a time, when nothing else is said: what a laptop bears beside other work. */
export const DEFAULT_PARALLEL = 2;
export const DEFAULT_DATA = '.virtuoso';

/**
 * Starts the local cloud that the options `--data`, `--memory` and `--parallel` describe.
 * @throws UsageError when they are wrong, or the folder or the port cannot be had.
 */
export async function startLocalCloud(
  values: Values,
  options: Pick<CloudOptions, 'port' | 'log'> = {},
): Promise<LocalCloud> {
  const { data, memory, parallel } = values as { data?: string; memory?: boolean; parallel?: string };
  if (memory && data !== undefined)
    throw new UsageError('--memory keeps nothing, so that --data has no use: give one of them.');
  const maxInstances = readCount(parallel ?? String(DEFAULT_PARALLEL), 'parallel', 1, 64);
  // Loaded only now: it is most of the code, and the other commands answer at once without it.
  const { CloudError, startCloud } = await import('../local/cloud.ts');
  try {
    return await startCloud({
      ...options,
      ...(memory ? {} : { data: data ?? DEFAULT_DATA }),
      limits: { 'run-session': { maxInstances } },
    });
  } catch (error) {
    throw error instanceof CloudError ? new UsageError(error.message, { cause: error }) : error;
  }
}
