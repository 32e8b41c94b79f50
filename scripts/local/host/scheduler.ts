import type { AnyFunction } from '../../../shared/define/function.ts';
import type { ScheduleTrigger } from '../../../shared/define/trigger.ts';
import type { Clock } from '../plumbing/clock.ts';
import type { Store } from '../plumbing/store.ts';
import { ScheduleJob } from './schedule-job.ts';

/** Sends the job's request to a function and tells the status it answered with; throws when there was no answer. */
export type RunJob = (name: string, headers: Record<string, string>) => Promise<number>;

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly functions: readonly AnyFunction[];
  readonly run: RunJob;
  log(severity: 'WARNING', message: string, fields?: Record<string, unknown>): void;
}

/**
 * Calls functions at the times of their cron expressions, as Cloud Scheduler does. What was due while the process was
 * away is not caught up with: the next run comes at its time. Only a run that had begun, of a job with retries, goes on.
 * @see https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs
 */
export class Scheduler {
  readonly #jobs = new Map<string, ScheduleJob>();

  constructor(options: SchedulerOptions) {
    options.store.exec(`
      CREATE TABLE IF NOT EXISTS scheduler_runs (
        function TEXT PRIMARY KEY, time INTEGER NOT NULL, failed INTEGER NOT NULL, due INTEGER NOT NULL);`);
    for (const { name, trigger } of options.functions) {
      if (trigger.kind !== 'schedule') continue;
      this.#jobs.set(name, new ScheduleJob(name, trigger as ScheduleTrigger, options));
    }
  }

  start(): void {
    for (const job of this.#jobs.values()) job.start();
  }

  /** Runs a job now, whatever it is at. Resolves with the function's status. @throws Error when there is no such job. */
  async run(name: string): Promise<number> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`there is no schedule '${name}'`);
    return job.force();
  }

  /** Runs that have not been answered yet, or are to be tried again. */
  pending(): number {
    return [...this.#jobs.values()].reduce((sum, job) => sum + job.pending(), 0);
  }

  close(): void {
    for (const job of this.#jobs.values()) job.close();
  }
}
