import { type CliCommand, UsageError, type Values } from './command.ts';
import { openProject, projectOptions } from './portable-options.ts';
import { terminalOf } from './terminal.ts';

export const importCommand: CliCommand = {
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
    overwrite: { type: 'boolean', description: 'Makes what is there again what it was when it was exported.' },
  },
  examples: [
    'virtuoso import backup-2026-03-01 --data .virtuoso',
    'GCP_PROJECT_ID=my-project virtuoso import backup --dry-run',
  ],
  run: runImport,
};

async function runImport(operands: readonly string[], values: Values): Promise<number> {
  return await importFrom(operands, values, false);
}

/** Imports from the folder that the operands name. @param verify whether all is compared afterwards @throws UsageError */
export async function importFrom(
  [folder, ...rest]: readonly string[],
  values: Values,
  verify: boolean,
): Promise<number> {
  if (folder === undefined || rest.length > 0) throw new UsageError('Name one folder to import from.');
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { importAll } = await import('../portable/import.ts');
  const { ExportError, readManifest } = await import('../portable/parts.ts');
  const dryRun = values['dry-run'] === true;
  if (values.merge && values.overwrite) throw new UsageError('Give --merge or --overwrite, not both.');
  // Before a data folder is made for it.
  await readManifest(folder).catch((error: unknown) => {
    throw error instanceof ExportError ? new UsageError(error.message) : error;
  });
  const cloud = await openProject(values);
  const existing = values.merge ? 'keep' : values.overwrite ? 'replace' : 'refuse';
  try {
    const parts = await importAll(cloud, folder, {
      ...{ dryRun, existing },
      onPart: ({ kind, name, written, kept }) =>
        terminal.write(`${kind.padEnd(10)} ${name.padEnd(28)} ${written}${kept > 0 ? `, ${kept} were there` : ''}\n`),
    });
    const written = parts.reduce((sum, one) => sum + one.written, 0);
    terminal.write(`${written} items ${dryRun ? 'would be' : 'are'} imported into ${cloud.project}\n`);
    if (!verify || dryRun) return 0;
    const { differences } = await import('../portable/verify.ts');
    const found = await differences(cloud, folder);
    for (const difference of found) terminal.write(`${difference}\n`);
    terminal.write(found.length === 0 ? 'verified: all is as it was backed up\n' : 'verified: not all is as it was\n');
    return found.length === 0 ? 0 : 1;
  } catch (error) {
    throw error instanceof ExportError ? new UsageError(error.message) : error;
  } finally {
    await cloud.close();
  }
}
