import type { Behaviour, OpenSuite } from './behaviour.ts';
import type { Target } from './options.ts';
import { openWorld } from './world.ts';

/** How long a behaviour may take. */
export const LIMIT_MS = 20_000;

/** What became of a behaviour. */
export interface Outcome {
  readonly service: string;
  readonly method: string;
  readonly title: string;
  /** What it failed with; undefined when it holds. */
  readonly error: unknown;
}

/**
 * Opens a service's suite and checks its behaviours one after the other. That the suite cannot be opened or cleaned up
 * after is a failure of its own.
 * @param options.grep only behaviours whose `service method title` it matches
 */
export async function checkSuite(
  service: string,
  open: OpenSuite,
  { target, grep }: { target: Target; grep: RegExp | undefined },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const failed = (title: string) => (error: unknown) =>
    void outcomes.push({ service, method: 'suite', title, error: error ?? new Error('It failed without an error.') });
  const opened = await openWorld(target).catch(failed('finds its world'));
  if (!opened) return outcomes;
  const suite = await open(opened.world).catch(failed('opens'));
  for (const behaviour of suite?.behaviours ?? []) {
    const { method, title } = behaviour;
    if (grep && !grep.test(`${service} ${method} ${title}`)) continue;
    outcomes.push({ service, method, title, error: await failureOf(behaviour) });
  }
  await opened.close().catch(failed('cleans up'));
  return outcomes;
}

/** What a behaviour fails with, at the latest after the limit; undefined when it holds. */
async function failureOf({ check }: Behaviour): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${LIMIT_MS / 1000} s.`)), LIMIT_MS);
  });
  try {
    await Promise.race([check(), limit]);
    return undefined;
  } catch (error) {
    return error ?? new Error('It failed without an error.');
  } finally {
    clearTimeout(timer);
  }
}
