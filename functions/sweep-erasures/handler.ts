import type { Erasures } from '../../shared/domain/erasures.ts';
import type { Eraser } from '../../shared/erasure/eraser.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services {
  readonly erasures: Pick<Erasures, 'due'>;
  readonly eraser: Eraser;
}

/** Erasures a time, and how long they are worked on: the others wait for the next. */
const MOST = 100;
const LONGEST_MS = 480_000;

/**
 * Goes on with erasures that nobody goes on with, and looks again for what those that are done could not have found: what
 * was under way when they began. One that fails does not keep the others waiting.
 */
export async function sweepErasures(_input: unknown, { erasures, eraser, clock, log }: Services & Base): Promise<void> {
  const until = clock.now() + LONGEST_MS;
  for (const { id } of await erasures.due(MOST)) {
    if (clock.now() >= until) return;
    try {
      await eraser.round(id, until);
      log.info('erasure swept', { user_id: id });
    } catch (error) {
      log.error('An erasure could not be swept.', error, { user_id: id });
    }
  }
}
