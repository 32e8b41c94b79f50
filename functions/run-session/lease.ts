import type { SessionEntity } from '../../schemas/entities.ts';
import type { RunEnds } from '../../shared/domain/run-ends.ts';
import { LeaseLost, type Sessions } from '../../shared/domain/sessions.ts';

/** A session's lease while this instance holds it. */
export interface HeldLease {
  readonly owner: string;
  /** Aborted, with LeaseLost as its reason, when somebody else has taken the session over. */
  readonly lost: AbortSignal;
  /**
   * When the run is to end, resolves once the session has been ended by that, or nobody has for a while; at once
   * otherwise. An instance that is free before could begin another session of the run, which is still to be ended.
   */
  untilEnded(): Promise<void>;
  stop(): void;
}

/** A session that is over before this many milliseconds need not be listened to: it cannot be cancelled in time to matter. */
const WATCH_AFTER_MS = 1000;

/** After which it is not waited any longer for a session to be ended with its run. */
const LONGEST_WAIT_MS = 10_000;

interface Watched {
  readonly sessions: Pick<Sessions, 'renew' | 'watchEnd'>;
  readonly runEnds: RunEnds;
}

/**
 * Renews the lease at every third of its time, for as long as the session runs, and looks out for its end by somebody
 * else, and for that of its run, which is cancelled before its sessions are.
 */
export function holdLease(
  { sessions, runEnds }: Watched,
  { id: sessionId, run_id, kind }: Pick<SessionEntity, 'id' | 'run_id' | 'kind'>,
  owner: string,
  leaseMs: number,
): HeldLease {
  const controller = new AbortController();
  const timer = setInterval(() => {
    sessions.renew(sessionId, owner, leaseMs).catch((error) => {
      if (error instanceof LeaseLost) controller.abort(error);
      // Anything else may pass: the lease still has two more chances before it runs out.
    });
  }, leaseMs / 3);
  let watches: readonly (() => void)[] = [];
  const lose = (what: string) => controller.abort(new LeaseLost(`${what} was ended`));
  const ended = Promise.withResolvers<void>();
  let runEnded = false;
  const watching = setTimeout(() => {
    const ofSession = sessions.watchEnd(sessionId, () => {
      ended.resolve();
      lose(`session ${sessionId}`);
    });
    const watchRun = () =>
      runEnds.watch(run_id, () => {
        runEnded = true;
        lose(`run ${run_id}`);
      });
    watches = kind === 'run' ? [ofSession, watchRun()] : [ofSession];
  }, WATCH_AFTER_MS);
  return {
    owner,
    lost: controller.signal,
    async untilEnded() {
      if (!runEnded) return;
      const late = setTimeout(ended.resolve, LONGEST_WAIT_MS);
      await ended.promise;
      clearTimeout(late);
    },
    stop() {
      clearInterval(timer);
      clearTimeout(watching);
      for (const unwatch of watches) unwatch();
    },
  };
}
