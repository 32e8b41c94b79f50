import type { TaskInput } from '../../shared/define/trigger.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly runs: Runs;
}

/** Ends a run that is not over when its time is: what has not ended of it is cancelled, and its verdict is `error`. */
export async function endOverdueRun(
  { payload }: TaskInput<{ run_id: string }>,
  { runs, log }: Services & Base,
): Promise<void> {
  annotate({ run_id: payload.run_id });
  if (await runs.endOverdue(payload.run_id)) log.info('the time of the run is over');
}
