import { parseArgs } from 'node:util';
import { UsageError } from './conformance/options.ts';

/**
 * Reads arguments that are all whole numbers: `--count 5`.
 * @param least what each may be at least, by name
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readWholeNumbers<K extends string>(
  args: readonly string[],
  least: Readonly<Record<K, number>>,
): Partial<Record<K, number>> | undefined {
  const names = Object.keys(least) as K[];
  const options = { ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])) };
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\. |\n/)[0]}; --help lists the options.`);
  }
  if (values.help) return undefined;
  const read = names.map((name) => [name, whole(name, values[name] as string | undefined, least[name])] as const);
  return Object.fromEntries(read) as Partial<Record<K, number>>;
}

/** A whole number from a least one on; undefined where none is given. @throws UsageError */
export function whole(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,10}$/.test(value) || Number(value) < least)
    throw new UsageError(`--${name}: "${value}" is not a whole number from ${least} on.`);
  return Number(value);
}

/** A script whose arguments are all whole numbers. */
export interface NumbersScript<K extends string> {
  readonly name: string;
  readonly usage: string;
  /** What each may be at least, by name. */
  readonly least: Readonly<Record<K, number>>;
}

/**
 * Runs such a script with the arguments of this process. The exit code is what `work` gives; 0 after the usage, 2 after a
 * mistake in the arguments.
 */
export async function runWithNumbers<K extends string>(
  { name, usage, least }: NumbersScript<K>,
  work: (given: Partial<Record<K, number>>) => Promise<number>,
): Promise<void> {
  let given: Partial<Record<K, number>> | undefined;
  try {
    given = readWholeNumbers(process.argv.slice(2), least);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  if (given) process.exitCode = await work(given);
  else process.stdout.write(usage);
}

/** Prints counts and what was violated, at most fifty of it. @returns the exit code: 1 when something was */
export function tellViolations(counts: Readonly<Record<string, number>>, violations: readonly string[]): number {
  for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${name}`);
  for (const violation of violations.slice(0, 50)) console.log(`VIOLATED: ${violation}`);
  console.log(`${violations.length} violations`);
  return violations.length > 0 ? 1 : 0;
}
