import type { Condition } from '../../schemas/condition.ts';
import { asPattern, asText, compare } from '../commands/comparisons.ts';
import { isPassing, lookFor } from './find-target.ts';
import type { LiveSession } from './live-session.ts';
import { fill } from './resolve-fields.ts';
import { StepError } from './step-error.ts';
import type { Target } from './target.ts';
import { sleepUntil, unlessAborted } from './waiting.ts';

const PAUSE_MS = 100;
/** A look that comes to its end just in time says more than ours. */
const GRACE_MS = 400;

/** How long a condition may take. */
interface Patience {
  /** Looks again until so many milliseconds are over; without it, one look decides. */
  readonly waitMs?: number | undefined;
  /** Milliseconds that a page may take to let itself be looked at. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Whether a condition holds.
 * @throws StepError unknown-variable, invalid-value, timeout for a page that does not let itself be looked at
 */
export async function conditionHolds(live: LiveSession, condition: Condition, patience: Patience): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(unanswered(patience.timeoutMs)), patience.timeoutMs + GRACE_MS);
  live.tabs.onRuin((error) => controller.abort(error));
  try {
    const signal = AbortSignal.any([patience.signal, controller.signal]);
    return await unlessAborted(lookAgain(live, condition, { ...patience, signal }), signal);
  } finally {
    clearTimeout(timer);
    live.tabs.onRuin(undefined);
    controller.abort();
  }
}

async function lookAgain(live: LiveSession, condition: Condition, patience: Patience): Promise<boolean> {
  const { waitMs = 0, timeoutMs, signal } = patience;
  const started = live.now();
  for (;;) {
    const passed = live.now() - started;
    const holds = await look(live, condition, timeoutMs - passed).catch((error: unknown) => {
      // A page that is being left is looked at again when the next one is there.
      if (!isPassing(error) || passed >= timeoutMs) throw error;
      return undefined;
    });
    if (holds || (holds === false && passed >= waitMs)) return holds;
    await sleepUntil(PAUSE_MS, signal);
  }
}

const unanswered = (timeoutMs: number): StepError =>
  new StepError('timeout', `the page did not let itself be looked at in ${timeoutMs} ms`, {
    hint: 'The page is busy. A step before that waits for it helps, or a longer timeout.',
  });

async function look(live: LiveSession, condition: Condition, timeoutMs: number): Promise<boolean> {
  if ('all' in condition) return await every(condition.all, (one) => look(live, one, timeoutMs));
  if ('any' in condition) return !(await every(condition.any, async (one) => !(await look(live, one, timeoutMs))));
  if ('not' in condition) return !(await look(live, condition.not, timeoutMs));
  if ('url' in condition) {
    return asPattern(asText(fill(condition.url, live.sources))).test(live.tabs.active().url());
  }
  if ('variable' in condition) {
    const actual = fill(`{{${condition.variable.replace(/^\$/, '')}}}`, live.sources);
    return compare(actual, condition.operator ?? 'equals', fill(condition.value, live.sources));
  }
  const target = fill('exists' in condition ? condition.exists : condition.visible, live.sources) as Target;
  const frame = live.tabs.frame();
  // What a page that is still being read does not have yet is not missing.
  await frame.waitForLoadState('domcontentloaded', { timeout: Math.max(1, timeoutMs) }).catch(() => undefined);
  const seen = await lookFor(target, 'read', { frame, cdp: () => live.tabs.cdp(live.tabs.active()) });
  return 'exists' in condition ? seen.total > 0 : seen.matches.some(({ visible }) => visible);
}

/** In order, and no further than needed. */
async function every<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (!(await test(item))) return false;
  return true;
}
