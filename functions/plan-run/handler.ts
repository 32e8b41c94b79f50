import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import { holdBack, isLetGo, mostAtOnce } from '../../shared/domain/hold-back.ts';
import type { Shelf } from '../../shared/domain/library.ts';
import { lookUpUses, remembering, UseProblem } from '../../shared/domain/look-up-uses.ts';
import { notPassed } from '../../shared/domain/not-passed.ts';
import { planRun as expand, type SelectedTest } from '../../shared/domain/plan.ts';
import { hasEnded, type Runs } from '../../shared/domain/runs.ts';
import type { PlannedSession, Sessions } from '../../shared/domain/sessions.ts';
import type { Slots } from '../../shared/domain/slots.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { Usage } from '../../shared/domain/usage.ts';
import type { Events } from '../../shared/events/publish.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';

export interface Services {
  readonly runs: Runs;
  readonly tests: Tests;
  readonly library: Shelf;
  readonly sessions: Sessions;
  readonly slots: Slots;
  readonly usage: Pick<Usage, 'checkDay'>;
  readonly queue: TaskQueue;
  /** Where it is asked for that a run is ended when its time is over. */
  readonly later: TaskQueue;
  readonly events: Events;
}

/** A run cannot have more sessions than this: tests × data rows. */
const MOST_SESSIONS = 10_000;

/**
 * Expands a run that was just created into its sessions and puts a task on the queue for each that its user has a slot
 * for; the others follow as sessions end.
 */
export async function planRun({ id }: DocumentInput, services: Services & Base): Promise<void> {
  annotate({ run_id: id });
  const run = await services.runs.get(id);
  // What was done before is not done again; but whether it was also told, nobody knows.
  if (run?.status === 'queued') await plan(run, services);
  else if (run?.status === 'running') {
    await launch(run, await services.sessions.ofRun(id), services);
    await stopIfCancelled(run, services);
  } else if (run?.error !== undefined && !run.timed_out) await tellFailure(run, services);
}

async function plan(run: RunEntity, services: Services & Base): Promise<void> {
  const selected = await select(run, services.tests);
  if (typeof selected === 'string') return await giveUp(run, selected, services);
  const complete = await lookUp(run, selected, services.library);
  if (typeof complete === 'string') return await giveUp(run, complete, services);
  const planned = await wantedOf(run, expand(run, complete, services.clock.now()), services.sessions);
  if (run.failed_only && planned.length === 0) {
    return await giveUp(run, 'Nothing of what did not pass before is part of the tests any more.', services);
  }
  if (planned.length > MOST_SESSIONS) {
    const message = `The run would have ${planned.length} sessions; at most ${MOST_SESSIONS} are allowed.`;
    return await giveUp(run, message, services);
  }
  const granted = await reserve(run, mostAtOnce(run, planned.length), services);
  if (typeof granted === 'string') return await giveUp(run, granted, services);
  const marked = holdBack(run, planned, granted);
  await services.sessions.plan(marked);
  const started = await services.runs.start(run.id, totalsOf(marked));
  const sessions = marked.map(({ session }) => session);
  await launch({ ...run, ...started }, sessions, services);
  await stopIfCancelled(run, services);
}

/** How runs are started by requests, which look at the quotas. */
const ASKED_FOR: ReadonlySet<RunEntity['trigger']> = new Set(['api', 'rerun']);

/** Slots for a run, or why it gets none: whoever started it was told so before, if it was a request. */
async function reserve(run: RunEntity, wanted: number, { slots, usage }: Services): Promise<number | string> {
  try {
    if (!ASKED_FOR.has(run.trigger)) await usage.checkDay(run.user_id);
    return await slots.reserve(run, wanted);
  } catch (error) {
    if (error instanceof AppError && error.code === 'rate-limited') return error.message;
    throw error;
  }
}

async function wantedOf(run: RunEntity, planned: PlannedSession[], sessions: Sessions): Promise<PlannedSession[]> {
  if (!run.failed_only || run.rerun_of === undefined) return planned;
  return notPassed(planned, await sessions.ofRun(run.rerun_of));
}

/** A run that was cancelled, or erased, while it was planned had no sessions yet that could be: now it has. */
async function stopIfCancelled({ id, user_id }: RunEntity, { runs, sessions, slots }: Services): Promise<void> {
  const run = await runs.get(id);
  if (run && !hasEnded(run) && !run.cancel_requested_at) return;
  await sessions.cancelOfRun(id);
  await slots.fill(user_id);
}

