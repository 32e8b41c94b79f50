import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

const PROJECT = new URL('../../', import.meta.url).href;
const SCRIPT = fileURLToPath(new URL('scripts/virtuoso.js', PROJECT));
const PRELOADED = new URL('loaded-modules.testing.ts', import.meta.url).href;
/** The only words of the local cloud that help has. */
const FAULTS = 'scripts/local/chaos/settings.ts';

describe('a start of the command line', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    await folder.add({ 'a.yaml': 'test: A\ndo:\n  - nav: https://a.example\n' });
  });
  afterEach(() => folder.remove());

  /** What it loads: files of the project, and packages by their names. */
  async function loaded(...args: string[]): Promise<{ files: string[]; packages: string[] }> {
    const child = spawn(process.execPath, ['--import', PRELOADED, SCRIPT, ...args], {
      ...{ cwd: folder.path, env: { PATH: process.env.PATH }, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    });
    const urls = (await text(child.stdio[3] as Readable)).trim().split('\n');
    const paths = urls.filter((url) => url.startsWith(PROJECT)).map((url) => url.slice(PROJECT.length));
    const packages = paths.map((path) => /^node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(path)?.[1]);
    return {
      files: paths.filter((path) => !path.startsWith('node_modules/')),
      packages: [...new Set(packages.filter((name) => name !== undefined))].sort(),
    };
  }
  const refused = (files: readonly string[]) =>
    files.filter((file) => /^(functions|scripts\/(local|deploy|portable))\//.test(file) && file !== FAULTS);

  it('that is asked for its version loads no command', async () => {
    const { files, packages } = await loaded('--version');
    assert.deepEqual(packages, []);
    assert.deepEqual(files.toSorted(), [
      'package.json',
      'schemas/problems.ts',
      'scripts/cli/command.ts',
      'scripts/cli/main.ts',
      'scripts/cli/own-node.js',
      'scripts/cli/terminal.ts',
      'scripts/virtuoso.js',
      'shared/platform/version.ts',
    ]);
  });

  it('that is asked for help loads the words of all commands, and nothing that they run on', async () => {
    const { files, packages } = await loaded('--help');
    assert.deepEqual(packages, []);
    assert.deepEqual(refused(files), []);
    for (const file of ['run', 'serve', 'deploy', 'convert-dump'])
      assert.ok(files.includes(`scripts/cli/${file}.ts`), file);
  });

  it('that follows a run of an API loads no library', async () => {
    const { files, packages } = await loaded('watch', 'run_1', '--url', 'http://127.0.0.1:1', '--api-key', 'k');
    assert.deepEqual([packages, refused(files)], [[], []]);
    assert.ok(files.includes('scripts/cli/api-client.ts'));
  });

  it('that runs tests on an API loads what reads them, and neither functions nor the local cloud', async () => {
    const { files, packages } = await loaded('run', 'a.yaml', '--url', 'http://127.0.0.1:1', '--api-key', 'k');
    assert.deepEqual(refused(files), []);
    assert.ok(files.includes('shared/test-files/read.ts'));
    const reading = ['ajv', 'ajv-formats', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'yaml'];
    assert.deepEqual(packages, reading);
  });
});
