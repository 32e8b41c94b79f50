import { judge, mutant } from '../../shared/test-files/testing/mutate.ts';
import { random } from '../../shared/test-files/testing/random.ts';

/** A file that was read wrongly. */
export interface Find {
  /** Makes the same file again. */
  readonly seed: number;
  readonly problem: string;
  readonly source: string | readonly number[];
}

/** Reading one file of a few kilobytes takes milliseconds; so much longer is as good as never. */
const LONGEST_MS = 10_000;
const MOST_FINDS = 20;
const TOLD_EVERY = 10_000;

/** Spoils and reads so many files, each of a seed of its own. Stops after a number of finds. */
export function fuzz({ count, seed }: { count: number; seed: number }, tell: (done: number) => void): Find[] {
  const finds: Find[] = [];
  for (let round = 0; round < count && finds.length < MOST_FINDS; round++) {
    const own = (seed + Math.imul(round, 0x9e3779b1)) >>> 0;
    const source = mutant(random(own));
    const startedAt = performance.now();
    const problem = judge(source) ?? slow(performance.now() - startedAt);
    if (problem) finds.push({ seed: own, problem, source: typeof source === 'string' ? source : [...source] });
    if ((round + 1) % TOLD_EVERY === 0) tell(round + 1);
  }
  return finds;
}

const slow = (ms: number): string | undefined => (ms > LONGEST_MS ? `it takes ${Math.round(ms)} ms` : undefined);
