import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError, type RunView, type SessionView } from './api-client.ts';
import type { LiveView } from './live-view.ts';

/** A run at its end, and its sessions. */
export interface Followed {
  readonly run: RunView;
  readonly sessions: readonly SessionView[];
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Seconds that one question waits on the server. */
  readonly waitSeconds?: number;
  /** How often the progress is asked for, and the least between two questions, in milliseconds. */
  readonly progressMs?: number;
  /** How long a run that has ended is waited for to have its report. */
  readonly reportPatienceMs?: number;
}

/** Questions about a run that may go wrong one after the other: a run of many minutes outlives a short trouble. */
const TROUBLES = 5;

/** Shows a run's progress until it has ended and its report is there, or is not in time. */
export async function followRun(api: ApiClient, id: string, view: LiveView, options: FollowOptions): Promise<Followed> {
  const { signal, progressMs = 1000 } = options;
  const over = new AbortController();
  const progress = showProgress(api, id, view, { until: AbortSignal.any([over.signal, signal]), progressMs });
  let run: RunView;
  try {
    run = await untilEnd(api, id, options);
  } finally {
    over.abort();
    await progress;
  }
  const sessions = await api.listSessions(id);
  view.show(sessions);
  return { run, sessions };
}

/** Never fails: whether the run can be asked for at all, the question for its end tells. */
async function showProgress(
  api: ApiClient,
  id: string,
  view: LiveView,
  { until, progressMs }: { until: AbortSignal; progressMs: number },
): Promise<void> {
  while (!until.aborted) {
    await sleep(progressMs, undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) return;
    const sessions = await api.listSessions(id).catch(() => undefined);
    if (sessions && !until.aborted) view.show(sessions);
  }
}

async function untilEnd(
  api: ApiClient,
  id: string,
  { signal, waitSeconds = 20, progressMs = 1000, reportPatienceMs = 60_000 }: FollowOptions,
): Promise<RunView> {
  let endedAt: number | undefined;
  for (let troubles = 0; ; ) {
    signal.throwIfAborted();
    const askedAt = Date.now();
    try {
      const run = await api.readRun(id, waitSeconds);
      troubles = 0;
      if (run.status !== 'queued' && run.status !== 'running') {
        if (run.report !== undefined || run.error !== undefined) return run;
        endedAt ??= Date.now();
        if (Date.now() - endedAt > reportPatienceMs) return run;
      }
    } catch (error) {
      if (signal.aborted || !mayPass(error) || ++troubles === TROUBLES) throw error;
    }
    // A server that does not wait is not to be hurried.
    const early = progressMs * Math.max(1, troubles) - (Date.now() - askedAt);
    if (early > 0) await sleep(early, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === undefined || error.status === 429 || error.status >= 500;
}
