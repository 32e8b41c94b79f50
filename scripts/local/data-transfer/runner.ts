import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Outbox } from '../plumbing/outbox.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { type BigqueryAgent, BigqueryError, type JobResource } from './bigquery-agent.ts';
import type { RunError } from './messages.ts';
import { bigqueryLocation, placeIn } from './names.ts';
import { jobIdOf, queryJob } from './query-job.ts';
import { runNotice, successOf } from './run-words.ts';
import type { Run, Runs } from './runs.ts';
import { tableName } from './table-template.ts';

/** What the runner works with. */
export interface RunnerParts {
  readonly context: ServiceContext;
  readonly runs: Runs;
  readonly agent: BigqueryAgent;
  readonly outbox: Outbox;
}

/** Codes of google.rpc for the reasons that BigQuery gives. */
const CODES: Readonly<Record<string, status>> = {
  invalid: status.INVALID_ARGUMENT,
  invalidQuery: status.INVALID_ARGUMENT,
  notFound: status.NOT_FOUND,
  duplicate: status.ALREADY_EXISTS,
  accessDenied: status.PERMISSION_DENIED,
  notImplemented: status.UNIMPLEMENTED,
  backendError: status.UNAVAILABLE,
};
const MOST_TRIES = 6;
const FIRST_RETRY_MS = 100;

/** Runs what is due: a config's runs one after the other, those of different configs side by side. */
export class Runner {
  readonly #parts: RunnerParts;
  /** Configs that have a run under way. */
  readonly #busy = new Set<string>();
  readonly #closing = new AbortController();
  #open = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Takes up what an earlier process left under way, and from now on what is due. */
  start(): void {
    this.#open = true;
    this.wake();
  }

  wake(): void {
    if (!this.#open) return;
    const { context, runs } = this.#parts;
    for (const run of runs.due(context.clock.now())) {
      if (this.#busy.has(run.config)) continue;
      this.#busy.add(run.config);
      void this.#execute(run).finally(() => {
        this.#busy.delete(run.config);
        this.wake();
      });
    }
  }

  close(): void {
    this.#open = false;
    this.#closing.abort();
  }

  async #execute(run: Run): Promise<void> {
    const { context, runs, outbox } = this.#parts;
    context.store.transaction(() => {
      runs.begin(run.name);
      if (run.state === 'PENDING') runs.log(run.name, 'INFO', 'Starting to process the query job.');
    });
    const error = await this.#errorOf(run);
    // What the end of the local cloud cut off goes on with the next start.
    if (!this.#open) return;
    if (error) context.log('WARNING', `a scheduled query failed: ${error.message}`, { transferRun: run.name });
    context.store.transaction(() => {
      runs.log(run.name, error ? 'ERROR' : 'INFO', error ? error.message : successOf(jobIdOf(run), tableOf(run)));
      runs.log(run.name, 'INFO', `Summary: succeeded ${error ? 0 : 1} jobs, failed ${error ? 1 : 0} jobs.`);
      runs.end(run.name, error);
      const ended = runs.find(run.name);
      if (ended && ended.topic !== '') outbox.add(runNotice(ended));
    });
  }

  /** What the run failed with, undefined when it succeeded. BigQuery being away for a moment is no failure. */
  async #errorOf(run: Run): Promise<RunError | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        const { errorResult } = (await this.#job(run)).status;
        return errorResult && failure(run, errorResult);
      } catch (error) {
        if (!this.#open) return undefined;
        if (!isPassing(error) || tries === MOST_TRIES) return failure(run, problemOf(error));
        await delay(FIRST_RETRY_MS * 2 ** (tries - 1), undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }

  /** Starts the run's job, unless an earlier process did, and waits for its end. */
  async #job(run: Run): Promise<JobResource> {
    const { runs, agent } = this.#parts;
    const place = placeIn(run.config);
    const configuration = queryJob(run, place.project);
    const id = jobIdOf(run);
    const location = bigqueryLocation(place.location);
    await agent.startJob(place.project, id, { location, configuration });
    const job = await agent.endOf(place.project, id, location);
    if (job.status.errorResult?.reason !== 'backendError') return job;
    // A restart has cut it off, and nothing of it was written.
    runs.again(run.name);
    return this.#job(runs.get(run.name));
  }
}

function tableOf({ params, time }: Run): string | undefined {
  const template = params.destination_table_name_template;
  return template && tableName(template, time);
}

/** Whether BigQuery is only away, or busy, for a moment. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof BigqueryError)) return true;
  return error.status === 429 || (error.status >= 500 && error.status !== 501);
}

function failure(run: Run, { reason, message }: { reason: string; message: string }): RunError {
  const { project } = placeIn(run.config);
  return { code: CODES[reason] ?? status.INTERNAL, message: `${message}; JobID: ${project}:${jobIdOf(run)}` };
}

function problemOf(error: unknown): { reason: string; message: string } {
  if (error instanceof BigqueryError) return error;
  return { reason: 'backendError', message: error instanceof Error ? error.message : String(error) };
}
