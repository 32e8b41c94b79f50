import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { automaticRun } from '../../shared/domain/automatic-run.ts';
import { limitOf } from '../../shared/domain/quotas.ts';
import { inParallel } from '../../shared/platform/in-parallel.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { Services } from './services.ts';

const AT_ONCE = 10;

/** How many browsers the runs of schedules that are due at the same time will use at once. */
export async function expectedSessions(
  schedules: readonly ScheduleEntity[],
  services: Services & Base,
): Promise<number> {
  const users = [...new Set(schedules.map(({ user_id }) => user_id))];
  const each = await inParallel(AT_ONCE, users, (userId) =>
    sessionsOfUser(
      userId,
      schedules.filter(({ user_id }) => user_id === userId),
      services,
    ),
  );
  return sum(each);
}

/** What of a user's runs may be at once; nothing for who is disabled. */
async function sessionsOfUser(
  userId: string,
  schedules: readonly ScheduleEntity[],
  services: Services & Base,
): Promise<number> {
  const user = await services.users.get(userId);
  if (user?.disabled) return 0;
  const wanted = await inParallel(AT_ONCE, schedules, (schedule) => sessionsOf(schedule, services));
  return Math.min(sum(wanted), limitOf('parallel_sessions', user?.quotas, services.config));
}

/** As many as the run before had, rows of data included; where there is none that was asked for alike, one a test. */
async function sessionsOf(schedule: ScheduleEntity, services: Services & Base): Promise<number> {
  const { last_run, updated_at, run } = schedule;
  const isAlike = last_run !== undefined && last_run.due_at > updated_at;
  const before = isAlike ? ((await services.runs.get(last_run.run_id))?.totals.sessions ?? 0) : 0;
  const sessions = before > 0 ? before : await testsOf(schedule, services);
  return Math.min(sessions, run.parallel ?? sessions);
}

async function testsOf(schedule: ScheduleEntity, services: Services & Base): Promise<number> {
  const now = new Date(services.clock.now());
  const { status, selection } = await automaticRun(schedule, 'schedule', services, now);
  return status === 'error' ? 0 : selection.tests.length + selection.definitions.length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
