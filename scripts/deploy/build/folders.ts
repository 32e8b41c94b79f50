import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';

/**
 * Makes a folder anew: `fill` fills a new one, which then takes the old one's place, so that nobody ever sees half of it.
 * When `fill` fails, the old one stays.
 */
export async function replaceFolder<T>(folder: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const made = `${folder}.new-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  try {
    const result = await fill(made);
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(made, folder);
    return result;
  } finally {
    for (const left of [made, old]) rmSync(left, { recursive: true, force: true });
  }
}
