import { LeaseLost, type Sessions } from '../../shared/domain/sessions.ts';

/** A session's lease while this instance holds it. */
export interface HeldLease {
  readonly owner: string;
  /** Aborted, with LeaseLost as its reason, when somebody else has taken the session over. */
  readonly lost: AbortSignal;
  stop(): void;
}

/** A session that is over before this many milliseconds need not be listened to: it cannot be cancelled in time to matter. */
const WATCH_AFTER_MS = 1000;

/**
 * Renews the lease at every third of its time, for as long as the session runs, and looks out for its end by somebody
 * else: a run that is cancelled.
 */
export function holdLease(sessions: Sessions, sessionId: string, owner: string, leaseMs: number): HeldLease {
  const controller = new AbortController();
  const timer = setInterval(() => {
    sessions.renew(sessionId, owner, leaseMs).catch((error) => {
      if (error instanceof LeaseLost) controller.abort(error);
      // Anything else may pass: the lease still has two more chances before it runs out.
    });
  }, leaseMs / 3);
  let unwatch: (() => void) | undefined;
  const watching = setTimeout(() => {
    unwatch = sessions.watchEnd(sessionId, () => controller.abort(new LeaseLost(`session ${sessionId} was ended`)));
  }, WATCH_AFTER_MS);
  return {
    owner,
    lost: controller.signal,
    stop() {
      clearInterval(timer);
      clearTimeout(watching);
      unwatch?.();
    },
  };
}
