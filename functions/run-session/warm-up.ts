import type { WarmUp } from '../../schemas/warm-up.ts';
import type { Browsers } from '../../shared/engine/browsers.ts';
import type { Base } from '../../shared/platform/platform.ts';

/** So long an instance that was just started is kept from the next warm-up, which is to reach another. */
const HOLD_MS = 2000;

/**
 * Starts the browser of this instance before there is a session for it. Warm-ups are sent side by side, and each is to
 * reach an instance of its own: one that is new is kept busy for a moment, one that was there until all have been sent.
 */
export async function warmUp(
  { data: { until } }: WarmUp,
  { browsers, clock, log, stopping }: { readonly browsers: Pick<Browsers, 'warm'> } & Base,
): Promise<void> {
  let started: boolean;
  try {
    started = await browsers.warm();
  } catch (error) {
    // The first session will try again, and tell.
    return log.warning(`No browser could be warmed: ${(error as Error).message}`);
  }
  const left = started ? HOLD_MS : Math.min(Date.parse(until) - clock.now(), HOLD_MS);
  if (left > 0 && !stopping.aborted) await clock.sleep(left);
}
