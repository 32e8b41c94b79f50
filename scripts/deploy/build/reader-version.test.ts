import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { version } from '../../../shared/platform/version.ts';
import { PROJECT } from '../build.ts';
import { readerVersion } from './reader-version.ts';

describe("the reader's version in bundles", () => {
  async function bundled(project: string) {
    const inputs = new Set<string>();
    const { outputFiles } = await build({
      stdin: { contents: "export * from './shared/test-files/reader-version.ts'", resolveDir: project },
      plugins: [readerVersion(project, inputs)],
      ...{ bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'silent' },
    });
    const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
    const { readerVersion: made } = await import(`data:text/javascript;base64,${code}`);
    return { made: made as string, inputs };
  }

  it("is the product's, with a digest of all that reads test files", async () => {
    const { made, inputs } = await bundled(PROJECT);
    const [product, digest = ''] = made.split('+');
    assert.equal(product, version);
    assert.match(digest, /^[0-9a-f]{12}$/);
    for (const source of ['shared/test-files/read.ts', 'shared/commands/index.ts', 'schemas/step.ts'])
      assert.ok(inputs.has(source), source);
    assert.ok([...inputs].some((source) => source.startsWith('node_modules/yaml/')));
    assert.ok(![...inputs].some((source) => source.startsWith('functions/')));
  });

  it('changes with the reader, and with nothing else', async () => {
    const project = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
    const write = async (path: string, content: string) => {
      await mkdir(dirname(join(project, path)), { recursive: true });
      await writeFile(join(project, path), content);
    };
    try {
      await write('shared/platform/version.ts', "export const version: string = '1.2.3';");
      const declared =
        "import { version } from '../platform/version.ts';\nexport const readerVersion: string = version;";
      await write('shared/test-files/reader-version.ts', declared);
      await write('shared/domain/storable-test.ts', "export const read = () => import('../test-files/read.ts');");
      await write('shared/test-files/read.ts', 'export const read = 1;');
      const before = await bundled(project);
      await write('shared/test-files/other.ts', 'export const other = 1;');
      assert.deepEqual(await bundled(project), before);
      assert.deepEqual([...before.inputs], ['shared/domain/storable-test.ts', 'shared/test-files/read.ts']);
      await write('shared/test-files/read.ts', 'export const read = 2;');
      const after = await bundled(project);
      assert.notEqual(after.made, before.made);
      assert.match(after.made, /^1\.2\.3\+/);
      await write('shared/test-files/reader-version.ts', "export const readerVersion = 'none';");
      await assert.rejects(bundled(project), /no place for the digest/);
    } finally {
      await rm(project, { recursive: true, force: true });
    }
  });
});
