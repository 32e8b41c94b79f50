import { nearest } from '../../schemas/problems.ts';
import { version } from '../../shared/platform/version.ts';
import { type CliCommand, help, parse, UsageError } from './command.ts';
import { outliveReader } from './terminal.ts';

/** The commands, in the order of the help. Each is loaded when it is wanted: nobody waits for what the others need. */
const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  run: async () => (await import('./run.ts')).run,
  rerun: async () => (await import('./rerun.ts')).rerun,
  watch: async () => (await import('./watch.ts')).watch,
  cancel: async () => (await import('./cancel.ts')).cancel,
  live: async () => (await import('./live.ts')).live,
  serve: async () => (await import('./serve.ts')).serve,
  plan: async () => (await import('./plan.ts')).plan,
  convert: async () => (await import('./convert.ts')).convert,
  commands: async () => (await import('./commands.ts')).commands,
  library: async () => (await import('./library.ts')).library,
  schedules: async () => (await import('./schedules.ts')).schedules,
  stats: async () => (await import('./stats.ts')).stats,
  backfill: async () => (await import('./backfill.ts')).backfill,
  'dead-letters': async () => (await import('./dead-letters.ts')).deadLetters,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./backup.ts')).restore,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  'convert-dump': async () => (await import('./convert-dump.ts')).convertDumpCommand,
  deploy: async () => (await import('./deploy.ts')).deploy,
  rollback: async () => (await import('./deploy.ts')).rollback,
};

/** Exit code for bad usage, and for files of which none can be run. */
const BAD_USAGE = 2;
const SQLITE_FULL = 13;

/** Runs the command line. Gives the exit code; what people did wrong is said in a sentence on standard error. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    return fail(error);
  }
}

/** Says on standard error what was thrown. Gives the exit code: no bug of ours is to be taken for a test that failed, 1. */
export function fail(error: unknown): number {
  process.stderr.write(`virtuoso: ${wordsOf(error)}\n`);
  return BAD_USAGE;
}

function wordsOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const { code, errcode, message, stack } = error as Partial<Error> & { code?: string | number; errcode?: number };
  if (code === 'ENOSPC' || errcode === SQLITE_FULL) return 'The disk is full: free some space, and start again.';
  // Of Google's clients: gRPC's codes, and those of HTTP.
  if (typeof code === 'number') return `The cloud refused: ${message}`;
  return `This is a bug of virtuoso: ${stack ?? String(error)}`;
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return print(`${version}\n`);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === 'help' && rest[0] !== undefined) return print(help(rest[0], await load(rest[0])));
    print(await overview());
    return name === undefined ? BAD_USAGE : 0;
  }
  const command = await load(name);
  const { operands, values } = parse(name, command, rest);
  return values.help ? print(help(name, command)) : await command.run(operands, values);
}

async function load(name: string): Promise<CliCommand> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return await command();
  const names = Object.keys(commands);
  const like = nearest(name, names);
  throw new UsageError(
    `There is no command '${name}'. ${like ? `Did you mean '${like}'?` : `There are ${names.join(', ')}.`}`,
  );
}

function print(text: string): 0 {
  outliveReader(process.stdout);
  process.stdout.write(text);
  return 0;
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, command]) => `  ${name.padEnd(12)} ${(await command()).summary}`),
  );
  return `Virtuoso ${version}: browser tests in functions.\n\nUsage: virtuoso COMMAND [options]\n\n${lines.join('\n')}\n\n'virtuoso COMMAND --help' says more of each.\n`;
}
