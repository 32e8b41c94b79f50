import type { Browser } from 'playwright-core';
import type { CheckpointEntity, SessionEntity } from '../../schemas/entities.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import { isCommitted } from '../../shared/domain/checkpoints.ts';
import { type CheckpointOutcome, LeaseLost } from '../../shared/domain/sessions.ts';
import type { EngineSession } from '../../shared/engine/session.ts';
import { StepError } from '../../shared/engine/step-error.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { endOf } from './end-of.ts';
import { engineOptions, surroundingsOf } from './engine-options.ts';
import type { Services } from './handler.ts';
import { keepObject } from './keep-object.ts';
import { closeEngine, discard, isTraceKept } from './keep-trace.ts';
import type { HeldLease } from './lease.ts';
import { remember } from './remembering.ts';
import { saveState } from './saved-state.ts';
import { withinDocument } from './within-document.ts';
import type { Ended, Work } from './work.ts';

/** A teardown may take so long, even when the test's time is over: what a test leaves behind is in the way of others. */
const TEARDOWN_MS = 60_000;

/** Runs the checkpoints that are not committed yet and gives the session's end. */
export async function runCheckpoints(
  session: SessionEntity,
  browser: Browser,
  lease: HeldLease,
  services: Services & Base,
): Promise<Ended> {
  const { clock, stopping } = services;
  const testTimeout = testTimeoutOf(session);
  const work: Work = {
    session,
    browser: `chromium ${browser.version()}`,
    lease,
    services,
    timeUp: AbortSignal.timeout(Math.max(1, timeLeft(session, clock.now()))),
    handOver: AbortSignal.any([lease.lost, stopping]),
    operations: 3,
    stored: 0,
  };
  const surroundings = surroundingsOf(work);
  surroundings.catch(() => undefined);
  const all = await services.checkpoints.ofSession(session.id);
  work.operations += all.length;
  // A skipped checkpoint leaves no state: the browser is still as it was before it.
  const last = all.findLast((checkpoint) => isCommitted(checkpoint) && checkpoint.state_object !== undefined);
  const letGo = dropWhenLost(work);
  let engine: EngineSession;
  let done: CheckpointEntity[];
  try {
    engine = await services.engine.open(browser, await engineOptions(work, await surroundings, last));
    done = await withEngine(work, engine, all);
  } catch (error) {
    if (!(error instanceof StepError) || lease.lost.aborted) throw error;
    const { type, message, hint } = error;
    return { end: { status: 'error', error: { type, message, ...(hint === undefined ? {} : { hint }) } } };
  } finally {
    await letGo();
  }
  const end = endOf(work, done, testTimeout);
  await remember(work, engine);
  // The next task is often a session of the same run.
  await services.engine.prepare(browser, session.config);
  const kept = isTraceKept(session, end.status !== 'passed');
  // A trace takes its time to be stored: what was run is not to be lost meanwhile.
  if (kept && work.uncommitted) await commit(work, work.uncommitted);
  const uncommitted = kept ? undefined : work.uncommitted;
  const closing = closeEngine(work, engine, kept);
  // Only a trace has something to say of the session's end: without one, the end need not wait.
  const trace = kept ? await closing : {};
  const counts = { billable_operations: work.operations + (uncommitted ? 1 : 0), stored_bytes: work.stored };
  return {
    end: { ...end, ...trace, browser: work.browser, ...counts },
    ...(uncommitted ? { uncommitted } : {}),
    closing,
  };
}

/**
 * A page that is to stop may be at anything: nobody waits for it, the browser is ended under it.
 * @returns what has that not happen any more; it waits for the end of a browser that it has happened to
 */
function dropWhenLost({ lease, services }: Work): () => Promise<void> {
  let dropped: Promise<void> | undefined;
  const drop = () => {
    dropped = services.browsers.drop();
  };
  lease.lost.addEventListener('abort', drop, { once: true });
  return async () => {
    lease.lost.removeEventListener('abort', drop);
    await dropped;
  };
}

