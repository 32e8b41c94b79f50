import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectFiles } from './collect-files.ts';
import { UsageError } from './command.ts';

describe('the test files of a command line', () => {
  let folder: string;
  const before = process.cwd();
  const put = async (...names: string[]) => {
    for (const name of names) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), 'test: x\n');
    }
  };
  const names = async (...operands: string[]) => (await collectFiles(operands)).map(({ name }) => name);
  const says = (pattern: RegExp) => (error: unknown) => error instanceof UsageError && pattern.test(error.message);

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'virtuoso-test-')));
    await mkdir(join(folder, 'here'));
    process.chdir(join(folder, 'here'));
  });
  afterEach(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  it('are those below a folder, however deep, sorted', async () => {
    await put('here/t/b.yaml', 'here/t/a.yml', 'here/t/deep/er/c.json', 'here/t/D.YAML', 'here/t/readme.md');
    assert.deepEqual(await names('t'), ['t/D.YAML', 't/a.yml', 't/b.yaml', 't/deep/er/c.json']);
  });

  it('are taken as they are when they are named, whatever they end with', async () => {
    await put('here/a.test', 'here/b.yaml');
    assert.deepEqual(await names('b.yaml', './a.test'), ['a.test', 'b.yaml']);
  });

  it('come once, however often and in whatever words they are named', async () => {
    await put('here/t/a.yaml');
    assert.deepEqual(await names('t', './t/', 't/a.yaml', join(folder, 'here/t/a.yaml'), '../here/t/a.yaml'), [
      't/a.yaml',
    ]);
  });

  it('are not those of packages, hidden folders and the report', async () => {
    await put('here/a.yaml', 'here/node_modules/p/b.yaml', 'here/.virtuoso/c.yaml', 'here/out/results.json');
    const found = await collectFiles(['.'], 'out');
    assert.deepEqual(
      found.map(({ name }) => name),
      ['a.yaml'],
    );
  });

  it('are not hidden files, which tools and editors keep beside them, unless they are named', async () => {
    await put('here/t/a.yaml', 'here/t/.gitlab-ci.yml', 'here/t/._a.yaml');
    assert.deepEqual(await names('t'), ['t/a.yaml']);
    assert.deepEqual(await names('t/.gitlab-ci.yml'), ['t/.gitlab-ci.yml']);
  });

  it('are those of a folder that lies in packages or is hidden, or only sounds like it, when it is named', async () => {
    await put('here/node_modules/p/t/b.yaml', 'here/.hidden/c.yaml', 'here/my_node_modules/d.yaml');
    assert.deepEqual(await names('node_modules/p', '.hidden', 'my_node_modules'), [
      '.hidden/c.yaml',
      'my_node_modules/d.yaml',
      'node_modules/p/t/b.yaml',
    ]);
  });

  it('may be links to files; links to nothing and to folders are passed over', async () => {
    await put('real/a.yaml');
    await mkdir(join(folder, 'here/t'));
    await symlink(join(folder, 'real/a.yaml'), join(folder, 'here/t/link.yaml'));
    await symlink(join(folder, 'real/none.yaml'), join(folder, 'here/t/broken.yaml'));
    await symlink(join(folder, 'here'), join(folder, 'here/t/round.yaml'));
    assert.deepEqual(await names('t'), ['t/link.yaml']);
  });

  it('elsewhere have names that tell them apart, from each other and from those here', async () => {
    await put('one/login.yaml', 'two/login.yaml', 'two/alone.yaml', 'three/cart.yaml', 'here/cart.yaml');
    const elsewhere = ['one', 'two', 'three'].map((name) => join(folder, name));
    assert.deepEqual(await names('cart.yaml', ...elsewhere), [
      'alone.yaml',
      'cart.yaml',
      'one/login.yaml',
      'three/cart.yaml',
      'two/login.yaml',
    ]);
  });

  it('must exist, and there must be one at least', async () => {
    await put('here/t/readme.md');
    await assert.rejects(names(), says(/Name at least one file or folder/));
    await assert.rejects(names('none.yaml'), says(/^There is no file or folder 'none\.yaml'\.$/));
    await assert.rejects(names('t'), says(/no test file \(\*\.yaml, \*\.yml, \*\.json\) below t\./));
  });
});
