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

/** A command of the command line, as data: its help and its parsing follow from it. Its name is the registry's. */
export interface CliCommand {
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
export function parse(
  name: string,
  command: CliCommand,
  args: readonly string[],
): { operands: string[]; values: Values } {
  const known: Record<string, Option> = { ...command.options, ...everywhere };
  const options = Object.fromEntries(
    Object.entries(known).map(([option, { type, multiple, short }]) => [
      option,
      { type, multiple: multiple ?? false, ...(short === undefined ? {} : { short }) },
    ]),
  );
  for (const arg of args) {
    if (arg === '--') break;
    const option = arg.match(/^--([^=]+)/)?.[1];
    if (option === undefined || Object.hasOwn(known, option)) continue;
    const like = nearest(option, Object.keys(known));
    throw new UsageError(
      `There is no option '--${option}'.${like ? ` Did you mean '--${like}'?` : ` See 'virtuoso ${name} --help'.`}`,
    );
  }
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    refuseEmpty(values);
    return { operands: positionals, values: values as Values };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const [sentence] = (error as Error).message.split(/\.?(?:\n| To specify|$)/);
    throw new UsageError(`${sentence}. See 'virtuoso ${name} --help'.`);
  }
}

/** What comes from a variable that is not set is not to be taken for what was not said. @throws UsageError */
function refuseEmpty(values: Readonly<Record<string, unknown>>): void {
  const empty = Object.keys(values).find((name) => [values[name]].flat().includes(''));
  if (empty !== undefined) throw new UsageError(`'--${empty}' is empty: give it a value, or leave it out.`);
}

/** The help of a command. */
export function help(name: string, command: CliCommand): string {
  const rows = Object.entries({ ...command.options, ...everywhere }).map(
    ([option, { value, multiple, short, description }]) => [
      `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`,
      `${description}${multiple ? ' May be given several times.' : ''}`,
    ],
  );
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  return [
    command.summary,
    '',
    `Usage: virtuoso ${name}${command.operands ? ` ${command.operands}` : ''} [options]`,
    '',
    'Options:',
    ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}
