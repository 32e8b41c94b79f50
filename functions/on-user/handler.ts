import type { DocumentInput } from '../../shared/define/trigger.ts';
import type { Erasures } from '../../shared/domain/erasures.ts';
import type { Eraser } from '../../shared/erasure/eraser.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly erasures: Pick<Erasures, 'get'>;
  readonly eraser: Eraser;
}

/** Well before the function's own time is over; the next delivery goes on. */
const LONGEST_MS = 480_000;

/** Erases a user whose erasure was asked for. A second delivery finds it done and does nothing. */
export async function onUser({ id }: DocumentInput, { erasures, eraser, clock }: Services & Base): Promise<void> {
  annotate({ user_id: id });
  if ((await erasures.get(id))?.status !== 'running') return;
  await eraser.round(id, clock.now() + LONGEST_MS);
}
