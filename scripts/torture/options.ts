import { parseArgs } from 'node:util';
import { UsageError } from '../conformance/options.ts';
import { whole } from '../whole-numbers.ts';

export const USAGE = `npm run torture -- [--seed N] [--kills N] [--writers N] | --memory

Transactions, listeners, tasks and messages on a local cloud whose process is killed at random.
  --seed N     repeats the random numbers of the run that printed it
  --kills N    how often the process is killed; 10 when absent
  --writers N  how many write side by side; 8 when absent
  --memory     shows instead that heap and disk stay flat under documents, messages and tasks that come and go
`;

/**
 * Reads the arguments of `npm run torture`.
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readOptions(args: readonly string[]) {
  const { help, memory = false, seed, kills, writers } = parse(args);
  if (help) return undefined;
  return {
    memory,
    seed: whole('seed', seed, 0) ?? Math.floor(Math.random() * 2 ** 31),
    kills: whole('kills', kills, 0) ?? 10,
    writers: whole('writers', writers, 1) ?? 8,
  };
}

function parse(args: readonly string[]) {
  const [seed, kills, writers] = [{ type: 'string' }, { type: 'string' }, { type: 'string' }] as const;
  const help = { type: 'boolean', short: 'h' } as const;
  const memory = { type: 'boolean' } as const;
  try {
    return parseArgs({ args: [...args], options: { seed, kills, writers, memory, help } }).values;
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.?$/, '')}; --help lists the options.`);
  }
}
