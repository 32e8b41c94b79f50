import type { RunEntity } from '../../schemas/entities.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Sessions } from '../../shared/domain/sessions.ts';
import { settleRun } from '../../shared/domain/settle-run.ts';
import type { Events } from '../../shared/events/publish.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly events: Events;
}

/** Ends the sessions of a run that is to be cancelled, and then the run: their instances notice and stop. */
export async function onRun({ id, before, after }: DocumentInput, services: Services & Base): Promise<void> {
  const run = after as unknown as RunEntity | undefined;
  const asked = run?.cancel_requested_at !== undefined && before?.cancel_requested_at === undefined;
  if (!run || !asked) return;
  annotate({ run_id: id, user_id: run.user_id });
  const cancelled = await services.sessions.cancelOfRun(id);
  services.log.info(`run cancelled: ${cancelled} sessions had not ended`);
  await settleRun(id, 'cancel', services);
}
