import { Alarm } from '../plumbing/alarm.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { Config, Configs } from './configs.ts';
import { idOf } from './names.ts';
import type { Runner } from './runner.ts';
import type { Runs } from './runs.ts';

/** Makes the runs of schedules when their time comes: every one, each with the time that it was meant for. */
export class Planner {
  readonly #parts: {
    readonly context: ServiceContext;
    readonly configs: Configs;
    readonly runs: Runs;
    readonly runner: Runner;
  };
  readonly #alarm: Alarm;
  #open = false;

  constructor(parts: { context: ServiceContext; configs: Configs; runs: Runs; runner: Runner }) {
    this.#parts = parts;
    this.#alarm = new Alarm(parts.context.clock, () => this.plan());
  }

  /**
   * Of the runs that were missed while no local cloud was up, only the last of each config is made up for: Google's
   * service is never away, and gaps there are filled by hand, with StartManualTransferRuns.
   */
  start(): void {
    const { context, configs } = this.#parts;
    this.#open = true;
    context.store.transaction(() => {
      for (const config of configs.due(context.clock.now())) {
        const times = configs.takeDue(config, context.clock.now());
        this.#add(config, times.slice(-1));
        if (times.length > 1)
          context.log(
            'INFO',
            `${times.length} runs of "${config.settings.displayName}" were missed: the last is made up for`,
            {
              transferConfig: config.name,
            },
          );
      }
    });
    this.plan();
  }

  /** To be called after a change: makes what is due and waits for what is due next. */
  plan(): void {
    if (!this.#open) return;
    const { context, configs, runs, runner } = this.#parts;
    const now = context.clock.now();
    context.store.transaction(() => {
      for (const config of configs.due(now)) this.#add(config, configs.takeDue(config, now));
    });
    const due = [configs.nextDue(), runs.nextDue(now)].filter((time) => time !== undefined);
    this.#alarm.set(due.length > 0 ? Math.min(...due) : undefined);
    runner.wake();
  }

  close(): void {
    this.#open = false;
    this.#alarm.set(undefined);
  }

  #add(config: Config, times: readonly number[]): void {
    const { runs } = this.#parts;
    for (const time of times) {
      const run = runs.add(config, { time, scheduled: time, isManual: false });
      runs.log(run.name, 'INFO', `Dispatched run to data source with id ${idOf(run.name)}`);
    }
  }
}
