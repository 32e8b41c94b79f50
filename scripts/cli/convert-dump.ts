import { type CliCommand, UsageError, type Values } from './command.ts';
import { terminalOf } from './terminal.ts';

export const convertDumpCommand: CliCommand = {
  summary: 'Makes an export, for virtuoso import, of a plain-text dump of the PostgreSQL tables of before.',
  operands: 'DUMP DIR',
  options: {
    mapping: {
      type: 'string',
      value: 'FILE',
      description: 'How rows become documents. Default: that of the old tables.',
    },
    'dry-run': { type: 'boolean', description: 'Says what would come of it, and writes nothing.' },
  },
  examples: [
    'virtuoso convert-dump dump.sql --dry-run',
    'virtuoso convert-dump dump.sql converted --mapping mapping.yaml',
  ],
  run: runConvertDump,
};

async function runConvertDump([file, folder, ...rest]: readonly string[], values: Values): Promise<number> {
  const dryRun = values['dry-run'] === true;
  if (file === undefined || rest.length > 0 || (folder === undefined) !== dryRun)
    throw new UsageError('Name a dump and the folder to write into, or a dump and --dry-run.');
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { convertDump } = await import('../portable/convert-dump.ts');
  const { DEFAULT_MAPPING, readMapping } = await import('../portable/mapping.ts');
  const { ExportError } = await import('../portable/parts.ts');
  try {
    const mapping = readMapping((values.mapping as string | undefined) ?? DEFAULT_MAPPING);
    const { documents, leftOut, columnsLeftOut, problems } = await convertDump(file, mapping, folder);
    for (const [name, count] of Object.entries(documents)) terminal.write(`${name.padEnd(20)} ${count} documents\n`);
    for (const [name, count] of Object.entries(leftOut))
      terminal.write(`${name.padEnd(20)} ${count} rows left out: the mapping does not name it\n`);
    for (const name of columnsLeftOut) terminal.write(`${name.padEnd(20)} left out: the mapping does not name it\n`);
    for (const problem of problems) terminal.write(`${problem}\n`);
    if (problems.length === 0) return 0;
    terminal.write('Nothing is written: mend the rows, or the mapping.\n');
    return 1;
  } catch (error) {
    if (error instanceof ExportError) throw new UsageError(error.message);
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`There is no file '${file}'.`);
    if (syscall !== undefined) throw new UsageError(`'${file}' cannot be made an export: ${message}.`);
    throw error;
  }
}
