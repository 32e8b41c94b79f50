import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { automaticRun } from '../../shared/domain/automatic-run.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { Services } from './services.ts';
import { warm } from './warm.ts';

const A_TIME = 200;
const AT_ONCE = 10;

/**
 * Starts the runs that are due, and has the instances warmed that the next ones will need. What goes wrong with one
 * schedule holds up no other, and is tried again by the next.
 */
export async function runSchedules(_input: unknown, services: Services & Base): Promise<void> {
  const now = new Date(services.clock.now());
  await startAllDue(now, services);
  try {
    await warm(now, services);
  } catch (error) {
    services.log.error('Nothing could be warmed.', error);
  }
}

async function startAllDue(now: Date, services: Services & Base): Promise<void> {
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
