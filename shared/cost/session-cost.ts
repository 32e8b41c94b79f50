import { type Operation, type Price, prices } from './prices.ts';

/** Processors of a session's instance for each GiB of its memory. */
export const VCPUS_PER_GIB = 1;

/** US dollars for one of what an operation counts: a write, a GiB-second. */
export function usdOf(operation: Operation): number {
  const { usd, per }: Price = prices[operation];
  return usd / per;
}

/** What sessions used, as they tell it. */
export interface SessionUse {
  readonly gibSeconds: number;
  readonly operations: number;
}

/** US dollars by what they are for. */
export interface SessionCost {
  readonly memory: number;
  readonly processor: number;
  readonly operations: number;
  readonly total: number;
}

/**
 * What sessions cost at list prices, as if nothing were free. Their operations are priced as document writes, the dearest
 * of them; what a session causes beside its own instance (events, deliveries, storage) is not in it.
 */
export function sessionCost({ gibSeconds, operations }: SessionUse): SessionCost {
  const memory = gibSeconds * usdOf('run.mib_ms');
  const processor = gibSeconds * VCPUS_PER_GIB * usdOf('run.vcpu_ms');
  const written = operations * usdOf('firestore.write');
  return { memory, processor, operations: written, total: memory + processor + written };
}
