import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCloud } from './testing.ts';

/**
 * Ends a test cloud as `kill -9` would: returns a folder with what was on the disk at that moment, before anything could
 * be written on closing. `startServices({folder})` goes on there.
 */
export async function crash(cloud: TestCloud): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'virtuoso-crash-'));
  await cp(cloud.folder, folder, { recursive: true });
  await cloud.close();
  return folder;
}
