import { setTimeout as sleep } from 'node:timers/promises';
import { mayPass } from './api-answer.ts';
import type { ApiClient, RunView, SessionView } from './api-client.ts';
import type { LiveView } from './live-view.ts';
import { hearNews } from './run-news.ts';

/** A run at its end, and its sessions. */
export interface Followed {
  readonly run: RunView;
  readonly sessions: readonly SessionView[];
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Seconds that one question waits on the server. */
  readonly waitSeconds?: number;
  /** The least between two questions, in milliseconds; how often the progress is asked for when there are no news. */
  readonly progressMs?: number;
  /** How long nothing is asked for while there are no news, in milliseconds: a step may be long. */
  readonly quietMs?: number;
  /** How long a run that has ended is waited for to have its report. */
  readonly reportPatienceMs?: number;
}

/** Questions about a run that may go wrong one after the other: a run of many minutes outlives a short trouble. */
const TROUBLES = 5;

/** Shows a run's progress until it has ended and its report is there, or is not in time. */
export async function followRun(api: ApiClient, id: string, view: LiveView, options: FollowOptions): Promise<Followed> {
  const { signal, progressMs = 1000, quietMs = 5000 } = options;
  const over = new AbortController();
  const until = AbortSignal.any([over.signal, signal]);
  const progress = showProgress(api, id, view, { until, progressMs, quietMs });
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

/**
 * Asks for the progress when the run's events say that there is some; where they cannot be had, again and again.
 * Never fails: whether the run can be asked for at all, the question for its end tells.
 */
async function showProgress(
  api: ApiClient,
  id: string,
  view: LiveView,
  { until, progressMs, quietMs }: { until: AbortSignal; progressMs: number; quietMs: number },
): Promise<void> {
  let news = Promise.withResolvers<void>();
  let hearing = true;
  const heard = hearNews(api, id, () => news.resolve(), { until, againMs: progressMs }).finally(() => {
    hearing = false;
    news.resolve();
  });
  const pause = (ms: number) => sleep(ms, undefined, { signal: until }).catch(() => undefined);
  while (!until.aborted) {
    await pause(progressMs);
    if (hearing) await Promise.race([news.promise, pause(quietMs)]);
    news = Promise.withResolvers();
    if (until.aborted) break;
    const sessions = await api.listSessions(id).catch(() => undefined);
    const waiting = sessions && (await waitingOf(api, id, sessions));
    if (sessions && !until.aborted) view.show(sessions, waiting);
  }
  await heard;
}

/** Where the run stands, asked for only while nothing of it has been begun. */
async function waitingOf(api: ApiClient, id: string, sessions: readonly SessionView[]): Promise<RunView['queued']> {
  if (sessions.length === 0 || sessions.some(({ status }) => status !== 'queued')) return undefined;
  return (await api.readRun(id).catch(() => undefined))?.queued;
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
        if (run.report !== undefined || (run.error !== undefined && !run.timedOut)) return run;
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
