import type { BrowserContext } from 'playwright-core';
import type { Mask } from './mask.ts';

/** Starts recording calls and page snapshots. Pictures are taken per step anyway, and the trace would double them. */
export async function startTrace(context: BrowserContext): Promise<void> {
  await context.tracing.start({ snapshots: true, screenshots: false, sources: false });
}

/**
 * Ends the recording.
 * @param path where to write it; it is thrown away without one.
 * @returns the path, when there is a recording.
 */
export async function stopTrace(
  context: BrowserContext,
  path: string | undefined,
  _mask: Mask,
): Promise<string | undefined> {
  await context.tracing.stop(path === undefined ? {} : { path }).catch((error: Error) => {
    if (!/has been closed|Target closed|crashed/.test(error.message)) throw error;
    path = undefined;
  });
  return path;
}
