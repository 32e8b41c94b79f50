import { randomUUID } from 'node:crypto';
import { ApiError } from './api-answer.ts';
import type { ApiClient, RunOptions, RunView } from './api-client.ts';
import type { ReadyTest } from './read-tests.ts';
import { type RunOutcome, type SeeRunOptions, seeRun } from './see-run.ts';
import { storeTests } from './store-tests.ts';
import { paint } from './terminal.ts';

export interface RunTestsOptions extends Omit<RunOptions, 'tests'>, SeeRunOptions {
  readonly tests: readonly ReadyTest[];
}

/**
 * Uploads those of the tests that the API does not have, runs all, shows how it goes, saves the report and says what
 * came of it. @throws RunInterrupted
 */
export async function runTests(api: ApiClient, options: RunTestsOptions): Promise<RunOutcome> {
  const { tests, terminal, problems, signal, reportFolder, junit, follow, ...selection } = options;
  const started = await startRun(api, tests, selection, signal);
  terminal.write(`${paint(terminal, 'dim', `${started.id}: ${tests.length} test${tests.length === 1 ? '' : 's'}`)}\n`);
  return await seeRun(api, started.id, options);
}

async function startRun(
  api: ApiClient,
  tests: readonly ReadyTest[],
  selection: Omit<RunOptions, 'tests'>,
  signal: AbortSignal,
): Promise<RunView> {
  const { ids, found } = await storeTests(api, tests, { signal });
  try {
    return await api.startRun({ ...selection, tests: ids }, randomUUID());
  } catch (error) {
    // What was there when it was looked up may have been deleted, or made another by somebody else.
    if (!found || !isAboutTests(error)) throw error;
    const stored = await storeTests(api, tests, { signal, all: true });
    return await api.startRun({ ...selection, tests: stored.ids }, randomUUID());
  }
}

const isAboutTests = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.status === 422 &&
  (error.problem?.errors ?? []).some(({ pointer }) => String(pointer).startsWith('/tests/'));
