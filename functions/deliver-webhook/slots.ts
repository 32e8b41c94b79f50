import { defineService } from '../../shared/define/service.ts';

/** Attempts at one endpoint at a time, of one instance: a slow one leaves room for the others. */
const MOST_AT_A_TIME = 10;

/** Who is under way to which endpoint, in this instance. */
export interface Slots {
  /** @returns what frees the slot; undefined when all of the endpoint are taken */
  take(endpoint: string): (() => void) | undefined;
}

export function createSlots(most = MOST_AT_A_TIME): Slots {
  const taken = new Map<string, number>();
  return {
    take(endpoint) {
      const count = taken.get(endpoint) ?? 0;
      if (count >= most) return undefined;
      taken.set(endpoint, count + 1);
      return () => {
        const left = (taken.get(endpoint) ?? 1) - 1;
        if (left > 0) taken.set(endpoint, left);
        else taken.delete(endpoint);
      };
    },
  };
}

export const slots = defineService([], () => createSlots());
