import { readWholeNumbers } from '../whole-numbers.ts';

export { UsageError } from '../conformance/options.ts';

export const USAGE = `npm run fuzz -- [--count N] [--seed N]

Test files that are spoilt at random, as bytes, as text and in their structure: the reader makes a test of each, or says
with a place in the file why not. It never throws, and never takes longer than ten seconds.
  --count N  how many files; 10000 when absent
  --seed N   repeats the files of the run that printed it
`;

/**
 * Reads the arguments of `npm run fuzz`.
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): { count: number; seed: number } | undefined {
  const read = readWholeNumbers(args, { count: 1, seed: 0 });
  return read && { count: read.count ?? 10_000, seed: read.seed ?? Math.floor(Math.random() * 2 ** 31) };
}
