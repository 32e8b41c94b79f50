import { type FunctionOperation, type Operation, type Price, prices } from '../../../shared/cost/prices.ts';
import type { Meter } from './meter.ts';

/** What was used of one thing that has a price, and what it costs. */
export interface CostLine {
  readonly operation: Operation;
  readonly price: Price;
  /** In the price's units. */
  readonly amount: number;
  /** US dollars, past the free tier. */
  readonly usd: number;
}

/** What a function used: requests, vCPU-seconds and GiB-seconds. */
export interface FunctionCost {
  readonly name: string;
  readonly requests: number;
  readonly vcpuSeconds: number;
  readonly gibSeconds: number;
  readonly usd: number;
}

/** What was counted, as money. */
export interface Cost {
  /** In the order of the price list; without what was not used. */
  readonly lines: readonly CostLine[];
  /** The dearest first. Their money is part of the lines'. */
  readonly functions: readonly FunctionCost[];
  readonly usd: number;
}

/** The list price of everything that the meter has counted, in US dollars, as if nothing were free. */
export function costOf(meter: Meter): Cost {
  const counts = new Map<Operation, number>();
  const users = new Set<string>();
  for (const [name, count] of meter) {
    const [operation, user] = name.split('/') as [Operation, string?];
    counts.set(operation, (counts.get(operation) ?? 0) + count);
    if (user !== undefined) users.add(user);
  }
  const lines = (Object.keys(prices) as Operation[]).flatMap((operation) => {
    const count = counts.get(operation) ?? 0;
    return count > 0 ? [lineOf(operation, count)] : [];
  });
  const functions = [...users].map((name) => functionCost(name, meter)).sort((a, b) => b.usd - a.usd);
  return { lines, functions, usd: sum(lines) };
}

function functionCost(name: string, meter: Meter): FunctionCost {
  const of = (operation: FunctionOperation) => lineOf(operation, meter.get(`${operation}/${name}`) ?? 0);
  const [requests, processor, memory] = [of('run.request'), of('run.vcpu_ms'), of('run.mib_ms')];
  return {
    ...{ name, requests: requests.amount, vcpuSeconds: processor.amount, gibSeconds: memory.amount },
    usd: sum([requests, processor, memory]),
  };
}

function lineOf(operation: Operation, count: number): CostLine {
  const price: Price = prices[operation];
  const amount = count / price.unit.size;
  return { operation, price, amount, usd: (amount / price.per) * price.usd };
}

function sum(lines: readonly { readonly usd: number }[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0);
}
