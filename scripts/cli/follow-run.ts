import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, RunView } from './api-client.ts';
import type { LiveView } from './live-view.ts';

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Seconds that one question waits on the server. */
  readonly waitSeconds?: number;
  /** How often the progress is asked for, in milliseconds. */
  readonly progressMs?: number;
  /** How long a run that has ended is waited for to have its report, in milliseconds. */
  readonly reportMs?: number;
}

/** Shows a run's progress until it has ended and its report is there. A run without its report has none in time. */
export async function followRun(
  api: ApiClient,
  id: string,
  view: LiveView | undefined,
  { signal, waitSeconds = 20, progressMs = 1000, reportMs = 30_000 }: FollowOptions,
): Promise<RunView> {
  const over = new AbortController();
  const showing = view ? showUntil(AbortSignal.any([over.signal, signal]), api, id, view, progressMs) : undefined;
  let run: RunView;
  try {
    run = await untilEnd(api, id, { signal, waitSeconds, progressMs, reportMs });
  } finally {
    over.abort();
    await showing;
  }
  view?.show(await api.listSessions(id));
  return run;
}

/** Progress is a courtesy: a question that fails is asked again, and never ends the run. */
async function showUntil(over: AbortSignal, api: ApiClient, id: string, view: LiveView, everyMs: number) {
  while (!over.aborted) {
    try {
      const sessions = await api.listSessions(id);
      if (!over.aborted) view.show(sessions);
    } catch {}
    await sleep(everyMs, undefined, { signal: over }).catch(() => {});
  }
}

async function untilEnd(
  api: ApiClient,
  id: string,
  { signal, waitSeconds, progressMs, reportMs }: Required<FollowOptions>,
): Promise<RunView> {
  let endedAt: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const askedAt = Date.now();
    const run = await api.readRun(id, waitSeconds);
    if (run.status !== 'queued' && run.status !== 'running') {
      if (run.report !== undefined || run.error !== undefined) return run;
      endedAt ??= Date.now();
      if (Date.now() - endedAt >= reportMs) return run;
    }
    // A server that does not wait is not to be hurried.
    const early = progressMs - (Date.now() - askedAt);
    if (early > 0) await sleep(early, undefined, { signal });
  }
}
