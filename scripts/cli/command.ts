import { parseArgs } from 'node:util';
import { nearest } from '../../schemas/problems.ts';

/** An option of the command line. */
export interface Option {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help: `DIR`. */
  readonly value?: string;
  readonly multiple?: boolean;
  /** One letter that stands for it: `x`. */
  readonly short?: string;
  readonly description: string;
}

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** A command of the command line, as data: its help and its parsing follow from it. */
export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** What stands behind the command: `FILES|FOLDERS…`. */
  readonly operands?: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
  /** Gives the exit code. */
  run(operands: readonly string[], values: Values): Promise<number>;
}

/** Bad usage: what is wrong and how to mend it, in one sentence. Ends with exit code 2. */
export class UsageError extends Error {}

/** Options that every command takes. */
const everywhere: Readonly<Record<string, Option>> = {
  'no-color': { type: 'boolean', description: 'Without colours. Or NO_COLOR.' },
  help: { type: 'boolean', short: 'h', description: 'Shows this help.' },
};

/** Parses the arguments of a command. @throws UsageError */
export function parse(command: CliCommand, args: readonly string[]): { operands: string[]; values: Values } {
  const known: Record<string, Option> = { ...command.options, ...everywhere };
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { type, multiple, short }]) => [
      name,
      { type, multiple: multiple ?? false, ...(short === undefined ? {} : { short }) },
    ]),
  );
  for (const arg of args) {
    if (arg === '--') break;
    const name = arg.match(/^--([^=]+)/)?.[1];
    if (name === undefined || Object.hasOwn(known, name)) continue;
    const like = nearest(name, Object.keys(known));
    throw new UsageError(
      `There is no option '--${name}'.${like ? ` Did you mean '--${like}'?` : ` See 'virtuoso ${command.name} --help'.`}`,
    );
  }
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { operands: positionals, values: values as Values };
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.?(?:\n| To specify|$)/);
    throw new UsageError(`${sentence}. See 'virtuoso ${command.name} --help'.`);
  }
}

/** The help of a command. */
export function help(command: CliCommand): string {
  const rows = Object.entries({ ...command.options, ...everywhere }).map(
    ([name, { value, multiple, short, description }]) => [
      `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
      `${description}${multiple ? ' May be given several times.' : ''}`,
    ],
  );
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  return [
    command.summary,
    '',
    `Usage: virtuoso ${command.name}${command.operands ? ` ${command.operands}` : ''} [options]`,
    '',
    'Options:',
    ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}
