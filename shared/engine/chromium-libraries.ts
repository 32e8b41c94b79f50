import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const loaders = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'];
const folders = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib/aarch64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
];

/** NSS opens it at the first HTTPS request, so the loader's list does not name it; without it the browser dies then. */
const opened = 'libsqlite3.so.0';

/** Debian's and Ubuntu's package of a library. */
const packages: Readonly<Record<string, string>> = {
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libexpat.so.1': 'libexpat1',
  'libsqlite3.so.0': 'libsqlite3-0',
  'libgbm.so.1': 'libgbm1',
  'libasound.so.2': 'libasound2',
};

/**
 * The libraries that a Chromium needs and the host has not; empty on hosts whose loader is not glibc's, where it cannot
 * be told.
 * @param libraryPath folders that the loader is told to search first.
 */
export async function missingLibraries(executable: string, libraryPath: readonly string[] = []): Promise<string[]> {
  const loader = await firstThatExists(loaders);
  if (!loader) return [];
  const listed = await promisify(execFile)(loader, ['--list', executable], {
    env: { LD_LIBRARY_PATH: libraryPath.join(':') },
  }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  const missing = [...listed.stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
  const sqlite = await firstThatExists([...libraryPath, ...folders].map((folder) => join(folder, opened)));
  return [...new Set(sqlite ? missing : [...missing, opened])];
}

/** What is missing, and how to get it. */
export function missingLibrariesMessage(missing: readonly string[]): string {
  const wanted = [...new Set(missing.map((library) => packages[library]).filter((name) => name !== undefined))];
  const install = wanted.length > 0 ? ` On Debian or Ubuntu: apt-get install -y ${wanted.join(' ')}.` : '';
  return `the browser cannot start: the host lacks ${missing.join(', ')}.${install} Or set CHROMIUM_PATH to a Chromium that runs here.`;
}

async function firstThatExists(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return undefined;
}
