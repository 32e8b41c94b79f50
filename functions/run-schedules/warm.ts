import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { WARM_UP, type WarmUp } from '../../schemas/warm-up.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { NewTask } from '../../shared/platform/task-queues.ts';
import { warmUps as queue } from '../../shared/resources/queues.ts';
import { expectedSessions } from './expected-sessions.ts';
import type { Services } from './services.ts';

/** The functions that a due run is handled by first, and how many of their instances so many sessions need. */
export const warmed: readonly { readonly to: string; readonly instances: (sessions: number) => number }[] = [
  { to: 'plan-run', instances: (sessions) => Math.min(sessions, 1) },
  { to: 'run-session', instances: (sessions) => Math.min(sessions, queue.maxConcurrentDispatches) },
];

/** There is a turn every minute, sometimes a late one: each time is seen by one of them at least. */
const AHEAD_MS = 90_000;
/** Schedules that are looked at in a turn: more than that need all the browsers that there may be. */
const MOST_SCHEDULES = 200;
/** By then all warm-ups have been sent: so long an instance that was there is kept from the others. */
const HOLD_MS = 2000;

/**
 * Has as many instances be there as the runs that are due next will need, shortly before they are due. Tasks are named
 * by the time that they are for: asked for again, an instance is not warmed again. Where nothing is due, this costs a read.
 */
export async function warm(now: Date, services: Services & Base): Promise<void> {
  const leadMs = services.config.warmUpSeconds * 1000;
  if (leadMs === 0) return;
  const soon = await services.schedules.dueBetween(now, new Date(now.getTime() + AHEAD_MS), MOST_SCHEDULES);
  for (const [time, schedules] of byTime(soon)) {
    const sessions = await expectedSessions(schedules, services);
    if (sessions === 0) continue;
    const at = new Date(Math.max(now.getTime(), time - leadMs));
    await services.warmUps.enqueue(warmUpsFor(new Date(time), sessions, at));
    services.log.info('Instances are warmed for runs that are due soon.', { due_at: new Date(time), sessions });
  }
}

function byTime(schedules: readonly ScheduleEntity[]): Map<number, ScheduleEntity[]> {
  return Map.groupBy(schedules, ({ next_at }) => next_at?.getTime() ?? 0);
}

function warmUpsFor(due: Date, sessions: number, at: Date): NewTask[] {
  const minute = due.toISOString().replaceAll(/\D/g, '').slice(0, 12);
  const until = new Date(at.getTime() + HOLD_MS).toISOString();
  return warmed.flatMap(({ to, instances }) =>
    Array.from({ length: instances(sessions) }, (_, n): NewTask => {
      const name = `warm-${to}-${minute}-${n}`;
      const payload: WarmUp = { specversion: '1.0', id: name, source: 'virtuoso', type: WARM_UP, data: { until } };
      return { to, name, at, payload };
    }),
  );
}
