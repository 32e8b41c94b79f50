import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import type { CheckpointEntity, SessionEntity } from '../../schemas/entities.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import { isCommitted } from '../../shared/domain/checkpoints.ts';
import type { EngineSession, SessionState } from '../../shared/engine/session.ts';
import { StepError } from '../../shared/engine/step-error.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { Services } from './handler.ts';
import type { HeldLease } from './lease.ts';
import { withinDocument } from './within-document.ts';

type End = Partial<SessionEntity> & { status: 'passed' | 'failed' | 'error' };

/** What the work on one session shares. */
interface Work {
  readonly session: SessionEntity;
  readonly browser: string;
  readonly lease: HeldLease;
  readonly services: Services & Base;
  /** Aborted when the test's time is over. */
  readonly timeUp: AbortSignal;
  /** Aborted when this instance must not go on: the lease is lost, or the instance is told to stop. */
  readonly handOver: AbortSignal;
  /** Billable operations so far: the task, the lease and the query of the checkpoints are three. */
  operations: number;
}

/** Runs the checkpoints that are not committed yet and gives the session's end. */
export async function runCheckpoints(
  session: SessionEntity,
  browser: Browser,
  lease: HeldLease,
  services: Services & Base,
): Promise<End> {
  const { clock, stopping } = services;
  const testTimeout = session.config.testTimeout ?? configDefaults.testTimeout;
  const left = (session.started_at?.getTime() ?? clock.now()) + testTimeout - clock.now();
  const work: Work = {
    session,
    browser: `chromium ${browser.version()}`,
    lease,
    services,
    timeUp: AbortSignal.timeout(Math.max(1, left)),
    handOver: AbortSignal.any([lease.lost, stopping]),
    operations: 3,
  };
  const all = await services.checkpoints.ofSession(session.id);
  work.operations += all.length;
  // A skipped checkpoint leaves no state: the browser is still as it was before it.
  const last = all.findLast((checkpoint) => isCommitted(checkpoint) && checkpoint.state_object !== undefined);
  const options = await engineOptions(work, last);
  let engine: EngineSession;
  try {
    engine = await services.engine.open(browser, options);
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const { type, message, hint } = error;
    return { status: 'error', error: { type, message, ...(hint === undefined ? {} : { hint }) } };
  }
  let done: CheckpointEntity[];
  try {
    done = await runThem(work, engine, all);
  } catch (error) {
    await discard(engine);
    throw error;
  }
  const end = endOf(work, done, testTimeout);
  const trace = await keepTrace(work, engine, end.status !== 'passed');
  return { ...end, ...trace, browser: work.browser, billable_operations: work.operations };
}

/** Closes a session that is given up; a browser that has died cannot be closed any more. */
async function discard(engine: EngineSession): Promise<void> {
  try {
    await (await engine.close({ trace: false })).dispose();
  } catch {
    // The reason why the session is given up is thrown by who calls.
  }
}

async function engineOptions(work: Work, last: CheckpointEntity | undefined) {
  const { session, services } = work;
  return {
    config: session.config,
    ...(session.base_url === undefined ? {} : { baseUrl: session.base_url }),
    variables: session.variables,
    secrets: [],
    ...(last?.state_object === undefined ? {} : { state: await readState(last.state_object, services) }),
    artifacts: {
      async save(name: string, body: Uint8Array, contentType: string) {
        work.operations++;
        await services.artifacts.put(name, body, {
          contentType,
          metadata: { owner: session.user_id, run: session.run_id },
        });
      },
    },
    artifactPrefix: session.id,
    clock: services.clock,
    random: services.random,
    navigationGuard: (url: string) => refusalOf(url, services),
  };
}

