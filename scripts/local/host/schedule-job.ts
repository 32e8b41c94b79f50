import { Cron } from 'croner';
import type { ScheduleTrigger } from '../../../shared/define/trigger.ts';
import { Alarm } from '../plumbing/alarm.ts';
import { backoffMs } from '../plumbing/backoff.ts';
import type { SchedulerOptions } from './scheduler.ts';

/** A run of the job: the time it was scheduled for, how often it has failed, and when it is tried. */
interface Run {
  readonly time: number;
  readonly failed: number;
  readonly due: number;
}

/**
 * One job. Its runs never overlap: one whose time comes while the one before is under way begins when that has ended,
 * and one that waits to be tried again gives way to it.
 */
export class ScheduleJob {
  readonly #name: string;
  readonly #trigger: ScheduleTrigger;
  readonly #options: SchedulerOptions;
  readonly #cron: Cron;
  readonly #tick: Alarm;
  readonly #retry: Alarm;
  #next: number | undefined;
  #waiting: Run | undefined;
  #underWay = 0;
  #busy = false;
  #open = false;

  constructor(name: string, trigger: ScheduleTrigger, options: SchedulerOptions) {
    this.#name = name;
    this.#trigger = trigger;
    this.#options = options;
    this.#cron = new Cron(trigger.cron, { timezone: trigger.timeZone, paused: true });
    this.#tick = new Alarm(options.clock, () => this.#ring());
    this.#retry = new Alarm(options.clock, () => this.#begin());
  }

  start(): void {
    this.#open = true;
    this.#arm();
    const left = this.#options.store.get<Run & Record<string, number>>(
      'SELECT time, failed, due FROM scheduler_runs WHERE function = ?',
      this.#name,
    );
    if (!left) return;
    if ((this.#after(left.time) ?? Number.POSITIVE_INFINITY) > this.#options.clock.now()) this.#wait(left);
    else this.#forget();
  }

  force(): Promise<number> {
    return this.#send(this.#options.clock.now());
  }

  pending(): number {
    return this.#underWay + (this.#waiting ? 1 : 0);
  }

  close(): void {
    this.#open = false;
    this.#tick.set(undefined);
    this.#retry.set(undefined);
  }

  #after(time: number): number | undefined {
    return this.#cron.nextRun(new Date(time))?.getTime();
  }

  #arm(): void {
    this.#next = this.#after(this.#options.clock.now());
    this.#tick.set(this.#next);
  }

  #ring(): void {
    const time = this.#next ?? this.#options.clock.now();
    this.#arm();
    this.#wait({ time, failed: 0, due: this.#options.clock.now() });
  }

  /** The run begins when it is due, and the one before has ended. */
  #wait(run: Run): void {
    this.#waiting = run;
    if (run.due <= this.#options.clock.now()) this.#begin();
    else this.#retry.set(run.due);
  }

  #begin(): void {
    const run = this.#waiting;
    if (this.#busy || !run || !this.#open) return;
    this.#retry.set(undefined);
    this.#waiting = undefined;
    this.#busy = true;
    this.#remember(run);
    void this.#attempt(run).then((again) => {
      this.#busy = false;
      if (!this.#open) return;
      if (!again) this.#forget();
      if (again && !this.#waiting) this.#wait(again);
      else this.#begin();
    });
  }

  /** Returns the run when it is to be tried again. */
  async #attempt({ time, failed }: Run): Promise<Run | undefined> {
    const { clock, log } = this.#options;
    const outcome = await this.#send(time).catch((error: Error) => error.message);
    if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) return undefined;
    const reason = typeof outcome === 'number' ? `was answered with ${outcome}` : `failed: ${outcome}`;
    log('WARNING', `the schedule ${this.#name} ${reason}`, { function: this.#name, attempts: failed + 1 });
    const { retry } = this.#trigger;
    if (!retry || failed >= retry.count) return undefined;
    const { minBackoffSeconds, maxBackoffSeconds, maxDoublings } = retry;
    const backoff = { minBackoffMs: minBackoffSeconds * 1000, maxBackoffMs: maxBackoffSeconds * 1000, maxDoublings };
    const run = { time, failed: failed + 1, due: clock.now() + backoffMs(backoff, failed + 1) };
    if (run.due >= (this.#next ?? Number.POSITIVE_INFINITY)) return undefined;
    if (this.#open) this.#remember(run);
    return run;
  }

  /** What is to be tried again outlives the process; a run that is cut by its end has not failed. */
  #remember({ time, failed, due }: Run): void {
    if (!this.#trigger.retry) return;
    this.#options.store.run(
      'INSERT OR REPLACE INTO scheduler_runs (function, time, failed, due) VALUES (?, ?, ?, ?)',
      ...[this.#name, time, failed, due],
    );
  }

  #forget(): void {
    if (this.#trigger.retry) this.#options.store.run('DELETE FROM scheduler_runs WHERE function = ?', this.#name);
  }

  async #send(time: number): Promise<number> {
    this.#underWay += 1;
    try {
      return await this.#options.run(this.#name, {
        'content-type': 'application/json',
        'user-agent': 'Google-Cloud-Scheduler',
        'x-cloudscheduler': 'true',
        'x-cloudscheduler-jobname': this.#name,
        'x-cloudscheduler-scheduletime': new Date(time).toISOString(),
      });
    } finally {
      this.#underWay -= 1;
    }
  }
}
