import type { CliCommand } from './command.ts';
import { exportCommand, exportInto } from './export.ts';
import { importCommand, importFrom } from './import.ts';

const { 'with-key': _, ...backupOptions } = exportCommand.options;

export const backup: CliCommand = {
  summary: 'Backs a project up into a folder: what virtuoso export writes, with the key of its secrets. Keep it safe.',
  operands: 'DIR',
  options: backupOptions,
  examples: ['virtuoso backup backup-2026-03-01 --data .virtuoso', 'GCP_PROJECT_ID=my-project virtuoso backup nightly'],
  run: (operands, values) => exportInto(operands, values, true),
};

export const restore: CliCommand = {
  summary: 'Restores a backup, and compares all of it with what is there then. Ends with 1 when something differs.',
  operands: 'DIR',
  options: importCommand.options,
  examples: [
    'virtuoso restore backup-2026-03-01 --data .virtuoso',
    'GCP_PROJECT_ID=my-project virtuoso restore nightly --overwrite',
  ],
  run: (operands, values) => importFrom(operands, values, true),
};
