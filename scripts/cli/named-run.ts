import { ApiError } from './api-answer.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { UsageError, type Values } from './command.ts';
import { INTERRUPTED, interruption } from './interruption.ts';
import { RunInterrupted } from './see-run.ts';
import { readRemote } from './target.ts';
import { type Terminal, terminalOf } from './terminal.ts';

/** A run that people name, the API that has it, and where they read. */
export interface NamedRun {
  readonly id: string;
  readonly api: ApiClient;
  readonly signal: AbortSignal;
  /** Silent with `--json`. */
  readonly terminal: Terminal;
  readonly problems: Terminal;
}

/** Does something with the run that is named: `virtuoso watch run_…`. Gives the exit code. @throws UsageError */
export async function withNamedRun(
  operands: readonly string[],
  values: Values,
  work: (run: NamedRun) => Promise<number>,
): Promise<number> {
  const [id, ...rest] = operands;
  if (id === undefined || rest.length > 0) throw new UsageError("Name one run by its id: 'run_…'.");
  if (!/^run_\w+$/.test(id)) throw new UsageError(`'${id}' is no run: its id begins with 'run_'.`);
  const remote = readRemote(values);
  if (!remote) throw new UsageError('Name the API that has the run: give --url or set VIRTUOSO_URL.');
  const colour = !values['no-color'];
  const terminal = terminalOf(process.stdout, { colour, quiet: values.json === true });
  const problems = values.json ? terminalOf(process.stderr, { colour }) : terminal;
  const { signal, release } = interruption();
  try {
    return await work({ id, api: createApiClient(remote.url, remote.apiKey, signal), signal, terminal, problems });
  } catch (error) {
    if (signal.aborted) {
      const cancelled = error instanceof RunInterrupted && error.cancelled;
      problems.write(`\nInterrupted. The run ${cancelled ? 'is cancelled' : 'goes on'} at ${remote.url}.\n`);
      return INTERRUPTED;
    }
    throw error instanceof ApiError ? new UsageError(error.message) : error;
  } finally {
    release();
  }
}
