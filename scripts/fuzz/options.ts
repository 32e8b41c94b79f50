import { parseArgs } from 'node:util';

/** Bad usage, in a sentence. */
export class UsageError extends Error {}

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
  const text = { type: 'string' } as const;
  const options = { count: text, seed: text, help: { type: 'boolean', short: 'h' } } as const;
  let values: { count?: string | undefined; seed?: string | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]}; --help lists the options.`);
  }
  if (values.help) return undefined;
  return {
    count: whole('count', values.count, 1) ?? 10_000,
    seed: whole('seed', values.seed, 0) ?? Math.floor(Math.random() * 2 ** 31),
  };
}

function whole(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value) && Number(value) >= least) return Number(value);
  throw new UsageError(`--${name}: "${value}" is not a whole number from ${least} on.`);
}
