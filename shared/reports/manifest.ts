import { createHash } from 'node:crypto';

/** A file of a report. */
export interface ReportFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

/**
 * Lists a report's files with their size in bytes and SHA-256, in the order of their names, as JSON: what a reader
 * needs to see that nothing was lost or changed.
 * @throws Error when two files have the same name.
 */
export function renderManifest(files: readonly ReportFile[]): string {
  const entries = files.map(({ name, bytes }) => ({
    name,
    size: typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  entries.forEach((entry, index) => {
    if (entry.name === entries[index + 1]?.name) throw new Error(`Two files of the report are named '${entry.name}'.`);
  });
  return `${JSON.stringify({ algorithm: 'sha256', files: entries }, null, 2)}\n`;
}
