import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { automaticRun } from '../../shared/domain/automatic-run.ts';
import type { SelectionServices } from '../../shared/domain/run-selection.ts';
import type { Schedules } from '../../shared/domain/schedules.ts';
import type { Users } from '../../shared/domain/users.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services extends SelectionServices {
  readonly schedules: Pick<Schedules, 'due' | 'start'>;
  readonly users: Pick<Users, 'get'>;
}

const A_TIME = 200;
const AT_ONCE = 10;

/** Starts the runs that are due. What goes wrong with one schedule holds up no other, and is tried again by the next. */
export async function runSchedules(_input: unknown, services: Services & Base): Promise<void> {
  const now = new Date(services.clock.now());
  for (;;) {
    const due = await services.schedules.due(now, A_TIME);
    const done = await inParallel(AT_ONCE, due, (schedule) => tryTo(schedule, now, services));
    if (due.length < A_TIME || !done.includes(true)) return;
  }
}

/** @returns whether it is due no more */
async function tryTo(schedule: ScheduleEntity, now: Date, services: Services & Base): Promise<boolean> {
  const fields = { schedule_id: schedule.id, user_id: schedule.user_id };
  try {
    await startDue(schedule, now, services, fields);
    return true;
  } catch (error) {
    services.log.error('A schedule could not be followed.', error, fields);
    return false;
  }
}

async function startDue(schedule: ScheduleEntity, now: Date, services: Services & Base, fields: object): Promise<void> {
  const owner = await services.users.get(schedule.user_id);
  const run = owner?.disabled ? undefined : await automaticRun(schedule, 'schedule', services, now);
  const turn = await services.schedules.start(schedule, now, run);
  for (const id of turn?.started ?? []) services.log.info('A run is due.', { ...fields, run_id: id });
  const { skipped } = turn ?? {};
  if (skipped) services.log.warning(`A time was skipped: ${skipped.reason}.`, { ...fields, due_at: skipped.due_at });
}
