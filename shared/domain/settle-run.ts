import type { RunEntity } from '../../schemas/entities.ts';
import type { Events, NewEvent } from '../events/publish.ts';
import { millisecondsBetween } from './durations.ts';
import type { Runs, Verdict } from './runs.ts';
import type { Sessions } from './sessions.ts';

/**
 * Ends a run when no session of it is awaited any more, and tells that. Of several that find it so at once, one ends it;
 * one that comes again tells the same again.
 * @param by what found it so
 */
export async function settleRun(
  runId: string,
  by: string,
  { runs, sessions, events }: { runs: Runs; sessions: Sessions; events: Events },
): Promise<void> {
  if ((await sessions.countAwaited(runId)) > 0) return;
  const run = await runs.settle(runId, by, await sessions.countVerdicts(runId));
  if (run) await events.publish(runEnded(run));
}

/** What there is to tell of a run that has ended. */
export function runEnded(run: RunEntity): NewEvent[] {
  const time = run.ended_at ?? run.updated_at;
  const { sessions, passed, failed, error } = run.totals;
  const { user_id, id: run_id } = run;
  const about = { key: [run.id], subject: `runs/${run.id}`, time };
  const completed: NewEvent = {
    ...about,
    type: 'run.completed',
    data: {
      ...{ user_id, run_id, status: run.status as Verdict, sessions, passed, failed, error },
      duration_ms: millisecondsBetween(run.started_at ?? time, time),
      ...(run.commit ? { commit: run.commit } : {}),
    },
  };
  if (run.status !== 'cancelled') return [completed];
  return [{ ...about, type: 'run.cancelled', data: { user_id, run_id, sessions } }, completed];
}
