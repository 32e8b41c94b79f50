import type { RunEntity } from '../../schemas/entities.ts';
import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { runsCollection, schedulesCollection } from '../resources/collections.ts';
import type { AutomaticRun } from './automatic-run.ts';
import { Documents, read } from './documents.ts';
import { type Due, dueOf } from './due-times.ts';
import { hasEnded } from './runs.ts';
import { storable } from './storable.ts';

/** What has become of a schedule that was due. */
export interface Turn {
  /** The ids of the runs that were started for it. */
  readonly started: readonly string[];
  readonly skipped: ScheduleEntity['last_skipped'];
}

export interface Schedules {
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<ScheduleEntity | undefined>;
  /** @param active only those that are, or are not. */
  list(userId: string, page: Page, active?: boolean): Promise<ScheduleEntity[]>;
  count(userId: string): Promise<number>;
  create(schedule: Omit<ScheduleEntity, 'created_at' | 'updated_at'>): Promise<ScheduleEntity>;
  /** Changes it without anything in between. Gives undefined when there is none any more. */
  change(id: string, change: (current: ScheduleEntity) => Partial<ScheduleEntity>): Promise<ScheduleEntity | undefined>;
  /** `check` may refuse by throwing. */
  delete(id: string, check: (current: ScheduleEntity) => void): Promise<void>;
  /** Those that are due, the ones that wait longest first. */
  due(now: Date, most: number): Promise<ScheduleEntity[]>;
  /** Those that will be due after a moment, until another one, the ones that come first. */
  dueBetween(after: Date, until: Date, most: number): Promise<ScheduleEntity[]>;
  /**
   * Starts what is due of a schedule and notes when it is due next, all of it or nothing: a time has one run, whoever
   * else is at it, and whenever one of them dies.
   * @param run what is started; absent where the owner may start nothing
   * @returns undefined when the schedule has changed since it was read: then it is another's, or the next turn's
   */
  start(schedule: ScheduleEntity, now: Date, run: AutomaticRun | undefined): Promise<Turn | undefined>;
}

/** The id of a run follows from what it is due for. */
export const scheduledRunId = (scheduleId: string, dueAt: Date): string =>
  derivedId('run', scheduleId, dueAt.toISOString());

export const schedules = defineService([writes(schedulesCollection), writes(runsCollection)], (platform): Schedules => {
  const documents = new Documents<ScheduleEntity>(schedulesCollection, platform);
  const runs = new Documents<RunEntity>(runsCollection, platform);
  return {
    async getOwned(id, userId) {
      const schedule = await documents.get(id);
      return schedule?.user_id === userId ? schedule : undefined;
    },
    list: (userId, page, active) =>
      documents.page(page, (query) => {
        const mine = query.where('user_id', '==', userId);
        return active === undefined ? mine : mine.where('active', '==', active);
      }),
    count: (userId) => documents.count((query) => query.where('user_id', '==', userId)),
    async create(schedule) {
      const now = documents.now();
      const stored = { ...schedule, created_at: now, updated_at: now };
      await documents.create(stored);
      return stored;
    },
    change: (id, change) => documents.change(id, change),
    delete: (id, check) => documents.delete(id, check),
    due: (now, most) =>
      documents.find((query) =>
        query.where('active', '==', true).where('next_at', '<=', now).orderBy('next_at').limit(most),
      ),
    dueBetween: (after, until, most) =>
      documents.find((query) =>
        query
          .where('active', '==', true)
          .where('next_at', '>', after)
          .where('next_at', '<=', until)
          .orderBy('next_at')
          .limit(most),
      ),
    async start(seen, now, run) {
      const ref = await documents.ref(seen.id);
      const last = seen.last_run && (await runs.ref(seen.last_run.run_id));
      return await documents.transaction(async (transaction) => {
        const [stored, previous] = await transaction.getAll(ref, ...(last ? [last] : []));
        const schedule = stored && read<ScheduleEntity>(stored);
        if (!schedule || !isSame(schedule, seen)) return undefined;
        const lastRun = previous && read<RunEntity>(previous);
        const due = permitted(dueOf(schedule, now, lastRun !== undefined && !hasEnded(lastRun)), run);
        const ids = due.start.map((time) => scheduledRunId(schedule.id, time));
        const refs = await Promise.all(ids.map((id) => runs.ref(id)));
        const there = refs.length > 0 ? await transaction.getAll(...refs) : [];
        const stamps = { created_at: runs.now(), updated_at: runs.now() };
        for (const [at, runRef] of refs.entries())
          if (!there[at]?.exists) transaction.create(runRef, storable({ ...run, id: ids[at], ...stamps }));
        transaction.update(ref, await noted(due, ids.at(-1)));
        return { started: ids, skipped: due.skipped };
      });
    },
  };
});

const isSame = (one: ScheduleEntity, other: ScheduleEntity): boolean =>
  one.updated_at.getTime() === other.updated_at.getTime() && one.next_at?.getTime() === other.next_at?.getTime();

function permitted(due: Due, run: AutomaticRun | undefined): Due {
  const last = due.start.at(-1);
  if (run || !last) return due;
  return { ...due, start: [], skipped: { due_at: last, reason: 'owner-disabled' } };
}

/** The schedule itself has not changed: neither has the time of its last change. */
async function noted({ start, skipped, next }: Due, runId: string | undefined): Promise<Record<string, unknown>> {
  const { FieldValue } = await import('@google-cloud/firestore');
  const dueAt = start.at(-1);
  return {
    next_at: next ?? FieldValue.delete(),
    ...(dueAt && runId ? { last_run: { run_id: runId, due_at: dueAt } } : {}),
    ...(skipped ? { last_skipped: skipped } : {}),
  };
}
