import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { UsageError } from './command.ts';

/** The variables of a run: those of the file (`KEY=value` lines), overruled by `--var k=v`. @throws UsageError */
export async function readVariables(
  pairs: readonly string[],
  file: string | undefined,
): Promise<Record<string, string>> {
  const variables = new Map(Object.entries(file === undefined ? {} : await readEnvFile(file)));
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`'--var ${pair}' is not of the form name=value.`);
    variables.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return Object.fromEntries(variables);
}

async function readEnvFile(file: string): Promise<Record<string, string>> {
  try {
    return parseEnv(await readFile(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    throw new UsageError(`The variables' file '${file}' cannot be read: ${(error as Error).message}.`);
  }
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m)?$/;
const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** What the API takes, as people write it: `{ least: '1ms', most: '10m' }`. */
export interface DurationBounds {
  readonly least: string;
  readonly most: string;
}

/** `500ms`, `30s`, `2m` or plain milliseconds, within bounds. @throws UsageError */
export function readDuration(text: string, option: string, { least, most }: DurationBounds): number {
  const ms = millisecondsOf(text);
  if (ms === undefined) throw new UsageError(`'--${option} ${text}' is not a duration: write 500ms, 30s or 2m.`);
  if (ms < (millisecondsOf(least) ?? 0) || ms > (millisecondsOf(most) ?? 0))
    throw new UsageError(`'--${option} ${text}' must be from ${least} to ${most}.`);
  return ms;
}

function millisecondsOf(text: string): number | undefined {
  const [, amount, unit = 'ms'] = text.match(DURATION) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * (factors[unit] ?? 1));
}

/** A whole number within bounds. @throws UsageError */
export function readCount(text: string, option: string, least: number, most: number): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < least || count > most) {
    throw new UsageError(`'--${option} ${text}' must be a whole number from ${least} to ${most}.`);
  }
  return count;
}
