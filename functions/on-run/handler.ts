import type { RunEntity } from '../../schemas/entities.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import { hasEnded, type Runs } from '../../shared/domain/runs.ts';
import type { Sessions } from '../../shared/domain/sessions.ts';
import { settleRun } from '../../shared/domain/settle-run.ts';
import type { Slots } from '../../shared/domain/slots.ts';
import { changeEvents, nextOutcome, outcomesOf } from '../../shared/domain/test-outcomes.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { Events } from '../../shared/events/publish.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly slots: Slots;
  readonly tests: Tests;
  readonly events: Events;
}

/** Ends the sessions of a run that is to be cancelled; of one that has ended, tells what it changed for its tests. */
export async function onRun({ id, before, after }: DocumentInput, services: Services & Base): Promise<void> {
  const run = after as unknown as RunEntity | undefined;
  const previous = before as unknown as RunEntity | undefined;
  if (!run || !previous) return;
  annotate({ run_id: id, user_id: run.user_id });
  if (run.cancel_requested_at !== undefined && previous.cancel_requested_at === undefined) await cancel(run, services);
  if (hasEnded(run) && !hasEnded(previous)) await judgeTests(run, services);
}

/** Ends the sessions of a run, and then the run: their instances notice and stop, and their slots are others'. */
async function cancel({ id, user_id }: RunEntity, services: Services & Base): Promise<void> {
  const cancelled = await services.sessions.cancelOfRun(id);
  services.log.info(`run cancelled: ${cancelled} sessions had not ended`);
  await settleRun(id, 'cancel', services);
  await services.slots.fill(user_id);
}

/** Tests that are judged at a time. */
const PARALLEL_TESTS = 16;

async function judgeTests(run: RunEntity, { sessions, tests, events }: Services): Promise<void> {
  // Only stored tests have a history.
  if (run.selection.tests.length === 0) return;
  const outcomes = outcomesOf(await sessions.ofRun(run.id));
  const news = await inParallel(PARALLEL_TESTS, outcomes, async (now) => {
    const noted = await tests.noteOutcome(now.test_id, run, (before) => nextOutcome(before, now, run));
    return noted ? changeEvents(run, now, noted) : [];
  });
  await events.publish(news.flat());
}
