import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { collectFiles } from './collect-files.ts';
import { UsageError } from './command.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

describe('the collection of test files', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
  });
  afterEach(() => folder.remove());

  const names = async (operands: string[], options = {}) =>
    (await collectFiles(operands, options)).map(({ name }) => name);
  const refused = (operands: string[], message: RegExp) =>
    assert.rejects(collectFiles(operands), (error) => error instanceof UsageError && message.test(error.message));

  it('takes YAML and JSON from folders below folders, sorted', async () => {
    await folder.add({ 'tests/b.yml': '', 'tests/a.YAML': '', 'tests/deep/er/c.json': '', 'tests/readme.md': '' });
    assert.deepEqual(await names(['tests']), ['tests/a.YAML', 'tests/b.yml', 'tests/deep/er/c.json']);
  });

  it('takes a file that is named whatever its ending', async () => {
    await folder.add({ 'test.txt': '' });
    assert.deepEqual(await names(['test.txt']), ['test.txt']);
  });

  it('takes a file once, however often it is named', async () => {
    await folder.add({ 'tests/a.yaml': '' });
    assert.deepEqual(await names(['tests', 'tests/a.yaml', './tests/../tests/a.yaml']), ['tests/a.yaml']);
  });

  it('leaves out packages, hidden folders and the report', async () => {
    await folder.add({ 'a.yaml': '', 'node_modules/p/b.yaml': '', '.git/c.yaml': '', 'report/results.json': '' });
    await folder.add({ 'my_node_modules/d.yaml': '' });
    assert.deepEqual(await names(['.'], { skip: 'report' }), ['a.yaml', 'my_node_modules/d.yaml']);
  });

  it('follows links to files, and passes over links that lead nowhere', async () => {
    await folder.add({ 'real.yaml': '', 'tests/a.yaml': '' });
    await symlink(join(folder.path, 'real.yaml'), join(folder.path, 'tests/link.yaml'));
    await symlink(join(folder.path, 'gone.yaml'), join(folder.path, 'tests/dead.yaml'));
    assert.deepEqual(await names(['tests']), ['tests/a.yaml', 'tests/link.yaml']);
  });

  it('tells files elsewhere apart by as much of their paths as that takes', async () => {
    await folder.add({ 'here/x.yaml': '', 'one/login.yaml': '', 'two/login.yaml': '', 'two/pay.yaml': '' });
    process.chdir('here');
    assert.deepEqual(await names(['../one', '../two']), ['one/login.yaml', 'pay.yaml', 'two/login.yaml']);
  });

  it('says which operand does not exist, and when there is nothing', async () => {
    await folder.add({ 'empty/readme.md': '' });
    await refused([], /Name at least one test file/);
    await refused(['missing.yaml'], /no file or folder 'missing.yaml'/);
    await refused(['empty/readme.md/x'], /no file or folder/);
    await refused(['empty'], /no test file \(\*\.yaml, \*\.yml, \*\.json\) below empty/);
    await refused(['/dev/null'], /neither a file nor a folder/);
  });
});
