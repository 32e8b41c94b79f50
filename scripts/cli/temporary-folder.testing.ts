import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with files, for tests; it is the current one until it is removed. */
export interface TemporaryFolder {
  readonly path: string;
  add(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  remove(): Promise<void>;
}

export async function enterTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'virtuoso-cli-')));
  const before = process.cwd();
  process.chdir(path);
  return {
    path,
    async add(files) {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), content);
      }
    },
    async remove() {
      process.chdir(before);
      await rm(path, { recursive: true, force: true });
    },
  };
}
