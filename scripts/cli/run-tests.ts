import { randomUUID } from 'node:crypto';
import type { RunReport } from '../../schemas/report.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import { type ApiClient, ApiError, type RunOptions, type RunView } from './api-client.ts';
import { type Followed, type FollowOptions, followRun } from './follow-run.ts';
import { liveView } from './live-view.ts';
import type { ReadyTest } from './read-tests.ts';
import { saveReport } from './save-report.ts';
import { summary } from './summary.ts';
import { paint, type Terminal } from './terminal.ts';

export interface RunTestsOptions extends Omit<RunOptions, 'tests'> {
  readonly tests: readonly ReadyTest[];
  readonly reportFolder: string;
  readonly junit?: string;
  readonly terminal: Terminal;
  /** Where it is told what went wrong, also when nothing else is told. */
  readonly problems: Terminal;
  readonly follow?: Omit<FollowOptions, 'signal'>;
  readonly signal: AbortSignal;
}

/** What a run came to. The report is missing when it could not be built. */
export interface RunOutcome {
  readonly run: RunView;
  readonly report: RunReport | undefined;
  readonly path: string | undefined;
}

/** Uploads under way at a time. */
const PARALLEL_UPLOADS = 8;

/** Uploads tests, runs them, shows how it goes, saves the report and says what came of it. */
export async function runTests(api: ApiClient, options: RunTestsOptions): Promise<RunOutcome> {
  const { tests, terminal, problems, signal, reportFolder, junit, follow, ...selection } = options;
  const ids = await uploadAll(api, tests, signal);
  const started = await api.startRun({ ...selection, tests: ids }, randomUUID());
  terminal.write(`${paint(terminal, 'dim', `${started.id}: ${tests.length} test${tests.length === 1 ? '' : 's'}`)}\n`);
  const { run } = await followOrCancel(api, started.id, liveView(terminal, Date.now), { ...follow, signal });
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

/** Sends each file once; gives the ids of the tests. */
/** The run was started, and then nobody wanted to wait for it any more. */
export class RunInterrupted extends Error {
  readonly cancelled: boolean;
  constructor(cancelled: boolean) {
    super('interrupted');
    this.cancelled = cancelled;
  }
}

/** @throws RunInterrupted when it was interrupted: the run is cancelled then, if it can be */
async function followOrCancel(...[api, id, view, options]: Parameters<typeof followRun>): Promise<Followed> {
  try {
    return await followRun(api, id, view, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    throw new RunInterrupted(await api.cancelRun(id));
  }
}

async function uploadAll(api: ApiClient, tests: readonly ReadyTest[], signal: AbortSignal): Promise<string[]> {
  const files = [...new Map(tests.map((test) => [test.file.name, test])).values()];
  const uploads = await inParallel(PARALLEL_UPLOADS, files, async ({ file, bytes }) => {
    signal.throwIfAborted();
    return await api.uploadTest(file.name, bytes);
  });
  const byFile = new Map(files.map(({ file }, at) => [file.name, uploads[at]]));
  return tests.map(({ file, definition, inSuite }) => {
    const upload = byFile.get(file.name);
    const one = inSuite ? upload?.tests?.find(({ name }) => name === definition.name) : upload;
    if (one) return one.id;
    throw new ApiError(`${api.url} did not take '${definition.name}' of ${file.name}: is it of an older version?`);
  });
}