async function withEngine(
  work: Work,
  engine: EngineSession,
  all: readonly CheckpointEntity[],
): Promise<CheckpointEntity[]> {
  try {
    return await runThem(work, engine, all);
  } catch (error) {
    if (!(error instanceof LeaseLost)) await discard(engine);
    // The end of the lease was seen at a write.
    else if (!work.lease.lost.aborted) await work.services.browsers.drop();
    throw error;
  }
}

async function runThem(
  work: Work,
  engine: EngineSession,
  all: readonly CheckpointEntity[],
): Promise<CheckpointEntity[]> {
  const done: CheckpointEntity[] = [];
  let stopped = false;
  for (const [i, checkpoint] of all.entries()) {
    let outcome: CheckpointEntity = checkpoint;
    if (!isCommitted(checkpoint)) {
      const skip = checkpoint.phase !== 'teardown' && (stopped || work.timeUp.aborted);
      outcome = skip
        ? await commitSkipped(work, checkpoint)
        : await runOne(work, engine, checkpoint, i === all.length - 1);
    }
    stopped ||= outcome.stopped === true;
    done.push(outcome);
  }
  return done;
}

async function runOne(
  work: Work,
  engine: EngineSession,
  checkpoint: CheckpointEntity,
  last: boolean,
): Promise<CheckpointEntity> {
  const { services, session, handOver } = work;
  const startedAt = new Date(services.clock.now());
  const steps = checkpoint.steps as Step[];
  const result = await engine.runCheckpoint(
    { name: checkpoint.name, steps, index: checkpoint.position },
    {
      signal: AbortSignal.any([handOver, timeUpFor(checkpoint, work)]),
      onStepStart: (step, index) =>
        services.progress.note(session, {
          checkpoint: checkpoint.name,
          step: step.label ?? step.command,
          done: index,
          total: steps.length,
        }),
    },
  );
  if (work.lease.lost.aborted) throw work.lease.lost.reason;
  if (handOver.aborted) throw new AppError('unavailable', 'The instance is told to stop; another one goes on.');
  const outcome: Partial<CheckpointEntity> = {
    status: result.status,
    stopped: result.stop,
    browser: work.browser,
    started_at: startedAt,
    ended_at: new Date(services.clock.now()),
    ...(await withinDocument(result.results, `${session.id}/${checkpoint.position}/results.json`, (...kept) =>
      keepObject(work, ...kept),
    )),
    ...(last ? {} : { state_object: await saveState(work, engine, checkpoint.position) }),
  };
  if (last) work.uncommitted = { checkpoint, outcome };
  else await commit(work, { checkpoint, outcome });
  return { ...checkpoint, ...outcome, results: result.results };
}

const testTimeoutOf = ({ config }: SessionEntity): number => config.testTimeout ?? configDefaults.testTimeout;

const timeLeft = (session: SessionEntity, now: number): number =>
  (session.started_at?.getTime() ?? now) + testTimeoutOf(session) - now;

const timeUpFor = ({ phase }: CheckpointEntity, { timeUp, session, services }: Work): AbortSignal =>
  phase === 'teardown' ? AbortSignal.timeout(Math.max(TEARDOWN_MS, timeLeft(session, services.clock.now()))) : timeUp;

async function commitSkipped(work: Work, checkpoint: CheckpointEntity): Promise<CheckpointEntity> {
  const now = new Date(work.services.clock.now());
  const reason = work.timeUp.aborted ? "the test's time was over" : 'the session had ended before';
  const results = (checkpoint.steps as Step[]).map(
    (step, index): StepResult => ({
      command: step.command,
      index,
      status: 'skipped',
      ...(step.label === undefined ? {} : { label: step.label }),
      started_at: now.toISOString(),
      duration_ms: 0,
      notes: [`not run: ${reason}`],
      console: 0,
      network: { requests: 0, failed: 0 },
    }),
  );
  const outcome: Partial<CheckpointEntity> = { status: 'skipped', results, started_at: now, ended_at: now };
  await commit(work, { checkpoint, outcome });
  return { ...checkpoint, ...outcome };
}

async function commit(work: Work, { checkpoint, outcome }: CheckpointOutcome): Promise<void> {
  work.operations += 2;
  await work.services.checkpoints.commit(checkpoint, work.lease.owner, outcome);
}
