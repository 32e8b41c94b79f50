import { defineService } from '../../shared/define/service.ts';

/** Attempts at a time, of one instance: a slow endpoint leaves room for the others, and a user for other users. */
const most = { endpoint: 10, user: 50 } as const;

/** What is under way in this instance, for whom. */
export interface Slots {
  /** @returns what frees the slot; undefined when all are taken */
  take(kind: keyof typeof most, id: string): (() => void) | undefined;
}

export function createSlots(limits: Readonly<Record<keyof typeof most, number>> = most): Slots {
  const taken = new Map<string, number>();
  return {
    take(kind, id) {
      const key = `${kind} ${id}`;
      const count = taken.get(key) ?? 0;
      if (count >= limits[kind]) return undefined;
      taken.set(key, count + 1);
      return () => {
        const left = (taken.get(key) ?? 1) - 1;
        if (left > 0) taken.set(key, left);
        else taken.delete(key);
      };
    },
  };
}

export const slots = defineService([], () => createSlots());
