import { type CliCommand, UsageError, type Values } from './command.ts';
import { openProject, projectOptions } from './portable-options.ts';
import { terminalOf } from './terminal.ts';

export const exportCommand: CliCommand = {
  name: 'export',
  summary: "Exports a project's documents, objects and rows into a folder, as JSON lines.",
  operands: 'DIR',
  options: {
    ...projectOptions,
    'with-key': {
      type: 'boolean',
      description:
        'With the key that secrets of users are encrypted with: who has the export can read them. Without it, only a project with the same key can.',
    },
  },
  examples: [
    'virtuoso export backup-2026-03-01 --data .virtuoso --with-key',
    'GCP_PROJECT_ID=my-project virtuoso export backup',
  ],
  run: runExport,
};

async function runExport([folder, ...rest]: readonly string[], values: Values): Promise<number> {
  if (folder === undefined || rest.length > 0) throw new UsageError('Name one folder to export into.');
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { exportAll } = await import('../portable/export.ts');
  const { ExportError } = await import('../portable/parts.ts');
  const cloud = await openProject(values);
  try {
    const { parts } = await exportAll(cloud, folder, {
      keys: values['with-key'] === true,
      onPart: ({ kind, name, count }) => terminal.write(`${kind.padEnd(10)} ${name.padEnd(28)} ${count}\n`),
    });
    terminal.write(`${parts.reduce((sum, { count }) => sum + count, 0)} items of ${cloud.project} are in ${folder}\n`);
    return 0;
  } catch (error) {
    throw error instanceof ExportError ? new UsageError(error.message) : error;
  } finally {
    await cloud.close();
  }
}
