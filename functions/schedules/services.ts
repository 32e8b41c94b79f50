import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { timesAfter } from '../../shared/domain/cron.ts';
import type { SelectionServices } from '../../shared/domain/run-selection.ts';
import type { Schedules } from '../../shared/domain/schedules.ts';
import { camelize } from '../../shared/http/camelize.ts';

export interface Services extends SelectionServices {
  readonly schedules: Schedules;
}

const SHOWN_TIMES = 5;

/** A schedule as it is shown. It follows from what is stored alone, so that its ETag changes with that. */
export const view = (schedule: ScheduleEntity): object => ({
  ...(camelize(schedule) as object),
  run: schedule.run,
  nextTimes: nextTimesOf(schedule),
});

function nextTimesOf(schedule: ScheduleEntity): string[] {
  const { next_at } = schedule;
  const times = next_at ? [next_at, ...timesAfter(schedule, next_at, SHOWN_TIMES - 1)] : [];
  return times.map((time) => time.toISOString());
}
