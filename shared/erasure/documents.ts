import type { Query, QueryDocumentSnapshot, Transaction } from '@google-cloud/firestore';
import type { Collection, Owner } from '../define/resources.ts';
import { derivedId } from '../platform/ids.ts';
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
 * Deletes a page of a user's documents. Runs and sessions are noted in the same commit: by their ids their objects and
 * inner documents are found later.
 * @param round of the erasure: what is found is to be looked at in it
 * @returns how many there were; 0 when there are no more
 */
export async function deletePage(
  userId: string,
  { name, owner }: OwnedByField,
  round: number,
  receipt: Receipt,
): Promise<number> {
  const fields = [owner.finds, owner.object].filter((field) => field !== undefined);
  const query = receipt.ref.firestore
    .collection(name)
    .where(owner.field, '==', userId)
    .select(...fields);
  return await deleteCounted(query, name, receipt, (docs, transaction) => {
    for (const id of idsIn(docs, owner)) transaction.set(receipt.found().doc(id), { round });
    for (const { bucket, name: of } of objectsOf(docs, owner, userId))
      transaction.set(receipt.found().doc(derivedId('tst', bucket, of)), { round, bucket, name: of });
  });
}

/**
 * Deletes a page of documents and counts them, in one commit: what dies in the middle has done neither, and what is done
 * twice at once counts each once.
 */
async function deleteCounted(
  query: Query,
  name: string,
  receipt: Receipt,
  note: (docs: readonly QueryDocumentSnapshot[], transaction: Transaction) => void = () => {},
): Promise<number> {
  return await query.firestore.runTransaction(async (transaction) => {
    const { docs } = await transaction.get(query.limit(PAGE));
    if (docs.length === 0) return 0;
    const counted = await receipt.counted('documents', name, docs.length);
    note(docs, transaction);
    for (const { ref } of docs) transaction.delete(ref);
    transaction.set(receipt.ref, counted, { merge: true });
    return docs.length;
  });
}

/** The runs or sessions that documents are, or are of. */
function idsIn(docs: readonly QueryDocumentSnapshot[], { finds }: OwnedByField['owner']): Set<string> {
  if (finds === undefined) return new Set();
  return new Set(docs.map((one) => (finds === 'id' ? one.id : String(one.get(finds)))));
}

/** The objects that documents name and that lie in no folder of the user's. */
function objectsOf(docs: readonly QueryDocumentSnapshot[], { object }: OwnedByField['owner'], userId: string) {
  if (object === undefined) return [];
  return docs
    .map((one) => one.get(object) as { bucket: string; name: string } | undefined)
    .filter((named) => named !== undefined && !named.name.startsWith(`tests/${userId}/`)) as {
    bucket: string;
    name: string;
  }[];
}

/** Deletes what lies under a run or a session. */
export async function deleteWithin(id: string, receipt: Receipt): Promise<void> {
  const parent = id.startsWith('run_') ? 'runs' : 'sessions';
  for (const { name, owner } of collectionsWithin) {
    if (owner.under !== parent) continue;
    const inner = receipt.ref.firestore.collection(parent).doc(id).collection(name);
    while ((await deleteCounted(inner.select(), name, receipt)) > 0);
  }
}

/** Forgets the ids that were found. */
export async function forgetFound(receipt: Receipt): Promise<void> {
  const { firestore } = receipt.ref;
  for (;;) {
    const { docs } = await receipt.found().select().limit(PAGE).get();
    if (docs.length === 0) return;
    const batch = firestore.batch();
    for (const { ref } of docs) batch.delete(ref);
    await batch.commit();
  }
}
