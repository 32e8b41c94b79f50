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
