import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunReport } from '../../schemas/report.ts';
import { renderManifest } from '../../shared/reports/manifest.ts';
import type { ApiClient } from './api-client.ts';
import { UsageError } from './command.ts';

const files = [
  { name: 'index.html', format: 'html' },
  { name: 'results.json', format: 'json' },
  { name: 'junit.xml', format: 'xml' },
] as const;

/**
 * Saves a run's report into a folder, with a manifest of the saved files, and its JUnit file to a place of its own when
 * wanted.
 * @throws UsageError when a file cannot be written.
 */
export async function saveReport(
  api: ApiClient,
  runId: string,
  { folder, junit }: { folder: string; junit?: string },
): Promise<{ path: string; report: RunReport }> {
  const [html, json, xml] = await Promise.all(files.map(({ format }) => api.readReport(runId, format)));
  const bytes = { html, json, xml };
  const saved = files.map(({ name, format }) => ({ name, bytes: bytes[format] ?? new Uint8Array() }));
  for (const file of saved) await write(join(folder, file.name), file.bytes);
  await write(join(folder, 'manifest.json'), renderManifest(saved));
  if (junit !== undefined) await write(junit, bytes.xml ?? '');
  return {
    path: join(folder, 'index.html'),
    report: JSON.parse(Buffer.from(bytes.json ?? []).toString('utf8')) as RunReport,
  };
}

async function write(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw new UsageError(`The report's file '${path}' cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
