import type { Transaction } from '@google-cloud/firestore';
import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import { inParallel } from '../platform/in-parallel.ts';
import { runsCollection, sessionsCollection, slotsCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';
import { letGo } from './hand-on.ts';
import { type Ledger, Ledgers } from './ledgers.ts';
import { limitOf, usedUp } from './quotas.ts';

/**
 * The browsers that a user's runs may use at once. A slot is in use from when a session is let go to the queue until it
 * has ended for good, its further attempts included. What finds no slot is held back; a session that ends hands its slot
 * on (hand-on.ts), so that the user's document here is written once a run and never once a session.
 */
export interface Slots {
  /**
   * Takes slots for a run that is planned: as many as are wanted, or as are left. The same again when it is asked again.
   * The run is counted among the day's.
   * @returns how many
   * @throws AppError rate-limited when the user has started all runs of the day
   */
  reserve(run: Pick<RunEntity, 'id' | 'user_id'>, wanted: number): Promise<number>;
  /** Has all of a user's sessions hand on their slots at their end, because others wait; then lets go what there are slots for. */
  share(userId: string): Promise<void>;
  /** Lets go the first of those that wait, as many as there are slots. Costs one read when nobody waits. */
  fill(userId: string): Promise<void>;
  /** Fills the slots of all users whose sessions wait, of at most `most` sessions. */
  fillAll(most: number): Promise<void>;
}

const PARALLEL_CHANGES = 16;
/** What a run has reserved is given up when it is not planned by then: its function's own time is a third of it. */
const LONGEST_PLANNING_MS = 15 * 60_000;

export const slots = defineService(
  [writes(slotsCollection), writes(sessionsCollection), writes(runsCollection)],
  (platform): Slots => {
    const ledgers = new Ledgers(platform);
    const sessions = new Documents<SessionEntity>(sessionsCollection, platform);
    const runs = new Documents<RunEntity>(runsCollection, platform);

    const limitFor = ({ quotas }: Ledger): number => limitOf('parallel_sessions', quotas, platform.config);

    /** The slots in use, and the runs that are still planned. Sessions are counted after that is known: none is missed. */
    async function counted({ user_id, planning }: Ledger, transaction: Transaction) {
      const since = platform.clock.now() - LONGEST_PLANNING_MS;
      const recent = Object.entries(planning).filter(([, { at }]) => at.getTime() > since);
      const refs = await Promise.all(recent.map(([id]) => runs.ref(id)));
      const found = refs.length === 0 ? [] : await transaction.getAll(...refs);
      const still = recent.filter((_, i) => read<RunEntity>(found[i] as never)?.status === 'queued');
      const written = await sessions.count((query) => letGoOf(query, user_id));
      const reserved = still.reduce((sum, [, { slots: taken }]) => sum + taken, 0);
      return { in_use: written + reserved, planning: Object.fromEntries(still) };
    }

    async function fillOnce(userId: string): Promise<'again' | 'done'> {
      return await ledgers.change(userId, async (ledger, transaction) => {
        const now = await counted(ledger, transaction);
        const free = limitFor(ledger) - now.in_use;
        const waiting =
          free <= 0 ? [] : await sessions.find((query) => waitingOf(query, userId).orderBy('rank').limit(free));
        const refs = await Promise.all(waiting.map(({ id }) => sessions.ref(id)));
        const current = refs.length === 0 ? [] : await transaction.getAll(...refs);
        // Some may have been given another's slot meanwhile.
        const chosen = current.filter((snapshot) => read<SessionEntity>(snapshot)?.held === 'slot');
        for (const { ref } of chosen) transaction.update(ref, { ...letGo, updated_at: sessions.now() });
        const to = { ...now, in_use: now.in_use + chosen.length };
        return { to, result: chosen.length < waiting.length ? 'again' : 'done' };
      });
    }

    const fill: Slots['fill'] = async (userId) => {
      const [waits] = await sessions.find((query) => waitingOf(query, userId).limit(1));
      if (!waits) return;
      while ((await fillOnce(userId)) === 'again');
    };

    return {
      async reserve({ id, user_id }, wanted) {
        return await ledgers.change(user_id, async (ledger, transaction) => {
          const before = ledger.planning[id];
          if (before !== undefined) return { to: {}, result: before.slots };
          const { today } = ledger;
          const mostRuns = limitOf('runs_a_day', ledger.quotas, platform.config);
          if (today.runs >= mostRuns) throw usedUp('runs_a_day', mostRuns, platform.clock.now());
          const limit = limitFor(ledger);
          const few = ledger.in_use + wanted > limit;
          const { in_use, planning } = few ? await counted(ledger, transaction) : ledger;
          const granted = Math.max(0, Math.min(wanted, limit - in_use));
          if (granted < wanted) {
            // Their sessions cannot be told yet that somebody waits for their slots: their planner will tell them.
            for (const other of Object.keys(planning)) transaction.update(await runs.ref(other), { contended: true });
          }
          const now = { slots: granted, at: new Date(platform.clock.now()) };
          const taken = { in_use: in_use + granted, planning: { ...planning, [id]: now } };
          return { to: { ...taken, today: { ...today, runs: today.runs + 1 } }, result: granted };
        });
      },
      async share(userId) {
        for (;;) {
          const found = await sessions.find((query) => letGoOf(query, userId).where('hands_on', '==', null));
          if (found.length === 0) break;
          await inParallel(PARALLEL_CHANGES, found, ({ id }) =>
            sessions.change(id, ({ awaited, hands_on }) => (awaited && !hands_on ? { hands_on: 'slot' } : undefined)),
          );
        }
        await fill(userId);
      },
      fill,
      async fillAll(most) {
        const waiting = await sessions.find((query) => query.where('held', '==', 'slot').limit(most));
        for (const userId of new Set(waiting.map(({ user_id }) => user_id))) await fill(userId);
      },
    };
  },
);

type Query = FirebaseFirestore.Query;
const letGoOf = (query: Query, userId: string): Query =>
  query.where('user_id', '==', userId).where('awaited', '==', true).where('held', '==', null);
const waitingOf = (query: Query, userId: string): Query =>
  query.where('user_id', '==', userId).where('held', '==', 'slot');
