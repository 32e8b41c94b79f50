import type { RunEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { runsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export type Verdict = 'passed' | 'failed' | 'error' | 'cancelled';
export interface SessionCounts {
  readonly passed: number;
  readonly failed: number;
  readonly error: number;
}

export interface Runs {
  get(id: string): Promise<RunEntity | undefined>;
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<RunEntity | undefined>;
  list(userId: string, page: Page): Promise<RunEntity[]>;
  /** Gives false when a run of this id exists already. */
  create(run: Omit<RunEntity, 'created_at' | 'updated_at'>): Promise<boolean>;
  /**
   * queued → running; nothing when it is running or has ended already.
   * @returns the run when this call has started it
   */
  start(id: string, planned: { sessions: number; checkpoints: number; steps: number }): Promise<RunEntity | undefined>;
  /**
   * queued or running → ended, once: a run that was to be cancelled is cancelled, whatever its sessions came to, unless
   * a failure of its own ended it. Gives the run when this call settled it, or when the same session's end had settled it before:
   * then its events are to be published (again).
   */
  settle(id: string, bySession: string, counts: SessionCounts): Promise<RunEntity | undefined>;
  /**
   * Notes that the run is to end, once.
   * @returns the run as it is now; undefined when there is none
   */
  requestCancel(id: string): Promise<RunEntity | undefined>;
  /** Notes that a run that fails fast is to end because a session of it has failed; nothing for other runs. */
  failFast(id: string, bySession: string): Promise<void>;
  /**
   * Has a run end because its time is over.
   * @returns undefined when it had ended, or was to, before
   */
  endOverdue(id: string): Promise<RunEntity | undefined>;
  /** A run that cannot be planned. Gives the run when this call, or one before it, failed it. */
  fail(id: string, message: string): Promise<RunEntity | undefined>;
  setReport(id: string, report: Record<string, string>): Promise<void>;
  /** Waits for the verdict and the report. */
  waitForEnd(id: string, timeoutMs: number): Promise<RunEntity | undefined>;
}

export const hasEnded = (run: Pick<RunEntity, 'status'>): boolean =>
  run.status !== 'queued' && run.status !== 'running';

/** What the sessions' verdicts make the run's; a run of which nothing was executed is cancelled. */
export function verdictOf(counts: SessionCounts): Verdict {
  if (counts.error > 0) return 'error';
  if (counts.failed > 0) return 'failed';
  return counts.passed > 0 ? 'passed' : 'cancelled';
}

/** A run that was to be cancelled is, unless a failure of its own ended it; one whose time was over is in error. */
function verdictFor({ timed_out, cancel_requested_at, failed_fast_by }: RunEntity, counts: SessionCounts): Verdict {
  if (timed_out) return 'error';
  return cancel_requested_at && !failed_fast_by ? 'cancelled' : verdictOf(counts);
}

/** A run that could not be planned has no report to wait for. */
const isTold = ({ report, error, timed_out }: RunEntity): boolean =>
  report !== undefined || (error !== undefined && !timed_out);

export const runs = defineService([writes(runsCollection)], (platform): Runs => {
  const documents = new Documents<RunEntity>(runsCollection, platform);
  return {
    get: (id) => documents.get(id),
    async getOwned(id, userId) {
      const run = await documents.get(id);
      return run?.user_id === userId ? run : undefined;
    },
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    create(run) {
      const now = documents.now();
      return documents.create({ ...run, created_at: now, updated_at: now });
    },
    start: (id, planned) =>
      documents.change(id, (run) =>
        run.status === 'queued'
          ? { status: 'running', started_at: documents.now(), totals: { ...run.totals, ...planned } }
          : undefined,
      ),
    async settle(id, bySession, counts) {
      const settled = await documents.change(id, (run) => {
        if (hasEnded(run)) return undefined;
        return {
          status: verdictFor(run, counts),
          settled_by: bySession,
          ended_at: documents.now(),
          totals: { ...run.totals, ...counts },
        };
      });
      if (settled) return settled;
      const run = await documents.get(id);
      return run?.settled_by === bySession ? run : undefined;
    },
    async requestCancel(id) {
      const changed = await documents.change(id, (run) =>
        hasEnded(run) || run.cancel_requested_at ? undefined : { cancel_requested_at: documents.now() },
      );
      return changed ?? (await documents.get(id));
    },
    async failFast(id, bySession) {
      await documents.change(id, (run) =>
        !run.selection.failFast || hasEnded(run) || run.cancel_requested_at
          ? undefined
          : { cancel_requested_at: documents.now(), failed_fast_by: bySession },
      );
    },
    endOverdue: (id) =>
      documents.change(id, (run) => {
        if (hasEnded(run) || run.cancel_requested_at) return undefined;
        const error = `The run took longer than its ${run.selection.runTimeout} ms: what had not ended was cancelled.`;
        return { cancel_requested_at: documents.now(), timed_out: true, error };
      }),
    async fail(id, message) {
      const failed = await documents.change(id, (run) =>
        hasEnded(run) ? undefined : { status: 'error', error: message, ended_at: documents.now() },
      );
      if (failed) return failed;
      const run = await documents.get(id);
      return run?.error === undefined || run.timed_out ? undefined : run;
    },
    async setReport(id, report) {
      await documents.change(id, () => ({ report }));
    },
    waitForEnd: (id, timeoutMs) => documents.waitFor(id, (run) => !run || (hasEnded(run) && isTold(run)), timeoutMs),
  };
});
