import type { Query, QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { Collection, Owner } from '../define/resources.ts';
import { resources } from '../resources/index.ts';
import type { Receipt } from './receipt.ts';

type Owned<Kind extends Owner> = Collection & { readonly owner: Kind };
export type OwnedByField = Owned<Extract<Owner, { field: string }>>;
export type OwnedByPlace = Owned<Extract<Owner, { under: string }>>;

const declared: readonly Collection[] = resources.collections;

/** The collections whose documents name their user, and those that lie under documents of a user. */
export const collectionsOfUsers = declared.filter((one): one is OwnedByField => !!one.owner && 'field' in one.owner);
export const collectionsWithin = declared.filter((one): one is OwnedByPlace => !!one.owner && 'under' in one.owner);

/** Documents a commit; with what is noted of each, a commit has twice as many writes. */
const PAGE = 200;

/**
 * Deletes a page of a user's documents and counts them, in one commit: what dies in the middle has done neither. Runs and
 * sessions are noted by it too: by their ids their objects and inner documents are found later.
 * @param round of the erasure: what is found is to be looked at in it
 * @returns how many there were; 0 when there are no more
 */
export async function deletePage(
  userId: string,
  { name, owner }: OwnedByField,
  round: number,
  receipt: Receipt,
): Promise<number> {
  const { firestore } = receipt.ref;
  const query = firestore
    .collection(name)
    .where(owner.field, '==', userId)
    .select(...(owner.finds ? [owner.finds] : []))
    .limit(PAGE);
  return await firestore.runTransaction(async (transaction) => {
    const { docs } = await transaction.get(query);
    if (docs.length === 0) return 0;
    const counted = await receipt.count('documents', name, docs.length);
    for (const id of idsIn(docs, owner)) transaction.set(receipt.found().doc(id), { round });
    for (const { ref } of docs) transaction.delete(ref);
    transaction.update(receipt.ref, ...(counted as never as [string, unknown]));
    return docs.length;
  });
}

/** The runs or sessions that documents are, or are of. */
function idsIn(docs: readonly QueryDocumentSnapshot[], { finds }: OwnedByField['owner']): Set<string> {
  if (finds === undefined) return new Set();
  return new Set(docs.map((one) => (finds === 'id' ? one.id : String(one.get(finds)))));
}

/** Deletes what lies under a run or a session. */
export async function deleteWithin(id: string, receipt: Receipt): Promise<void> {
  const parent = id.startsWith('run_') ? 'runs' : 'sessions';
  for (const { name, owner } of collectionsWithin) {
    if (owner.under !== parent) continue;
    const inner = receipt.ref.firestore.collection(parent).doc(id).collection(name);
    await deleteAll(inner, async (count) => await receipt.add('documents', name, count));
  }
}

/** Deletes all that a query finds, a page at a time. */
export async function deleteAll(query: Query, onPage: (count: number) => Promise<void>): Promise<void> {
  for (;;) {
    const { docs } = await query.select().limit(PAGE).get();
    if (docs.length === 0) return;
    const batch = query.firestore.batch();
    for (const { ref } of docs) batch.delete(ref);
    await batch.commit();
    await onPage(docs.length);
  }
}
