import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Blobs } from './blobs.ts';

describe('the bytes of objects', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtuoso-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  async function* stream(chunks: readonly Buffer[], broken = false) {
    yield* chunks;
    if (broken) throw new Error('cut');
  }
  const chunks = (count: number) => Array.from({ length: count }, (_, n) => Buffer.alloc(50_000, String(n)));

  for (const [size, count] of Object.entries({ 'no bytes': 0, 'few bytes': 2, 'many bytes': 9 })) {
    it(`are kept as they came: ${size}`, async () => {
      const blobs = new Blobs(folder);
      const content = await blobs.receive(stream(chunks(count)));
      assert.equal(content.size, count * 50_000);
      assert.deepEqual(await buffer(blobs.read(content.blob)), Buffer.concat(chunks(count)));
      assert.deepEqual(
        files().map(({ name }) => name),
        [content.blob],
      );
    });

    it(`leave nothing when their stream breaks: ${size}`, async () => {
      await assert.rejects(new Blobs(folder).receive(stream(chunks(count), true)), /cut/);
      assert.deepEqual(files(), []);
    });

    if (count === 0) continue;
    it(`leave nothing when they are too many: ${size}`, async () => {
      await assert.rejects(new Blobs(folder).receive(stream(chunks(count)), count * 50_000 - 1), /exceeds/);
      assert.deepEqual(files(), []);
    });
  }
});
