import { createHash } from 'node:crypto';
import type { DocumentData } from '@google-cloud/firestore';
import { defineService, writes } from '../define/service.ts';
import { cacheCollection } from '../resources/collections.ts';

/** A verdict on something that is judged again and again. */
export interface KnownVerdict {
  /** What is judged: the parts of its name, of which the first is whose it is. */
  readonly subject: readonly string[];
  readonly status: string;
  readonly eventId: string;
}

/** Knows what the verdict on something was the time before. */
export interface VerdictChanges {
  /**
   * Whether it is another one than the time before; before the first time all was well. The event that comes again is
   * told the same again.
   */
  isChange(verdict: KnownVerdict): Promise<boolean>;
}

/** What was told of events, so that a second delivery is told the same. */
interface Told {
  readonly event: string;
  readonly change: boolean;
}

const KEPT_MS = 90 * 24 * 3600 * 1000;
const MOST_TOLD = 20;

/** Keeps the last verdicts in the cache. */
export const verdictChanges = defineService([writes(cacheCollection)], ({ clients, clock }): VerdictChanges => {
  return {
    async isChange({ subject, status, eventId }) {
      const name = createHash('sha256').update(JSON.stringify(subject)).digest('base64url');
      const ref = (await clients.firestore()).collection(cacheCollection.name).doc(`verdict-${name}`);
      return await ref.firestore.runTransaction(async (transaction) => {
        const known: DocumentData = (await transaction.get(ref)).data() ?? {};
        const told = (known.told ?? []) as Told[];
        const before = told.find(({ event }) => event === eventId);
        if (before) return before.change;
        const change = status !== (known.status ?? 'passed');
        transaction.set(ref, {
          status,
          user_id: subject[0],
          told: [{ event: eventId, change }, ...told].slice(0, MOST_TOLD),
          expires_at: new Date(clock.now() + KEPT_MS),
        });
        return change;
      });
    },
  };
});
