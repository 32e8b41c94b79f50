import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunReport } from '../../schemas/report.ts';
import { renderManifest } from '../../shared/reports/manifest.ts';
import { jsonOf } from './api-answer.ts';
import type { ApiClient } from './api-client.ts';
import { UsageError } from './command.ts';

const files = [
  { name: 'index.html', format: 'html' },
  { name: 'results.json', format: 'json' },
  { name: 'junit.xml', format: 'xml' },
] as const;

/** Saves a run's report into a folder, and its JUnit file to a place of its own when wanted. @throws UsageError ApiError */
export async function saveReport(
  api: ApiClient,
  runId: string,
  options: { folder: string; junit?: string },
): Promise<{ path: string; report: RunReport }> {
  const saved = await Promise.all(
    files.map(async ({ name, format }) => ({ name, bytes: await api.readReport(runId, format) })),
  );
  const bytesOf = (name: string) => Buffer.from(saved.find((file) => file.name === name)?.bytes ?? []);
  const from = { url: `${api.url}/v1/runs/${runId}/report.json`, status: 200 };
  const report = jsonOf<RunReport>(
    bytesOf('results.json').toString('utf8'),
    { run: 'object', sessions: 'array' },
    from,
  );
  for (const { name, bytes } of saved) await write(join(options.folder, name), bytes);
  await write(
    join(options.folder, 'manifest.json'),
    renderManifest(saved.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }))),
  );
  if (options.junit) await write(options.junit, bytesOf('junit.xml'));
  return { path: join(options.folder, 'index.html'), report };
}

/** Makes the folders that a report goes to, and tries them, so that a wrong one is told before the run. @throws UsageError */
export async function prepareReport({ folder, junit }: { folder: string; junit?: string }): Promise<void> {
  await tryFolder(folder);
  if (junit === undefined) return;
  await tryFolder(dirname(resolve(junit)));
  const found = await stat(junit).catch(() => undefined);
  if (found?.isDirectory()) throw new UsageError(`'${junit}' is a folder: name the JUnit file in it.`);
}

/** What may be written is only known when it is. */
async function tryFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  const probe = join(folder, `.virtuoso-${process.pid}`);
  try {
    await writeFile(probe, '');
    await rm(probe, { force: true });
  } catch (error) {
    throw new UsageError(`The folder '${folder}' cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}

async function write(path: string, content: Uint8Array | string): Promise<void> {
  await makeFolder(dirname(resolve(path)));
  try {
    await writeFile(path, content);
  } catch (error) {
    throw new UsageError(`'${path}' cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`The folder '${folder}' cannot be made: ${(error as Error).message}.`, { cause: error });
  }
}