/** Why an address may not be opened, if so. A name that is not known is the page's own error, not a refusal. */
async function refusalOf(url: string, { egress }: Services): Promise<string | undefined> {
  try {
    await egress.guard.check(new URL(url).hostname);
    return undefined;
  } catch (error) {
    return error instanceof AppError && error.code === 'permission-denied' ? error.message : undefined;
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
      const skip = (stopped && checkpoint.phase !== 'teardown') || work.timeUp.aborted;
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
  const { services, session, handOver, timeUp } = work;
  const startedAt = new Date(services.clock.now());
  const steps = checkpoint.steps as Step[];
  const result = await engine.runCheckpoint(
    { name: checkpoint.name, steps, index: checkpoint.position },
    {
      signal: AbortSignal.any([handOver, timeUp]),
      onStepStart: (step, index) =>
        services.progress.note(session.id, {
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
    ...(await withinDocument(result.results, `${session.id}/${checkpoint.position}/results.json`, services.artifacts)),
    ...(last ? {} : { state_object: await saveState(work, engine, checkpoint.position) }),
  };
  await commit(work, checkpoint, outcome);
  return { ...checkpoint, ...outcome, results: result.results };
}

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
  await commit(work, checkpoint, outcome);
  return { ...checkpoint, ...outcome };
}

async function commit(work: Work, checkpoint: CheckpointEntity, outcome: Partial<CheckpointEntity>): Promise<void> {
  work.operations += 2;
  await work.services.checkpoints.commit(checkpoint, work.lease.owner, outcome);
}

async function saveState(work: Work, engine: EngineSession, position: number): Promise<string> {
  const { session, services } = work;
  const name = `${session.id}/state-${position}.json.enc`;
  const sealed = await services.cipher.encrypt(JSON.stringify(await engine.state()));
  work.operations++;
  await services.artifacts.put(name, sealed, {
    contentType: 'application/octet-stream',
    metadata: { owner: session.user_id, run: session.run_id },
  });
  return name;
}

async function readState(name: string, { artifacts, cipher }: Services): Promise<SessionState> {
  const sealed = await artifacts.get(name);
  return JSON.parse((await cipher.decrypt(sealed.toString('utf8'))).toString('utf8')) as SessionState;
}

function endOf(work: Work, done: readonly CheckpointEntity[], testTimeout: number): End {
  const results = done.flatMap((checkpoint) => checkpoint.results);
  const count = (...statuses: string[]) => results.filter(({ status }) => statuses.includes(status)).length;
  const counts = { passed_steps: count('passed'), failed_steps: count('failed', 'error') };
  if (work.timeUp.aborted) {
    const error = {
      type: 'test-timeout',
      message: `The test took longer than its ${testTimeout} ms.`,
      hint: 'Raise config.testTimeout, or split the test.',
    };
    return { status: 'error', error, ...counts };
  }
  const first = results.find(({ error }) => error !== undefined)?.error;
  if (done.some(({ status }) => status === 'error'))
    return { status: 'error', ...(first ? { error: first } : {}), ...counts };
  return { status: done.some(({ status }) => status === 'failed') ? 'failed' : 'passed', ...counts };
}

/** Closes the browser's context; keeps its trace as an object when the configuration asks for it. */
async function keepTrace(work: Work, engine: EngineSession, broken: boolean): Promise<{ trace_object?: string }> {
  const { session, services } = work;
  const wanted = session.config.trace ?? configDefaults.trace;
  try {
    const closed = await engine.close({ trace: wanted === 'always' || (wanted === 'failures' && broken) });
    try {
      return closed.trace ? { trace_object: await storeTrace(work, closed.trace) } : {};
    } finally {
      await closed.dispose();
    }
  } catch (error) {
    // The results are committed: a trace that is lost does not change them.
    services.log.error('The trace could not be kept.', error);
    return {};
  }
}

async function storeTrace(work: Work, file: string): Promise<string> {
  const { session, services } = work;
  const name = `${session.id}/trace.zip`;
  work.operations++;
  await services.artifacts.put(name, await readFile(file), {
    contentType: 'application/zip',
    metadata: { owner: session.user_id, run: session.run_id },
  });
  return name;
}
