import type { RunReport } from '../../schemas/report.ts';
import type { ApiClient, RunView } from './api-client.ts';
import { type Followed, type FollowOptions, followRun } from './follow-run.ts';
import { liveView } from './live-view.ts';
import { saveReport } from './save-report.ts';
import { summary } from './summary.ts';
import type { Terminal } from './terminal.ts';

export interface SeeRunOptions {
  readonly reportFolder: string;
  readonly junit?: string;
  readonly terminal: Terminal;
  /** Where it is told what went wrong, also when nothing else is told. */
  readonly problems: Terminal;
  readonly follow?: Omit<FollowOptions, 'signal'>;
  readonly signal: AbortSignal;
  /** What becomes of the run when it is not waited for any longer. */
  readonly interrupted?: 'is-cancelled' | 'goes-on';
}

/** What a run came to. The report is missing when it could not be built. */
export interface RunOutcome {
  readonly run: RunView;
  readonly report: RunReport | undefined;
  readonly path: string | undefined;
}

/** The run was started, and then nobody wanted to wait for it any more. */
export class RunInterrupted extends Error {
  readonly cancelled: boolean;
  constructor(cancelled: boolean) {
    super('interrupted');
    this.cancelled = cancelled;
  }
}

/** Shows how a run goes, saves its report and says what came of it. @throws RunInterrupted */
export async function seeRun(api: ApiClient, id: string, options: SeeRunOptions): Promise<RunOutcome> {
  const { terminal, problems, reportFolder, junit } = options;
  const { run } = await followOrLeave(api, id, options);
  if (!run.report) {
    problems.write(
      run.error
        ? `\nThe run could not be planned: ${run.error}\n`
        : `\nThe run has ended (${run.status}), but its report is not there: ask for ${api.url}/v1/runs/${run.id}/report later.\n`,
    );
    return { run, report: undefined, path: undefined };
  }
  const saved = await saveReport(api, run.id, { folder: reportFolder, ...(junit === undefined ? {} : { junit }) });
  terminal.write(summary(saved.report, terminal));
  terminal.write(`Report: ${saved.path}\n`);
  return { run, ...saved };
}

/** @throws RunInterrupted when it was interrupted: the run is cancelled then, if it is to be and can be */
async function followOrLeave(
  api: ApiClient,
  id: string,
  { terminal, follow, signal, interrupted = 'is-cancelled' }: SeeRunOptions,
): Promise<Followed> {
  try {
    return await followRun(api, id, liveView(terminal, Date.now), { ...follow, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new RunInterrupted(interrupted === 'is-cancelled' && (await api.cancelRun(id)));
  }
}
