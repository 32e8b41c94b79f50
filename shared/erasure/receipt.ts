import type { CollectionReference, DocumentReference } from '@google-cloud/firestore';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import type { Platform } from '../platform/platform.ts';
import { erasureFoundCollection, erasuresCollection } from '../resources/collections.ts';

type Kind = keyof ErasureEntity['deleted'];

/** The receipt while it is written: every count goes into it with what it counts, or right after. */
export interface Receipt {
  readonly ref: DocumentReference;
  /** Where the ids of runs and sessions are noted, so that what is theirs is found when their documents are gone. */
  found(): CollectionReference;
  /** What adds to a count, to be merged into the receipt. */
  counted(kind: Kind, name: string, by: number): Promise<Record<string, unknown>>;
  /** Adds to a count. */
  add(kind: Kind, name: string, by: number): Promise<void>;
}

/** The receipt of a user, which must be there. */
export async function receiptOf(userId: string, platform: Pick<Platform, 'clients' | 'clock'>): Promise<Receipt> {
  const ref = (await platform.clients.firestore()).collection(erasuresCollection.name).doc(userId);
  const counted: Receipt['counted'] = async (kind, name, by) => {
    const { FieldValue } = await import('@google-cloud/firestore');
    return {
      deleted: { [kind]: { [name]: FieldValue.increment(by) } },
      updated_at: new Date(platform.clock.now()),
    };
  };
  return {
    ref,
    counted,
    found: () => ref.collection(erasureFoundCollection.name),
    async add(kind, name, by) {
      if (by > 0) await ref.set(await counted(kind, name, by), { merge: true });
    },
  };
}
