import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';
import { explainFullDisk } from './full-disk.ts';
import { untar } from './untar.ts';

/** The browser inside `@sparticuz/chromium`, inflated. */
export interface InflatedChromium {
  readonly executable: string;
  /** Folder of its fonts. */
  readonly fonts: string;
  /** Folder of libraries for hosts that lack them; not on the loader's path by itself. */
  readonly libraries: string;
}

export interface InflateOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
  /** Where to put it; default: the system's temp folder. */
  readonly folder?: string;
}

/** A folder that an interrupted inflation left behind is older than any that is under way. */
const ABANDONED_MS = 10 * 60_000;

/**
 * Inflates the packaged Chromium, or finds it inflated. The package's own way writes in place, so a second process may
 * start half a browser and a killed one leaves it broken for good: here it grows in a folder beside, and is renamed.
 * @returns undefined when the package is not installed.
 * @throws Error that names the folder when there is no room in it.
 */
export async function inflateChromium(options: InflateOptions): Promise<InflatedChromium | undefined> {
  const packed = await packedFolder();
  if (!packed) return undefined;
  const version = await versionOf(packed);
  const parent = options.folder ?? tmpdir();
  const home = join(parent, `virtuoso-chromium-${version}`);
  if (!(await exists(home))) await grow(packed, home, options);
  return { executable: join(home, 'chromium'), fonts: join(home, 'fonts'), libraries: join(home, 'lib') };
}

/** The `bin` folder of the package; how deep its entry file stands differs between its versions. */
async function packedFolder(): Promise<string | undefined> {
  let folder: string;
  try {
    folder = dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium')));
  } catch {
    return undefined;
  }
  for (; folder !== dirname(folder); folder = dirname(folder)) {
    if (await exists(join(folder, 'bin', 'chromium.br'))) return join(folder, 'bin');
  }
  return undefined;
}

async function versionOf(packed: string): Promise<string> {
  const described: unknown = JSON.parse(await readFile(join(packed, '../package.json'), 'utf8'));
  return (described as { version: string }).version;
}

async function grow(packed: string, home: string, options: InflateOptions): Promise<void> {
  await removeAbandoned(home, options.now);
  const growing = `${home}.part-${process.pid}-${options.random.toString(36).slice(2, 10)}`;
  try {
    await mkdir(growing, { recursive: true });
    // All have ended before the folder is removed: what is still written would keep it.
    const parts = await Promise.allSettled([
      inflateFile(join(packed, 'chromium.br'), join(growing, 'chromium')),
      inflateTar(join(packed, 'fonts.tar.br'), growing),
      inflateTar(join(packed, 'swiftshader.tar.br'), growing),
      inflateTar(join(packed, 'al2023.tar.br'), growing),
    ]);
    const failed = parts.find((part) => part.status === 'rejected');
    if (failed) throw failed.reason;
    await rename(growing, home).catch(async (error: unknown) => {
      if (!(await exists(home))) throw error;
    });
  } catch (error) {
    throw explainFullDisk(error, dirname(home));
  } finally {
    await rm(growing, { recursive: true, force: true });
  }
}

async function inflateFile(from: string, to: string): Promise<void> {
  const chunks = { chunkSize: 2 ** 21 };
  await pipeline(createReadStream(from), createBrotliDecompress(chunks), createWriteStream(to, { mode: 0o755 }));
}

async function inflateTar(from: string, folder: string): Promise<void> {
  await untar(await promisify(brotliDecompress)(await readFile(from)), folder);
}

async function removeAbandoned(home: string, now: number): Promise<void> {
  const parts = await readdir(dirname(home)).catch(() => []);
  for (const name of parts.filter((entry) => entry.startsWith(`${basename(home)}.part-`))) {
    const path = join(dirname(home), name);
    const seen = await stat(path).catch(() => undefined);
    if (seen && now - seen.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
