import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { UsageError } from './command.ts';

/** The variables of a run: those of the file (`KEY=value` lines), overruled by `--var k=v`. @throws UsageError */
export async function readVariables(
  pairs: readonly string[],
  file: string | undefined,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = file === undefined ? {} : await readEnvFile(file);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`'--var ${pair}' is not of the form name=value.`);
    variables[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return variables;
}

async function readEnvFile(file: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The variables' file '${file}' cannot be read: ${(error as Error).message}.`);
  }
  checkEnvLines(text, file);
  return { ...parseEnv(text) } as Record<string, string>;
}

const ASSIGNMENT = /^\s*(?:export\s+)?[\w.-]+\s*=\s*(.*)$/;

/** parseEnv passes over what it does not understand, which would be a variable that is missing without a word. */
function checkEnvLines(text: string, file: string): void {
  let quote: string | undefined;
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (quote) {
      if (line.includes(quote)) quote = undefined;
      continue;
    }
    if (/^\s*(#|$)/.test(line)) continue;
    const value = line.match(ASSIGNMENT)?.[1];
    if (value === undefined)
      throw new UsageError(`${file}:${index + 1}: '${line.trim()}' is not of the form NAME=value.`);
    const opening = value.match(/^(["'`])/)?.[1];
    if (
      opening &&
      !value.slice(1).includes(opening) &&
      text
        .split('\n')
        .slice(index + 1)
        .some((later) => later.includes(opening))
    )
      quote = opening;
  }
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m)?$/;
const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `500ms`, `30s`, `2m` or plain milliseconds, as milliseconds from 1 to `most`. @throws UsageError */
export function readDuration(text: string, option: string, most: number): number {
  const [, amount, unit = 'ms'] = text.match(DURATION) ?? [];
  if (amount === undefined) throw new UsageError(`'--${option} ${text}' is not a duration: write 500ms, 30s or 2m.`);
  const ms = Math.round(Number(amount) * (factors[unit] ?? 1));
  if (ms < 1 || ms > most) throw new UsageError(`'--${option} ${text}' must be from 1ms to ${most / 60_000}m.`);
  return ms;
}

/** A whole number within bounds. @throws UsageError */
export function readCount(text: string, option: string, least: number, most: number): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < least || count > most) {
    throw new UsageError(`'--${option} ${text}' must be a whole number from ${least} to ${most}.`);
  }
  return count;
}

/** An http or https URL. @param source an option's name, or a variable's. @throws UsageError */
export function readUrl(text: string, source: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text;
  const name = /^[A-Z_]+$/.test(source) ? `${source}=` : `--${source} `;
  throw new UsageError(`'${name}${text}' is not an address: it must begin with http:// or https://.`);
}
