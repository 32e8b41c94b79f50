import { randomUUID } from 'node:crypto';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import { type ApiClient, ApiError, type RunOptions } from './api-client.ts';
import type { ReadyTest } from './read-tests.ts';
import { type RunOutcome, type SeeRunOptions, seeRun } from './see-run.ts';
import { paint } from './terminal.ts';

export interface RunTestsOptions extends Omit<RunOptions, 'tests'>, SeeRunOptions {
  readonly tests: readonly ReadyTest[];
}

/** Uploads under way at a time. */
const PARALLEL_UPLOADS = 8;

/** Uploads tests, runs them, shows how it goes, saves the report and says what came of it. @throws RunInterrupted */
export async function runTests(api: ApiClient, options: RunTestsOptions): Promise<RunOutcome> {
  const { tests, terminal, problems, signal, reportFolder, junit, follow, ...selection } = options;
  const ids = await uploadAll(api, tests, signal);
  const started = await api.startRun({ ...selection, tests: ids }, randomUUID());
  terminal.write(`${paint(terminal, 'dim', `${started.id}: ${tests.length} test${tests.length === 1 ? '' : 's'}`)}\n`);
  return await seeRun(api, started.id, options);
}

/** Sends each file once; gives the ids of the tests. */
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
