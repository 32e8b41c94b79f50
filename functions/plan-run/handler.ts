import type { RunEntity } from '../../schemas/entities.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import { planRun as expand, type SelectedTest } from '../../shared/domain/plan.ts';
import { hasEnded, type Runs } from '../../shared/domain/runs.ts';
import type { PlannedSession, Sessions } from '../../shared/domain/sessions.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { Events } from '../../shared/events/publish.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';

export interface Services {
  readonly runs: Runs;
  readonly tests: Tests;
  readonly sessions: Sessions;
  readonly queue: TaskQueue;
  readonly events: Events;
}

/** A run cannot have more sessions than this: tests × data rows. */
const MOST_SESSIONS = 10_000;

/** Expands a run that was just created into its sessions and puts a task for each on the queue. */
export async function planRun({ id }: DocumentInput, services: Services & Base): Promise<void> {
  annotate({ run_id: id });
  const run = await services.runs.get(id);
  if (!run) return;
  // A run that was given up before: whether everybody was told then is not known.
  if (hasEnded(run)) return run.error === undefined ? undefined : await tellGivenUp(run, services);
  const selected = await select(run, services.tests);
  if (typeof selected === 'string') return await giveUp(run, selected, services);
  const planned = expand(run, selected, services.clock.now());
  if (planned.length > MOST_SESSIONS) {
    return await giveUp(
      run,
      `The run would have ${planned.length} sessions; at most ${MOST_SESSIONS} are allowed.`,
      services,
    );
  }
  const totals = totalsOf(planned);
  await services.sessions.plan(planned);
  await services.runs.start(id, totals);
  await Promise.all([
    services.queue.enqueue(
      planned.map(({ session }) => ({ to: 'run-session', name: session.id, payload: { session_id: session.id } })),
    ),
    services.events.publish([
      {
        ...eventOf(run, run.created_at),
        type: 'run.created',
        data: { user_id: run.user_id, run_id: id, trigger: run.trigger, tests: selected.length },
      },
      {
        ...eventOf(run, new Date(services.clock.now())),
        type: 'run.started',
        data: { user_id: run.user_id, run_id: id, sessions: planned.length },
      },
    ]),
  ]);
}

const eventOf = (run: RunEntity, time: Date) => ({ key: [run.id], subject: `runs/${run.id}`, time });

/** The tests of a run, or why they cannot be run. */
async function select(run: RunEntity, tests: Tests): Promise<SelectedTest[] | string> {
  const stored = await tests.getAll(run.selection.tests, run.user_id);
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

/** A run that cannot be planned has ended: everybody who waits for it is told. */
async function giveUp(run: RunEntity, message: string, services: Services & Base): Promise<void> {
  services.log.warning(`run not planned: ${message}`);
  await services.runs.fail(run.id, message);
  await tellGivenUp({ ...run, ended_at: new Date(services.clock.now()) }, services);
}

async function tellGivenUp(run: RunEntity, { events }: Services): Promise<void> {
  await events.publish([
    {
      ...eventOf(run, run.ended_at ?? run.updated_at),
      type: 'run.completed',
      data: {
        user_id: run.user_id,
        run_id: run.id,
        status: 'error',
        sessions: 0,
        passed: 0,
        failed: 0,
        error: 0,
        duration_ms: 0,
      },
    },
  ]);
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
