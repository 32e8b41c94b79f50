import type { DocumentReference, DocumentSnapshot } from '@google-cloud/firestore';
import type { Collection } from '../define/resources.ts';
import type { Cipher } from '../platform/cipher.ts';
import type { Logger } from '../platform/log.ts';
import { resources } from '../resources/index.ts';
import { hasOlder, resealed } from './sealed-values.ts';

export type SealedCollection = Collection & { readonly sealed: readonly string[] };

const declared: readonly Collection[] = resources.collections;

/** The collections with fields that have sealed values in them. */
export const sealedCollections = declared.filter((one): one is SealedCollection => (one.sealed ?? []).length > 0);

/** Somebody wrote it between (FAILED_PRECONDITION), or deleted it (NOT_FOUND). */
const CHANGED = new Set<unknown>([9, 5]);
const MOST_TRIES = 5;

export interface Sealing {
  readonly cipher: Cipher;
  /** The version of the key that everything is to be sealed under. */
  readonly version: string;
  readonly log: Logger;
}

/**
 * Seals a document's values under the newest key, unless they are. Nobody's write is lost: the document is written only as
 * it was read, and read again when it has changed. Values that cannot be opened are left, and told.
 * @returns whether anything was sealed anew
 */
export async function resealDocument(
  read: DocumentSnapshot,
  { sealed }: SealedCollection,
  { cipher, version, log }: Sealing,
): Promise<boolean> {
  let snapshot = read;
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const data = snapshot.data() ?? {};
    const older = sealed.filter((field) => hasOlder(data[field], version));
    const { updateTime } = snapshot;
    if (older.length === 0 || !updateTime) return false;
    try {
      const anew = older.map(async (field) => [field, await resealed(data[field], version, cipher)] as const);
      await snapshot.ref.update(Object.fromEntries(await Promise.all(anew)), { lastUpdateTime: updateTime });
      return true;
    } catch (error) {
      if (!CHANGED.has((error as { code?: unknown }).code)) {
        log.error('A sealed value could not be sealed anew.', error, { document: snapshot.ref.path });
        return false;
      }
      snapshot = await (snapshot.ref as DocumentReference).get();
    }
  }
  log.warning('a document changes too often to be sealed anew just now', { document: snapshot.ref.path });
  return false;
}
