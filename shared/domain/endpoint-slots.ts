import { defineService, writes } from '../define/service.ts';
import { cacheCollection } from '../resources/collections.ts';

/** Places for attempts at one endpoint, which all instances share. */
export interface EndpointSlots {
  /**
   * Takes one of so many places. It is free again when it is given back, or, where that never happens, after two minutes.
   * @returns what gives it back; undefined when all are taken
   */
  take(webhookId: string, most: number, holder: string): Promise<(() => Promise<void>) | undefined>;
}

/** An attempt takes a few seconds at most: after this time its instance is gone. */
const HELD_MS = 120_000;

export const endpointSlots = defineService([writes(cacheCollection)], ({ clients, clock }): EndpointSlots => {
  return {
    async take(webhookId, most, holder) {
      const firestore = await clients.firestore();
      const { FieldValue } = await import('@google-cloud/firestore');
      const ref = firestore.collection(cacheCollection.name).doc(`slots-${webhookId}`);
      const taken = await firestore.runTransaction(async (transaction) => {
        const now = clock.now();
        const all = ((await transaction.get(ref)).get('held') ?? {}) as Record<string, number>;
        const held = Object.entries(all).filter(([name, until]) => until > now && name !== holder);
        // Refusals write nothing.
        if (held.length >= most) return false;
        const until = now + HELD_MS;
        transaction.set(ref, { held: { ...Object.fromEntries(held), [holder]: until }, expires_at: new Date(until) });
        return true;
      });
      if (!taken) return undefined;
      return async () => void (await ref.update({ [`held.${holder}`]: FieldValue.delete() }));
    },
  };
});
