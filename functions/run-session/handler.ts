import type { SessionEntity } from '../../schemas/entities.ts';
import type { WarmUp } from '../../schemas/warm-up.ts';
import type { LearnedHabits } from '../../shared/analytics/learned-habits.ts';
import type { TaskInput } from '../../shared/define/trigger.ts';
import type { Checkpoints } from '../../shared/domain/checkpoints.ts';
import type { Environments } from '../../shared/domain/environments.ts';
import type { LiveSessions } from '../../shared/domain/live-sessions.ts';
import type { ProgressBoard } from '../../shared/domain/progress.ts';
import type { Remembered } from '../../shared/domain/remembered.ts';
import type { RunEnds } from '../../shared/domain/run-ends.ts';
import { LeaseLost, type Sessions } from '../../shared/domain/sessions.ts';
import type { Browsers } from '../../shared/engine/browsers.ts';
import type { openSession, prepareSession } from '../../shared/engine/session.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import type { Egress } from '../../shared/platform/egress.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { testSuite } from '../../shared/resources/queues.ts';
import { type HeldLease, holdLease } from './lease.ts';
import { runCheckpoints } from './run-checkpoints.ts';
import { runLive } from './run-live.ts';
import { warmUp } from './warm-up.ts';
import type { End, Ended } from './work.ts';

export interface Services {
  readonly sessions: Sessions;
  readonly runEnds: RunEnds;
  readonly live: LiveSessions;
  /** Where tasks are made that wake live sessions. */
  readonly wake: TaskQueue;
  readonly checkpoints: Checkpoints;
  readonly artifacts: ObjectStore;
  /** The bucket of test files. */
  readonly files: ObjectStore;
  readonly browsers: Browsers;
  readonly cipher: Cipher;
  readonly environments: Environments;
  readonly egress: Egress;
  readonly progress: ProgressBoard;
  readonly remembered: Remembered;
  /** What mostly comes next, for suggestions. */
  readonly habits: LearnedHabits;
  readonly engine: Engine;
}

/** What runs steps in a browser. */
export interface Engine {
  readonly open: typeof openSession;
  readonly prepare: typeof prepareSession;
}

/** A session whose instances keep dying is given up after so many. */
const MOST_RESUMPTIONS = 3;
/** Gibibytes of an instance, for the session's cost. */
const MEMORY_GIB = 2;

/**
 * Runs a session, or goes on with it where another instance left off: at the first checkpoint that is not committed.
 * @throws AppError unavailable when another instance holds the session, so that the queue asks again later
 */
export async function runSession(
  { payload, attempt }: TaskInput<{ session_id: string } | WarmUp>,
  services: Services & Base,
): Promise<void> {
  if (!('session_id' in payload)) return await warmUp(payload, services);
  const { sessions, ids, config, browsers, clock, log } = services;
  const id = payload.session_id;
  annotate({ session_id: id });
  const leaseMs = config.sessionLeaseSeconds * 1000;
  const owner = ids.next('req');
  const startedAt = clock.now();
  const acquired = await sessions.acquire(id, owner, leaseMs, { cold_start: browsers.cold });
  if (acquired.kind === 'over') return log.info('the session has ended before');
  if (acquired.kind === 'busy') {
    const seconds = Math.max(1, Math.ceil((acquired.until.getTime() - clock.now()) / 1000));
    throw new AppError('unavailable', 'Another instance has this session.', { retryAfter: seconds });
  }
  const live = acquired.session.kind === 'live';
  annotate({ ...(live ? {} : { run_id: acquired.session.run_id }), user_id: acquired.session.user_id });
  const lease = holdLease(services, acquired.session, owner, leaseMs);
  try {
    if (live) return await runLive(acquired.session, lease, services);
    const { end, uncommitted, closing } = await outcomeOf(acquired.session, lease, services);
    const ms = clock.now() - startedAt;
    const cost = { browser_ms: Math.max(0, Math.round(ms)), gb_seconds: (MEMORY_GIB * ms) / 1000 };
    const ended = { ...end, ended_at: new Date(clock.now()), ...cost };
    // The answer ends the instance's time: the context must be closed by then.
    await Promise.all([sessions.finish(id, owner, ended, uncommitted), closing]);
  } catch (error) {
    const lost = lease.lost.aborted ? lease.lost.reason : error;
    if (lost instanceof LeaseLost) {
      await lease.untilEnded();
      return log.warning(`the session is not ours any more: ${lost.message}`);
    }
    // A live session has no verdict: it waits for the next command, or until its time is over.
    await giveBack(id, owner, { error, last: !live && attempt >= testSuite.maxAttempts - 1 }, services);
  } finally {
    lease.stop();
  }
}

/**
 * Lets another instance have the session at once. When the queue will not send the task again, nobody would come: then
 * the session ends here.
 */
async function giveBack(
  id: string,
  owner: string,
  { error, last }: { error: unknown; last: boolean },
  { sessions, clock, log }: Services & Base,
): Promise<void> {
  if (!last) {
    await sessions.release(id, owner).catch((cause) => log.error('The session could not be given back.', cause));
    throw error;
  }
  log.error('The session could not be run.', error);
  const message = `The session could not be run in ${testSuite.maxAttempts} attempts.`;
  await sessions.finish(id, owner, { ...endWith('not-run', message), ended_at: new Date(clock.now()) });
}

async function outcomeOf(session: SessionEntity, lease: HeldLease, services: Services & Base): Promise<Ended> {
  if (session.resumed > MOST_RESUMPTIONS) {
    const end = endWith('instance-lost', `The browser's instance died ${session.resumed} times in this session.`, {
      hint: 'A page that takes all memory is the usual reason: look at the last checkpoint.',
    });
    return { end };
  }
  let browser: Awaited<ReturnType<Browsers['get']>>;
  try {
    browser = await services.browsers.get(session.user_id);
  } catch (error) {
    services.log.error('The browser could not be started.', error);
    return { end: endWith('browser-unavailable', (error as Error).message) };
  }
  return await runCheckpoints(session, browser, lease, services);
}

/** A session that could not be run at all. */
function endWith(type: string, message: string, more: { hint?: string } = {}): End {
  return { status: 'error', error: { type, message, ...more } };
}
