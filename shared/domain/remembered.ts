import { type Fingerprints, fingerprints, type RememberedEntity } from '../../schemas/fingerprint.ts';
import { defineService, writes } from '../define/service.ts';
import { derivedId } from '../platform/ids.ts';
import { rememberedCollection } from '../resources/collections.ts';
import { Documents, read } from './documents.ts';

/** The fingerprints of the elements that a test's steps found when they passed. */
export interface Remembered {
  /** Empty when nothing is remembered, or nothing that can be read. */
  of(userId: string, testId: string): Promise<Fingerprints>;
  /** Adds what a session learned to what others did. */
  add(userId: string, testId: string, learned: Fingerprints): Promise<void>;
}

/** What a document holds of fingerprints, in bytes of its 1 MiB. */
const MOST_BYTES = 700_000;
/** What no run has changed for so long is learned anew: tests that are gone leave nothing behind. */
const KEPT_MS = 180 * 24 * 3600 * 1000;

/** A test of a run's own has the id of its content: two users may have the same one. */
const idOf = (userId: string, testId: string): string => derivedId('rem', userId, testId);

export const remembered = defineService([writes(rememberedCollection)], (platform): Remembered => {
  const documents = new Documents<RememberedEntity>(rememberedCollection, platform);
  return {
    of: async (userId, testId) => parse((await documents.get(idOf(userId, testId)))?.fingerprints),
    async add(userId, testId, learned) {
      const id = idOf(userId, testId);
      const ref = await documents.ref(id);
      await documents.transaction(async (transaction) => {
        const current = read<RememberedEntity>(await transaction.get(ref));
        const now = documents.now();
        transaction.set(ref, {
          id,
          created_at: current?.created_at ?? now,
          updated_at: now,
          user_id: userId,
          test_id: testId,
          fingerprints: JSON.stringify(merge(parse(current?.fingerprints), learned, MOST_BYTES)),
          expires_at: new Date(now.getTime() + KEPT_MS),
        });
      });
    },
  };
});

function parse(json: string | undefined): Fingerprints {
  const value: unknown = json === undefined ? {} : JSON.parse(json);
  return fingerprints.accepts(value) ? value : {};
}

/** The newer ones first; of the older ones as many as there is room for. */
export function merge(older: Fingerprints, newer: Fingerprints, mostBytes: number): Fingerprints {
  const merged: Fingerprints = {};
  let bytes = 2;
  const inOrder = [...Object.entries(newer), ...Object.entries(older).filter(([key]) => !Object.hasOwn(newer, key))];
  for (const [key, print] of inOrder) {
    bytes += Buffer.byteLength(JSON.stringify({ [key]: print }));
    if (bytes > mostBytes) break;
    merged[key] = print;
  }
  return merged;
}
