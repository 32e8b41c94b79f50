import { LeaseLost, type Sessions } from '../../shared/domain/sessions.ts';

/** A session's lease while this instance holds it. */
export interface HeldLease {
  readonly owner: string;
  /** Aborted, with LeaseLost as its reason, when somebody else has taken the session over. */
  readonly lost: AbortSignal;
  stop(): void;
}

/** Renews the lease at every third of its time, for as long as the session runs. */
export function holdLease(sessions: Sessions, sessionId: string, owner: string, leaseMs: number): HeldLease {
  const controller = new AbortController();
  const timer = setInterval(() => {
    sessions.renew(sessionId, owner, leaseMs).catch((error) => {
      if (error instanceof LeaseLost) controller.abort(error);
      // Anything else may pass: the lease still has two more chances before it runs out.
    });
  }, leaseMs / 3);
  return { owner, lost: controller.signal, stop: () => clearInterval(timer) };
}
