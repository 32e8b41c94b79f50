import { nearest } from '../../schemas/problems.ts';
import { version } from '../../shared/platform/version.ts';
import { backfill } from './backfill.ts';
import { backup, restore } from './backup.ts';
import { cancel } from './cancel.ts';
import { type CliCommand, help, parse, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { convert } from './convert.ts';
import { convertDumpCommand } from './convert-dump.ts';
import { deadLetters } from './dead-letters.ts';
import { deploy, rollback } from './deploy.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { library } from './library.ts';
import { live } from './live.ts';
import { plan } from './plan.ts';
import { rerun } from './rerun.ts';
import { run } from './run.ts';
import { schedules } from './schedules.ts';
import { serve } from './serve.ts';
import { stats } from './stats.ts';
import { outliveReader } from './terminal.ts';
import { watch } from './watch.ts';

const all: readonly CliCommand[] = [
  run,
  rerun,
  watch,
  cancel,
  live,
  serve,
  plan,
  convert,
  commands,
  library,
  schedules,
  stats,
  backfill,
  deadLetters,
  backup,
  restore,
  exportCommand,
  importCommand,
  convertDumpCommand,
  deploy,
  rollback,
];

/** Exit code for bad usage, and for files of which none can be run. */
const BAD_USAGE = 2;

/** Runs the command line. Gives the exit code; what people did wrong is said in a sentence on standard error. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    // A bug of ours is not to be taken for a test that failed, which is 1.
    const told = error instanceof UsageError ? error.message : `This is a bug of virtuoso: ${(error as Error).stack}`;
    process.stderr.write(`virtuoso: ${told}\n`);
    return BAD_USAGE;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return print(`${version}\n`);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === 'help' && rest[0] !== undefined) return print(help(find(rest[0])));
    print(overview());
    return name === undefined ? BAD_USAGE : 0;
  }
  const command = find(name);
  const { operands, values } = parse(command, rest);
  return values.help ? print(help(command)) : await command.run(operands, values);
}

function find(name: string): CliCommand {
  const command = all.find((candidate) => candidate.name === name);
  if (command) return command;
  const names = all.map((candidate) => candidate.name);
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

function overview(): string {
  const lines = all.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`);
  return `Virtuoso ${version}: browser tests in functions.\n\nUsage: virtuoso COMMAND [options]\n\n${lines.join('\n')}\n\n'virtuoso COMMAND --help' says more of each.\n`;
}
