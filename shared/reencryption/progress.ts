import type { DocumentReference } from '@google-cloud/firestore';
import { plain } from '../domain/storable.ts';
import type { Platform } from '../platform/platform.ts';
import { cacheCollection } from '../resources/collections.ts';

/** How far everything is sealed under a version of the key. */
export interface Progress {
  readonly version: string;
  /** When the version was first seen. */
  readonly seen_at: Date;
  /** When this going-through began. */
  readonly began_at: Date;
  /** Where it is: a collection, and the document in it that was the last; absent at its beginning. */
  readonly collection?: string;
  readonly after?: string;
  /** Values that it has sealed anew. */
  readonly resealed: number;
  /** All of it is sealed under the version, and nobody seals under an older one any more. */
  readonly settled: boolean;
}

/** Instances believe the version before to be the newest for five minutes. */
const BELIEVED_MS = 10 * 60_000;
/** Longer than the key stays the same; when it is gone, everything is gone through once more. */
const KEPT_MS = 400 * 24 * 3600_000;

/** Whether what was gone through from then on cannot have been sealed under an older version since. */
export const isFinal = ({ seen_at, began_at }: Progress): boolean =>
  began_at.getTime() - seen_at.getTime() >= BELIEVED_MS;

/** Where the progress is kept: whoever goes on begins where the one before died. */
export interface ProgressKeeper {
  /** Of the version; of another one, and where there is none, that of the beginning. */
  of(version: string): Promise<Progress>;
  keep(progress: Progress): Promise<void>;
}

export function createProgress({ clients, clock }: Pick<Platform, 'clients' | 'clock'>): ProgressKeeper {
  const ref = async (): Promise<DocumentReference> =>
    (await clients.firestore()).collection(cacheCollection.name).doc('reencryption');
  return {
    async of(version) {
      const known = plain((await (await ref()).get()).data()?.value) as Progress | undefined;
      if (known?.version === version) return known;
      const now = new Date(clock.now());
      return { version, seen_at: now, began_at: now, resealed: 0, settled: false };
    },
    async keep(progress) {
      await (await ref()).set({ value: progress, expires_at: new Date(clock.now() + KEPT_MS) });
    },
  };
}
