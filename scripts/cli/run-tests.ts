import { randomUUID } from 'node:crypto';
import type { RunReport } from '../../schemas/report.ts';
import type { ApiClient, RunOptions, RunView } from './api-client.ts';
import { type FollowOptions, followRun } from './follow-run.ts';
import { liveView } from './live-view.ts';
import type { ReadyTest } from './read-tests.ts';
import { saveReport } from './save-report.ts';
import { summary } from './summary.ts';
import { paint, type Terminal } from './terminal.ts';
import { uploadTests } from './upload-tests.ts';

export interface RunTestsOptions extends Omit<RunOptions, 'tests'> {
  readonly tests: readonly ReadyTest[];
  readonly reportFolder: string;
  readonly junit?: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Told as soon as the run has started. */
  readonly onStart?: (id: string) => void;
  readonly follow?: Omit<FollowOptions, 'signal'>;
}

/** What a run came to. The report is missing when it could not be built. */
export interface RunOutcome {
  readonly run: RunView;
  readonly report: RunReport | undefined;
  readonly path: string | undefined;
}

/** Uploads tests, runs them, shows how it goes, saves the report and says what came of it. */
export async function runTests(api: ApiClient, options: RunTestsOptions): Promise<RunOutcome> {
  const { tests, terminal, signal, reportFolder, junit, onStart, follow, ...selection } = options;
  const ids = await uploadTests(api, tests, signal);
  const started = await api.startRun({ ...selection, tests: ids }, randomUUID());
  onStart?.(started.id);
  terminal.write(`${paint(terminal, 'dim', `${started.id}: ${tests.length} test${tests.length === 1 ? '' : 's'}`)}\n`);
  const view = terminal.quiet ? undefined : liveView(terminal, Date.now);
  const run = await followRun(api, started.id, view, { ...follow, signal });
  if (!run.report) {
    terminal.write(
      run.error
        ? `\nThe run could not be planned: ${run.error}\n`
        : `\nThe run ${run.status}, but its report is not there in time: ${api.url}/v1/runs/${run.id}/report\n`,
    );
    return { run, report: undefined, path: undefined };
  }
  const saved = await saveReport(api, run.id, { folder: reportFolder, ...(junit === undefined ? {} : { junit }) });
  terminal.write(summary(saved.report, terminal));
  terminal.write(`Report: ${saved.path}\n`);
  return { run, ...saved };
}
