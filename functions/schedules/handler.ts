import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { activeQuery, type SchedulePatch, schedulePatch, scheduleRequest } from '../../schemas/schedules.ts';
import { checkRecurrence, nextTime } from '../../shared/domain/cron.ts';
import { selectionOf } from '../../shared/domain/run-selection.ts';
import { checkIfMatch } from '../../shared/http/etags.ts';
import { listReply, pageOf } from '../../shared/http/lists.ts';
import { deleteRoute, finder, readRoute } from '../../shared/http/resources.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { type Services, view } from './services.ts';

/** What one user may have; each starts runs as often as once a minute. */
const MOST_SCHEDULES = 100;

const missing = (id: string): string => `There is no schedule '${id}'.`;
const owned = finder(
  ({ schedules }: Pick<Services, 'schedules'>, id, userId) => schedules.getOwned(id, userId),
  missing,
);

export const createSchedule = route<Services, typeof scheduleRequest>({
  method: 'POST',
  path: '/v1/schedules',
  summary: 'Starts runs again and again, at the times of a cron expression in a time zone.',
  access: { scope: 'runs:write' },
  answers: { 201: 'schedule' },
  body: scheduleRequest,
  async handle({ body, caller }, services) {
    const { name, cron, timeZone = 'Etc/UTC', active = true, missed = 'skip', overlap = 'allow', run } = body;
    const recurrence = { cron, time_zone: timeZone };
    const now = new Date(services.clock.now());
    checkRecurrence(recurrence, now);
    await selectionOf(run, caller.userId, services, '/run');
    if ((await services.schedules.count(caller.userId)) >= MOST_SCHEDULES)
      throw new AppError('conflict', `You have ${MOST_SCHEDULES} schedules: delete one of them first.`);
    const next = active ? nextTime(recurrence, now) : undefined;
    const schedule = await services.schedules.create({
      ...{ id: services.ids.next('sch'), user_id: caller.userId, name, ...recurrence, run, active, missed, overlap },
      ...(next ? { next_at: next } : {}),
    });
    return { status: 201, headers: { location: `/v1/schedules/${schedule.id}` }, body: view(schedule) };
  },
});

export const listSchedules = route<Services, undefined, typeof activeQuery>({
  method: 'GET',
  path: '/v1/schedules',
  summary: 'Lists your schedules, newest first; those that are active, or paused.',
  access: { scope: 'runs:read' },
  answers: { 200: 'schedules' },
  query: activeQuery,
  async handle({ query, caller }, { schedules }) {
    const page = pageOf(query);
    const active = query.active === undefined ? undefined : query.active === 'true';
    return listReply(page, await schedules.list(caller.userId, page, active), view);
  },
});

export const readSchedule = readRoute(
  {
    path: '/v1/schedules/:id',
    summary: 'Reads a schedule, with the next times at which it is due.',
    scope: 'runs:read',
    answer: 'schedule',
  },
  owned,
  view,
);

export const patchSchedule = route<Services, typeof schedulePatch>({
  method: 'PATCH',
  path: '/v1/schedules/:id',
  summary: 'Changes a schedule, pauses it or has it go on. What it runs is replaced.',
  access: { scope: 'runs:write' },
  answers: { 200: 'schedule' },
  body: schedulePatch,
  async handle(request, services) {
    const { body, caller } = request;
    const { id } = await owned(request, services);
    if (body.run) await selectionOf(body.run, caller.userId, services, '/run');
    const now = new Date(services.clock.now());
    const { FieldValue } = await import('@google-cloud/firestore');
    const changed = await services.schedules.change(id, (current) => {
      checkIfMatch(request.header('if-match'), view(current));
      const { next_at, ...fields } = changedFields(current, body, now);
      return { ...fields, next_at: next_at ?? (FieldValue.delete() as never) };
    });
    if (!changed) throw new AppError('not-found', missing(id));
    return { status: 200, body: view(await owned(request, services)) };
  },
});

export const deleteSchedule = deleteRoute(
  { path: '/v1/schedules/:id', summary: 'Deletes a schedule; runs that it has started go on.', scope: 'runs:write' },
  owned,
  view,
  ({ schedules }: Services, { id }, check) => schedules.delete(id, check),
);

/** What was due while it was paused, or would have been by other times, is not made good for. */
function changedFields(current: ScheduleEntity, patch: SchedulePatch, now: Date): Partial<ScheduleEntity> {
  const { timeZone, ...fields } = patch;
  const next = { ...current, ...fields, time_zone: timeZone ?? current.time_zone };
  checkRecurrence(next, now);
  const { name, cron, time_zone, active, missed, overlap, run } = next;
  const same = current.active && current.cron === cron && current.time_zone === time_zone;
  const next_at = active ? (same ? current.next_at : nextTime(next, now)) : undefined;
  return { name, cron, time_zone, active, missed, overlap, run, ...(next_at ? { next_at } : {}) };
}
