import { type CliCommand, UsageError, type Values } from './command.ts';
import { openProject, projectOptions } from './portable-options.ts';
import { terminalOf } from './terminal.ts';

export const exportCommand: CliCommand = {
  summary: "Exports a project's documents, objects and rows into a folder, as JSON lines.",
  operands: 'DIR',
  options: {
    ...projectOptions,
    at: {
      type: 'string',
      value: 'TIME',
      description:
        'Documents as they were then: 2026-03-01T12:00:00Z. Firestore knows an hour, or seven days with point-in-time recovery.',
    },
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

async function runExport(operands: readonly string[], values: Values): Promise<number> {
  return await exportInto(operands, values, values['with-key'] === true);
}

/** Exports into the folder that the operands name. @throws UsageError */
export async function exportInto([folder, ...rest]: readonly string[], values: Values, keys: boolean): Promise<number> {
  if (folder === undefined || rest.length > 0) throw new UsageError('Name one folder to export into.');
  const at = values.at === undefined ? undefined : new Date(String(values.at));
  if (at && Number.isNaN(at.getTime()))
    throw new UsageError(`'--at ${values.at}' is no time such as 2026-03-01T12:00:00Z.`);
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { exportAll } = await import('../portable/export.ts');
  const { ExportError } = await import('../portable/parts.ts');
  const cloud = await openProject(values, { read: true });
  try {
    const { parts } = await exportAll(cloud, folder, {
      keys,
      ...(at ? { at } : {}),
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
