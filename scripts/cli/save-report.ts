import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunReport } from '../../schemas/report.ts';
import { renderManifest } from '../../shared/reports/manifest.ts';
import type { ApiClient } from './api-client.ts';

const files = [
  { name: 'index.html', format: 'html' },
  { name: 'results.json', format: 'json' },
  { name: 'junit.xml', format: 'xml' },
] as const;

/** Saves a run's report into a folder, and its JUnit file to a place of its own when wanted. */
export async function saveReport(
  api: ApiClient,
  runId: string,
  options: { folder: string; junit?: string },
): Promise<{ path: string; report: RunReport }> {
  const saved = await Promise.all(
    files.map(async ({ name, format }) => ({ name, bytes: await api.readReport(runId, format) })),
  );
  await mkdir(options.folder, { recursive: true });
  for (const { name, bytes } of saved) await writeFile(join(options.folder, name), bytes);
  await writeFile(
    join(options.folder, 'manifest.json'),
    renderManifest(saved.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }))),
  );
  const bytesOf = (name: string) => Buffer.from(saved.find((file) => file.name === name)?.bytes ?? []);
  if (options.junit) {
    await mkdir(dirname(resolve(options.junit)), { recursive: true });
    await writeFile(options.junit, bytesOf('junit.xml'));
  }
  return {
    path: join(options.folder, 'index.html'),
    report: JSON.parse(bytesOf('results.json').toString('utf8')) as RunReport,
  };
}
