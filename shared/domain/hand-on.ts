import type { Query, Transaction } from '@google-cloud/firestore';
import type { SessionEntity } from '../../schemas/entities.ts';
import { type Documents, read } from './documents.ts';
import { storable } from './storable.ts';

/** Others may take the same session at the same time: then the next is looked for, so often. */
const LOOKS = 10;

/** What makes a session one that is to be put on the queue. */
export const letGo = { held: null } as const satisfies Partial<SessionEntity>;

/**
 * Ends a session and, in the same transaction, gives its slot to one that is held back: so there are never more slots in
 * use than before, and none is lost. Nothing is looked for, and nothing costs, while nobody waits.
 * @param patchOf what to write; undefined for nothing
 * @param beside writes others, when that is written
 */
export async function endAndHandOn(
  documents: Documents<SessionEntity>,
  id: string,
  patchOf: (session: SessionEntity) => Partial<SessionEntity> | undefined,
  beside?: (transaction: Transaction) => void,
): Promise<SessionEntity | undefined> {
  const ref = await documents.ref(id);
  return await documents.transaction(async (transaction) => {
    const current = read<SessionEntity>(await transaction.get(ref));
    const patch = current && patchOf(current);
    if (!patch) return undefined;
    const heirs = patch.awaited ? [] : await heirsOf(current, documents, transaction);
    const slotTo = heirs.find(({ change }) => change.held === null);
    const updated_at = documents.now();
    const stamped = { ...patch, ...(slotTo ? { passed_to: slotTo.id } : {}), updated_at };
    transaction.update(ref, storable(stamped) as Record<string, unknown>);
    beside?.(transaction);
    for (const { id: heir, change } of heirs) transaction.update(await documents.ref(heir), { ...change, updated_at });
    return { ...current, ...stamped };
  });
}

interface Heir {
  readonly id: string;
  readonly change: Pick<SessionEntity, 'held'>;
}

/** Who gets what a session had: its run's turn the next one of the run, its slot the first of all that wait for one. */
async function heirsOf(
  { user_id, run_id, hands_on }: SessionEntity,
  documents: Documents<SessionEntity>,
  transaction: Transaction,
): Promise<Heir[]> {
  if (!hands_on) return [];
  const first = (held: 'slot' | 'turn', narrow: (query: Query) => Query) =>
    firstThatWaits(held, narrow, documents, transaction);
  const next =
    hands_on === 'turn'
      ? await first('turn', (query) => query.where('run_id', '==', run_id).orderBy('position'))
      : undefined;
  const other = await first('slot', (query) => query.where('user_id', '==', user_id).orderBy('rank'));
  const chosen = [next, other].filter((one) => one !== undefined).sort(byRank)[0];
  if (!chosen) return [];
  const heir = { id: chosen.id, change: letGo };
  return next && next !== chosen ? [heir, { id: next.id, change: { held: 'slot' } }] : [heir];
}

const byRank = (a: SessionEntity, b: SessionEntity): number => ((a.rank ?? '') < (b.rank ?? '') ? -1 : 1);

/** The query is no part of the transaction, for it would be fought over; what it finds is. */
async function firstThatWaits(
  held: 'slot' | 'turn',
  narrow: (query: Query) => Query,
  documents: Documents<SessionEntity>,
  transaction: Transaction,
): Promise<SessionEntity | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const [found] = await documents.find((query) => narrow(query.where('held', '==', held)).limit(1));
    if (!found) return undefined;
    const now = read<SessionEntity>(await transaction.get(await documents.ref(found.id)));
    if (now?.held === held) return now;
  }
  return undefined;
}
