import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

const BLOCK = 512;

/**
 * Unpacks a tar archive (POSIX ustar: regular files and folders; links and devices are passed over).
 * @throws Error when an entry would leave the folder.
 */
export async function untar(archive: Uint8Array, folder: string): Promise<void> {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) return;
    const size = Number.parseInt(field(header, 124, 12), 8);
    const path = target(
      folder,
      `${field(header, 345, 155) ? `${field(header, 345, 155)}/` : ''}${field(header, 0, 100)}`,
    );
    const kind = field(header, 156, 1);
    if (kind === '5') await mkdir(path, { recursive: true });
    if (kind === '0' || kind === '') {
      await mkdir(dirname(path), { recursive: true });
      const mode = Number.parseInt(field(header, 100, 8), 8) & 0o777;
      await writeFile(path, archive.subarray(at + BLOCK, at + BLOCK + size), { mode });
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function field(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end))
    .toString('utf8')
    .trim();
}

function target(folder: string, name: string): string {
  const path = join(folder, normalize(name));
  if (!path.startsWith(join(folder, '/')) && path !== normalize(folder))
    throw new Error(`archive entry '${name}' leaves its folder`);
  return path;
}
