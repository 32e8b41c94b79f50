import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import { defineService, reads } from '../define/service.ts';
import { setBounded } from '../platform/bounded-map.ts';
import { sessionsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

/** Where a run stands of which nothing has been begun. */
export interface QueuePlace {
  /** Of its first session, among the sessions that wait for the same. */
  readonly position: number;
  /** One of the user's own slots, all of which are in use, or a browser, as everybody does. */
  readonly waits_for: 'slot' | 'browser';
  /** From how long the user's last sessions took and how many are under way; absent while none of that is known. */
  readonly estimated_wait_ms?: number;
}

export interface QueuePlaces {
  /** The place of a run; undefined once a session of it has been begun. */
  of(run: WaitingRun): Promise<QueuePlace | undefined>;
}

type WaitingRun = Pick<RunEntity, 'id' | 'user_id' | 'status' | 'created_at' | 'totals'>;

/** So many of a user's last sessions tell how long one takes. */
const RECENT = 15;
/** A user's sessions are not looked at again for so long. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

export const queuePlaces = defineService([reads(sessionsCollection)], (platform): QueuePlaces => {
  const documents = new Documents<SessionEntity>(sessionsCollection, platform);
  const remembered = new Map<string, { readonly at: number; readonly ms: number }>();

  /** How long a session of the user's takes, as a rule. */
  async function usualMs(userId: string): Promise<number | undefined> {
    const known = remembered.get(userId);
    const now = platform.clock.now();
    if (known && now - known.at < REMEMBERED_MS) return known.ms;
    const last = await documents.find((query) =>
      query.where('user_id', '==', userId).where('kind', '==', 'run').orderBy('ended_at', 'desc').limit(RECENT),
    );
    const ms = medianOf(last.map(({ browser_ms }) => browser_ms).filter((one) => one !== undefined));
    if (ms === undefined) return undefined;
    setBounded(remembered, userId, { at: now, ms }, MOST_REMEMBERED);
    return ms;
  }

  /** The session of a run that is begun first, when it is held back: then all of the run are. */
  async function firstHeld(runId: string): Promise<SessionEntity | undefined> {
    const one = (held: 'slot' | null) =>
      documents.find((query) =>
        query.where('run_id', '==', runId).where('held', '==', held).orderBy('position').limit(1),
      );
    const [[letGo], [first]] = await Promise.all([one(null), one('slot')]);
    return letGo ? undefined : first;
  }

  const untouched = async ({ id, status, totals }: WaitingRun): Promise<boolean> => {
    if (status === 'queued') return true;
    const queued = await documents.count((query) =>
      query.where('run_id', '==', id).where('superseded', '==', false).where('status', '==', 'queued'),
    );
    return queued >= totals.sessions;
  };

  const onQueueBefore = ({ created_at }: WaitingRun): Promise<number> =>
    documents.count((query) =>
      query
        .where('kind', '==', 'run')
        .where('status', '==', 'queued')
        .where('held', '==', null)
        .where('created_at', '<', created_at),
    );

  const heldBefore = ({ user_id, rank = '' }: SessionEntity): Promise<number> =>
    documents.count((query) =>
      query.where('user_id', '==', user_id).where('held', '==', 'slot').where('rank', '<', rank),
    );

  const underWay = (userId?: string): Promise<number> =>
    documents.count((query) => {
      const all = query.where('kind', '==', 'run').where('status', '==', 'running');
      return userId === undefined ? all : all.where('user_id', '==', userId);
    });

  return {
    async of(run) {
      if (!(await untouched(run))) return undefined;
      const held = run.status === 'running' ? await firstHeld(run.id) : undefined;
      const [before, atOnce, ms] = await Promise.all([
        held ? heldBefore(held) : onQueueBefore(run),
        underWay(held ? run.user_id : undefined),
        usualMs(run.user_id),
      ]);
      const position = before + 1;
      const known = ms !== undefined && atOnce > 0;
      return {
        position,
        waits_for: held ? 'slot' : 'browser',
        ...(known ? { estimated_wait_ms: Math.round((position * ms) / atOnce) } : {}),
      };
    },
  };
});

const medianOf = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
