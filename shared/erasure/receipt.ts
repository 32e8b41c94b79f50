import type { DocumentReference, Firestore, WriteBatch } from '@google-cloud/firestore';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import type { Platform } from '../platform/platform.ts';
import { erasureFoundCollection, erasuresCollection } from '../resources/collections.ts';

/** The receipt while it is written: every count goes into it with what it counts, or right after. */
export interface Receipt {
  readonly ref: DocumentReference;
  /** Where the ids of runs and sessions are noted, so that what is theirs is found when their documents are gone. */
  found(): FirebaseFirestore.CollectionReference;
  /** What adds to a count, for a transaction's or a batch's update. */
  count(kind: keyof ErasureEntity['deleted'], name: string, by: number): Promise<CountUpdate>;
  add(kind: keyof ErasureEntity['deleted'], name: string, by: number): Promise<void>;
}

/** Arguments of `update` after the reference. */
export type CountUpdate = Parameters<WriteBatch['update']> extends [unknown, ...infer Rest] ? Rest : never;

export async function receiptOf(userId: string, platform: Pick<Platform, 'clients' | 'clock'>): Promise<Receipt> {
  const firestore: Firestore = await platform.clients.firestore();
  const ref = firestore.collection(erasuresCollection.name).doc(userId);
  const count: Receipt['count'] = async (kind, name, by) => {
    const { FieldPath, FieldValue } = await import('@google-cloud/firestore');
    const now = new Date(platform.clock.now());
    return [
      new FieldPath('deleted', kind, name),
      FieldValue.increment(by),
      'updated_at',
      now,
    ] as unknown as CountUpdate;
  };
  return {
    ref,
    count,
    found: () => ref.collection(erasureFoundCollection.name),
    async add(kind, name, by) {
      if (by > 0)
        await ref.update(...((await count(kind, name, by)) as unknown as [FirebaseFirestore.FieldPath, unknown]));
    },
  };
}
