import { Cron } from 'croner';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { ScheduleTrigger } from '../../../shared/define/trigger.ts';
import type { Clock } from '../plumbing/clock.ts';

/** Sends the job's request to a function and tells the status it answered with. */
export type RunJob = (name: string, headers: Record<string, string>) => Promise<number>;

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly functions: readonly AnyFunction[];
  readonly run: RunJob;
  log(severity: 'WARNING', message: string, fields?: Record<string, unknown>): void;
}

/**
 * Calls functions at the times of their cron expressions, as Cloud Scheduler does. A run that was missed while the time
 * was advanced or the process was away happens once, not once for every time missed.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #cancels = new Map<string, () => void>();
  #underWay = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(): void {
    for (const fn of this.#options.functions) if (fn.trigger.kind === 'schedule') this.#arm(fn.name, fn.trigger);
  }

  /** Runs a job now. Resolves with the function's status. @throws Error when there is no such job. */
  run(name: string): Promise<number> {
    const fn = this.#options.functions.find((fn) => fn.name === name && fn.trigger.kind === 'schedule');
    if (!fn) throw new Error(`there is no schedule '${name}'`);
    return this.#call(name, this.#options.clock.now());
  }

  /** Runs that have not been answered yet. */
  pending(): number {
    return this.#underWay;
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
  }

  #arm(name: string, trigger: ScheduleTrigger): void {
    const { clock, log } = this.#options;
    const cron = new Cron(trigger.cron, { timezone: trigger.timeZone, paused: true });
    const next = cron.nextRun(new Date(clock.now()))?.getTime();
    if (next === undefined) return;
    const ring = () => {
      this.#arm(name, trigger);
      this.#call(name, next).catch((error: Error) => log('WARNING', `the schedule ${name} failed: ${error.message}`));
    };
    this.#cancels.set(name, clock.at(next, ring));
  }

  async #call(name: string, time: number): Promise<number> {
    this.#underWay += 1;
    try {
      return await this.#send(name, time);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #send(name: string, time: number): Promise<number> {
    const status = await this.#options.run(name, {
      'content-type': 'application/json',
      'user-agent': 'Google-Cloud-Scheduler',
      'x-cloudscheduler': 'true',
      'x-cloudscheduler-jobname': name,
      'x-cloudscheduler-scheduletime': new Date(time).toISOString(),
    });
    if (status >= 400) this.#options.log('WARNING', `the schedule ${name} was answered with ${status}`);
    return status;
  }
}
