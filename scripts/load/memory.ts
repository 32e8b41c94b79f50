import { readFile } from 'node:fs/promises';
import type { LocalCloud } from '../local/cloud.ts';

/** Megabytes of the largest instance, as often as they were looked at. */
export interface Memory {
  readonly megabytes: readonly number[];
  stop(): void;
}

/**
 * What instances are started with, so that what they keep shows in their resident memory: V8 lets a heap grow as far as
 * it may before it looks for what can go.
 */
export const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=4' } as const;

const EVERY_MS = 1000;
const PAGE_BYTES = 4096;
/** How much more the last quarter of the time may take than the second. */
const ALLOWED = 1.15;

/** Looks at the resident memory of a cloud's instances, once a second. */
export function watchMemory(cloud: LocalCloud): Memory {
  const megabytes: number[] = [];
  const look = async () => {
    const pids = cloud.instances().flatMap(({ pid }) => pid ?? []);
    const pages = await Promise.all(pids.map(residentPages));
    megabytes.push((Math.max(0, ...pages) * PAGE_BYTES) / 1e6);
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return { megabytes, stop: () => clearInterval(timer) };
}

/** Of a process that is gone: none. See proc(5). */
async function residentPages(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(statm.split(' ')[1] ?? 0);
}

/** By how much the memory of the last quarter is that of the second one: what starts is left out. */
export function growthOf(megabytes: readonly number[]): number {
  const quarter = Math.floor(megabytes.length / 4);
  const mean = (some: readonly number[]) => some.reduce((sum, each) => sum + each, 0) / some.length;
  return quarter === 0 ? 1 : mean(megabytes.slice(-quarter)) / mean(megabytes.slice(quarter, 2 * quarter));
}

export const isFlat = (megabytes: readonly number[]): boolean => growthOf(megabytes) <= ALLOWED;
