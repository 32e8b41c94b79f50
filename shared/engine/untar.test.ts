import { deepEqual, rejects } from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untar } from './untar.ts';

function entry(name: string, content: string, kind = '0', mode = '0000755'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(mode, 100);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124);
  header.write(kind, 156);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

describe('untar', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'untar-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('unpacks files and folders with their modes', async () => {
    await untar(
      Buffer.concat([entry('lib/', '', '5'), entry('lib/a.so', 'abc'), entry('b', ''), Buffer.alloc(1024)]),
      folder,
    );
    deepEqual(
      [(await readdir(folder)).sort(), await readFile(join(folder, 'lib/a.so'), 'utf8')],
      [['b', 'lib'], 'abc'],
    );
    deepEqual((await stat(join(folder, 'lib/a.so'))).mode & 0o777, 0o755);
  });

  it('refuses entries that would leave the folder', async () => {
    await rejects(untar(entry('../evil', 'x'), folder), /leaves its folder/);
  });
});
