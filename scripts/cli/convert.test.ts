import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import sinon from 'sinon';
import { readTestFile } from '../../shared/test-files/read.ts';
import { main } from './main.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

describe('virtuoso convert', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    await folder.add({
      'good.yaml': 'test: Good\ndo:\n  - nav: /\n  - c: Log in\n',
      'bad.yaml': 'test: Bad\ndo:\n  - clik: Log in\n',
      'all.yaml': 'metadata: {name: All}\ntests: [{file: good.yaml}, {test: B, do: [see b]}]\n',
      'empty.json':
        '{"name": "a", "checkpoints": [{"name": "b", "steps": []}, {"name": "c", "steps": [{"command": "navigate.back"}]}]}',
    });
  });
  afterEach(async () => {
    sinon.restore();
    await folder.remove();
  });

  const virtuoso = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const record = (where: 'out' | 'err') => (text: string | Uint8Array) => {
      said[where] += text;
      return true;
    };
    const out = sinon.stub(process.stdout, 'write').callsFake(record('out'));
    const err = sinon.stub(process.stderr, 'write').callsFake(record('err'));
    try {
      return { code: await main(['convert', ...args]), ...said };
    } finally {
      out.restore();
      err.restore();
    }
  };
  const stepsOf = (text: string) => readTestFile(text, { name: 'a' }).definition?.checkpoints;

  it('prints the file in the form that is asked for', async () => {
    const { code, out } = await virtuoso('good.yaml', '--to', 'simplified');
    assert.deepEqual([code, out], [0, 'name: Good\nsteps:\n  - navigate: /\n  - click: Log in\n']);
  });

  it('writes JSON into a file of that name, and YAML into any other', async () => {
    for (const [name, first] of [
      ['out.json', '{'],
      ['out.yaml', 'j'],
    ] as const) {
      const { code, out } = await virtuoso('good.yaml', '--to', 'journey', '--output', name);
      assert.deepEqual([code, out], [0, '']);
      const text = await readFile(name, 'utf8');
      assert.equal(text[0], first);
      assert.deepEqual(stepsOf(text), stepsOf(await readFile('good.yaml', 'utf8')));
    }
  });

  it('writes a suite with its tests, those of other files too', async () => {
    const { code, out } = await virtuoso('all.yaml', '--to', 'compact');
    assert.equal(code, 0);
    assert.deepEqual(
      readTestFile(out, { name: 'a' }).suite?.tests.map(({ form, definition }) => [form, definition.name]),
      [
        ['compact', 'Good'],
        ['compact', 'B'],
      ],
    );
  });

  for (const [what, args, says] of [
    ['a file that is wrong', ['bad.yaml', '--to', 'compact'], /bad\.yaml:3:5 {2}error/],
    [
      'what the form cannot say',
      ['empty.json', '--to', 'compact'],
      /the compact form cannot say it: 'do' has no steps/,
    ],
    ['no form', ['good.yaml'], /Say which form: --to canonical/],
    ['an unknown form', ['good.yaml', '--to', 'compct'], /Did you mean 'compact'\?/],
    ['several files', ['good.yaml', 'bad.yaml', '--to', 'compact'], /Name one file/],
    [
      'a place that cannot be written',
      ['good.yaml', '--to', 'compact', '--output', 'no/where.yaml'],
      /cannot be written/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await virtuoso(...args);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, says);
    });
});
