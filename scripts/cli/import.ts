import { type CliCommand, UsageError, type Values } from './command.ts';
import { openProject, projectOptions } from './portable-options.ts';
import { terminalOf } from './terminal.ts';

export const importCommand: CliCommand = {
  name: 'import',
  summary:
    'Imports what virtuoso export wrote into an empty project. On Google Cloud, deploy the functions afterwards.',
  operands: 'DIR',
  options: {
    ...projectOptions,
    'dry-run': { type: 'boolean', description: 'Checks the whole export and writes nothing.' },
    merge: {
      type: 'boolean',
      description:
        'Adds to a project that holds something; what is there stays as it is. Also after an import was cut short.',
    },
  },
  examples: [
    'virtuoso import backup-2026-03-01 --data .virtuoso',
    'GCP_PROJECT_ID=my-project virtuoso import backup --dry-run',
  ],
  run: runImport,
};

async function runImport([folder, ...rest]: readonly string[], values: Values): Promise<number> {
  if (folder === undefined || rest.length > 0) throw new UsageError('Name one folder to import from.');
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { importAll } = await import('../portable/import.ts');
  const { ExportError } = await import('../portable/parts.ts');
  const cloud = await openProject(values);
  const dryRun = values['dry-run'] === true;
  try {
    const parts = await importAll(cloud, folder, {
      ...{ dryRun, merge: values.merge === true },
      onPart: ({ kind, name, written, kept }) =>
        terminal.write(`${kind.padEnd(10)} ${name.padEnd(28)} ${written}${kept > 0 ? `, ${kept} were there` : ''}\n`),
    });
    const written = parts.reduce((sum, one) => sum + one.written, 0);
    terminal.write(`${written} items ${dryRun ? 'would be' : 'are'} imported into ${cloud.project}\n`);
    return 0;
  } catch (error) {
    throw error instanceof ExportError ? new UsageError(error.message) : error;
  } finally {
    await cloud.close();
  }
}
