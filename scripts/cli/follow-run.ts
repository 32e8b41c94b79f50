import type { ApiClient, RunView, SessionView } from './api-client.ts';
import type { LiveView } from './live-view.ts';

/** Seconds that one question waits on the server. */
const WAIT_SECONDS = 20;
/** How often the progress is asked for, in milliseconds. */
const PROGRESS_MS = 1000;
/** How long a run that has ended is waited for to have its report. */
const REPORT_PATIENCE_MS = 60_000;

/** A run at its end, and its sessions. */
export interface Followed {
  readonly run: RunView;
  readonly sessions: readonly SessionView[];
}

/** Shows a run's progress until it has ended and its report is there. */
export async function followRun(api: ApiClient, id: string, view: LiveView, signal: AbortSignal): Promise<Followed> {
  let over = false;
  const progress = (async () => {
    while (!over && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, PROGRESS_MS));
      if (!over && !signal.aborted) view.show(await api.listSessions(id));
    }
  })();
  let run: RunView;
  try {
    run = await untilEnd(api, id, signal);
  } finally {
    over = true;
    await progress.catch(() => undefined);
  }
  const sessions = await api.listSessions(id);
  view.show(sessions);
  return { run, sessions };
}

async function untilEnd(api: ApiClient, id: string, signal: AbortSignal): Promise<RunView> {
  let endedAt: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const run = await api.readRun(id, WAIT_SECONDS);
    if (run.status === 'queued' || run.status === 'running') continue;
    if (run.report !== undefined || run.error !== undefined) return run;
    endedAt ??= Date.now();
    if (Date.now() - endedAt > REPORT_PATIENCE_MS) return run;
  }
}
