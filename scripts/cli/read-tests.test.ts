import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles } from './read-tests.ts';
import { aTerminal } from './recorded-terminal.testing.ts';

const GOOD = 'test: Good\ndo:\n  - nav: /\n';

describe('reading test files', () => {
  let folder: string;
  const check = async (...names: string[]) => {
    const terminal = aTerminal();
    const checked = await checkFiles(
      names.map((name) => ({ name, path: join(folder, name), root: folder })),
      terminal,
    );
    return { ...checked, text: terminal.text };
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
    await writeFile(join(folder, 'good.yaml'), GOOD);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const wrong: Record<string, { content: string | Uint8Array; says: RegExp }> = {
    'a file that is no YAML': { content: 'test: "x\ndo: [', says: /^it\.yaml:\d+:\d+ {2}error/ },
    'an unknown command': { content: 'test: X\ndo:\n  - clik: Go\n', says: /it\.yaml:3:5[\s\S]*clik[\s\S]*\^+/ },
    'an empty file': { content: '', says: /the file is empty/ },
    'a binary file': { content: new Uint8Array([1, 0, 2, 255]), says: /NUL byte/ },
    'a file that is not UTF-8': { content: new Uint8Array([0x74, 0xe9, 0x74]), says: /not valid UTF-8/ },
    'a JSON file that is no test': { content: '{"name": "package", "version": "1"}', says: /it\.yaml:1:/ },
  };
  for (const [what, { content, says }] of Object.entries(wrong))
    it(`tells what is wrong with ${what}, and where; the others are ready`, async () => {
      await writeFile(join(folder, 'it.yaml'), content);
      const checked = await check('it.yaml', 'good.yaml');
      assert.match(checked.text, says);
      assert.equal(checked.wrong, 1);
      assert.deepEqual(
        checked.ready.map(({ definition }) => definition.name),
        ['Good'],
      );
    });

  it('does not read a file of 20 MB', async () => {
    await writeFile(join(folder, 'large.yaml'), GOOD);
    await truncate(join(folder, 'large.yaml'), 20_000_000);
    const { wrong: count, text, ready } = await check('large.yaml', 'good.yaml');
    assert.match(text, /^large\.yaml: error: the file is larger than 10 MiB\. Split it/);
    assert.deepEqual([count, ready.length], [1, 1]);
  });

  it('tells of a file that has gone or cannot be read; the others are ready', async () => {
    await mkdir(join(folder, 'folder.yaml'));
    const { wrong: count, text, ready } = await check('gone.yaml', 'folder.yaml', 'good.yaml');
    assert.match(text, /^gone\.yaml: error: the file cannot be read: ENOENT[\s\S]*folder\.yaml: error: .*EISDIR/);
    assert.deepEqual([count, ready.length], [2, 1]);
  });

  it('tells of a file whose name no API takes, without orders to the terminal; the others are ready', async () => {
    const long = `${'d'.repeat(200)}/${'d'.repeat(200)}/${'f'.repeat(100)}.yaml`;
    await mkdir(join(folder, long, '..'), { recursive: true });
    for (const name of ['a\u001b[2J.yaml', 'b\n.yaml', long]) await writeFile(join(folder, name), GOOD);
    const { wrong: count, text, ready } = await check('a\u001b[2J.yaml', 'b\n.yaml', long, 'good.yaml');
    assert.deepEqual([count, ready.length], [3, 1]);
    assert.match(
      text,
      /^a \[2J\.yaml: error: the file's name has control characters[^\n]* Rename it\.\n\nb \.yaml: error/,
    );
  });

  it('gives each test of a suite, with the files that it names; what is sent holds them', async () => {
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub/pay.yaml'), 'test: Pay\ndo:\n  - c: Pay\n');
    await writeFile(
      join(folder, 'all.yaml'),
      `metadata: {name: All}\ntests:\n  - {file: sub/pay.yaml}\n  - {file: good.yaml}\n`,
    );
    const { ready, text, wrong: count } = await check('all.yaml');
    assert.deepEqual([text, count], ['', 0]);
    assert.deepEqual(
      ready.map(({ definition, inSuite }) => [definition.name, inSuite]),
      [
        ['Pay', true],
        ['Good', true],
      ],
    );
    const sent = JSON.parse(Buffer.from(ready[0]?.bytes ?? []).toString());
    assert.deepEqual(sent, { metadata: { name: 'All' }, tests: ready.map(({ definition }) => definition) });
  });

  it('tells what is wrong in a file that a suite names, with its line', async () => {
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub/pay.yaml'), 'test: Pay\ndo:\n  - clik: Pay\n');
    await writeFile(join(folder, 'sub/all.yaml'), 'metadata: {name: All}\ntests: [{file: pay.yaml}]\n');
    const { text, wrong: count } = await check('sub/all.yaml');
    assert.match(text, /^sub\/pay\.yaml:3:5 {2}error[\s\S]*3 \| {3}- clik: Pay/);
    assert.equal(count, 1);
  });

  it('takes in no file from outside of the folder, not by a link either', async () => {
    await mkdir(join(folder, 'inner'));
    await symlink(join(folder, 'good.yaml'), join(folder, 'inner/link.yaml'));
    const suite = 'metadata: {name: All}\ntests: [{file: link.yaml}, {file: ../good.yaml}, {file: gone.yaml}]\n';
    await writeFile(join(folder, 'inner/all.yaml'), suite);
    const terminal = aTerminal();
    const path = join(folder, 'inner/all.yaml');
    const { ready } = await checkFiles([{ name: 'inner/all.yaml', path, root: join(folder, 'inner') }], terminal);
    assert.equal(ready.length, 0);
    assert.equal(terminal.text.match(/outside of the folder that was named/g)?.length, 2);
    assert.match(terminal.text, /there is no 'inner\/gone\.yaml'/);
  });

  it('leaves files of blocks to the tests that include them, unless there is nothing else', async () => {
    await writeFile(join(folder, 'lib.yaml'), 'blocks:\n  pay: [c: Pay]\n');
    await writeFile(join(folder, 'pay.yaml'), 'test: Pay\ninclude: lib.yaml\ndo:\n  - use: pay\n');
    const both = await check('lib.yaml', 'pay.yaml');
    assert.deepEqual([both.text, both.wrong, both.ready.length], ['', 0, 1]);
    const alone = await check('lib.yaml');
    assert.match(alone.text, /lib\.yaml:1:1 {2}error {2}the file holds blocks for others to include/);
    assert.equal(alone.wrong, 1);
  });

  it('gives the bytes as they are, and says nothing of a good file', async () => {
    const { ready, text } = await check('good.yaml');
    assert.equal(text, '');
    assert.equal(Buffer.from(ready[0]?.bytes ?? []).toString(), GOOD);
  });
});