/** Puts a task for each session on the queue and tells that the run has started. */
async function launch(
  run: RunEntity,
  sessions: readonly Pick<SessionEntity, 'id' | 'held'>[],
  services: Services & Base,
): Promise<void> {
  const { queue, events, slots, clock } = services;
  const { user_id, selection, trigger } = run;
  const tests = selection.tests.length + selection.definitions.length;
  const startedAt = run.started_at ?? new Date(clock.now());
  await Promise.all([
    queue.enqueue(
      sessions.filter(isLetGo).map(({ id }) => ({ to: 'run-session', name: id, payload: { session_id: id } })),
    ),
    limitTime(run, startedAt, services.later),
    events.publish([
      { ...eventOf(run, run.created_at), type: 'run.created', data: { user_id, run_id: run.id, trigger, tests } },
      {
        ...eventOf(run, startedAt),
        type: 'run.started',
        data: { user_id, run_id: run.id, sessions: sessions.length },
      },
    ]),
  ]);
  if (run.contended || sessions.some(({ held }) => held === 'slot')) await slots.share(user_id);
}

async function limitTime({ id, selection }: RunEntity, startedAt: Date, later: TaskQueue): Promise<void> {
  const { runTimeout } = selection;
  if (runTimeout === undefined) return;
  const at = new Date(startedAt.getTime() + runTimeout);
  await later.enqueue([{ to: 'end-overdue-run', name: `${id}-overdue`, payload: { run_id: id }, at }]);
}

const eventOf = (run: RunEntity, time: Date) => ({ key: [run.id], subject: `runs/${run.id}`, time });

/** The tests of a run, or why they cannot be run. */
async function select(run: RunEntity, tests: Tests): Promise<SelectedTest[] | string> {
  const { tests: ids, definitions } = run.selection;
  // Without a session that ends, nothing would end the run.
  if (ids.length + definitions.length === 0) return 'There is nothing to run.';
  const stored = await tests.getAll(ids, run.user_id);
  const selected: SelectedTest[] = [];
  for (const [i, test] of stored.entries()) {
    if (!test?.definition)
      return `The test '${run.selection.tests[i]}' ${test ? 'is invalid' : 'does not exist any more'}.`;
    const file = test.object.name.replace(/^tests\/[^/]+\//, '');
    selected.push({
      testId: test.id,
      contentHash: test.content_hash,
      file,
      definition: test.definition as SelectedTest['definition'],
    });
  }
  for (const definition of run.selection.definitions as SelectedTest['definition'][]) {
    const hash = contentHash(definition);
    selected.push({ testId: `tst_${hash.slice(0, 26)}`, contentHash: hash, definition });
  }
  return selected;
}

/** The tests with all that they use from the library, or why that cannot be had. */
async function lookUp(
  run: RunEntity,
  selected: readonly SelectedTest[],
  library: Shelf,
): Promise<SelectedTest[] | string> {
  const lookup = remembering({
    find: (reference) => library.find(reference, run.user_id),
    names: () => library.names(run.user_id),
  });
  const complete: SelectedTest[] = [];
  for (const test of selected) {
    try {
      complete.push({ ...test, definition: await lookUpUses(test.definition, lookup) });
    } catch (error) {
      if (error instanceof UseProblem) return `The test '${test.definition.name}' cannot be run. ${error.message}`;
      throw error;
    }
  }
  return complete;
}

/** A run that cannot be planned has ended: everybody who waits for it is told. */
async function giveUp(run: RunEntity, message: string, services: Services & Base): Promise<void> {
  services.log.warning(`run not planned: ${message}`);
  const failed = await services.runs.fail(run.id, message);
  if (failed) await tellFailure(failed, services);
}

async function tellFailure(run: RunEntity, { events }: Services): Promise<void> {
  const { user_id, ended_at, updated_at } = run;
  const none = { sessions: 0, passed: 0, failed: 0, error: 0, duration_ms: 0 };
  const data = { user_id, run_id: run.id, status: 'error', ...none } as const;
  await events.publish([{ ...eventOf(run, ended_at ?? updated_at), type: 'run.completed', data }]);
}

function totalsOf(planned: readonly PlannedSession[]) {
  const sum = (count: (session: PlannedSession['session']) => number) =>
    planned.reduce((total, { session }) => total + count(session), 0);
  return {
    sessions: planned.length,
    checkpoints: sum((session) => session.checkpoint_count),
    steps: sum((session) => session.step_count),
  };
}
