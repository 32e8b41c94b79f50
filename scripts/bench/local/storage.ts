import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atATime, type Cases } from './case.ts';

const COUNT = 200;
const BYTES = Buffer.alloc(10_000, 'x');

export const storageCases: Cases = async ({ google: { storage }, raw, folder }) => {
  raw.exec('CREATE TABLE objects (name TEXT PRIMARY KEY, resource TEXT) WITHOUT ROWID');
  const insert = raw.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?)');
  const [bucket] = await storage.createBucket('bench-objects');
  await atATime(16, 200, (n) => bucket.file(`warm/o${n}`).save(BYTES, { resumable: false }));
  return [1, 16].map((width) => ({
    name: `Cloud Storage: objects of 10 kB, ${width === 1 ? 'one after the other' : `${width} at a time`}`,
    ...{ unit: 'objects', count: COUNT },
    local: () => atATime(width, COUNT, (n) => bucket.file(`w${width}/o${n}`).save(BYTES, { resumable: false })),
    onRaw: () =>
      atATime(width, COUNT, async (n) => {
        const path = join(folder, `w${width}-${n}`);
        await writeFile(`${path}.part`, BYTES);
        await rename(`${path}.part`, path);
        insert.run(path, JSON.stringify({ name: path, size: BYTES.length }));
      }),
  }));
};
