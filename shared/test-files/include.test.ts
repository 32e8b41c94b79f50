import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';
import type { Open } from './take-in.ts';

const open =
  (files: Readonly<Record<string, string>>): Open =>
  (path) =>
    files[path] === undefined ? { problem: `there is no '${path}'`, hint: 'Write it.' } : { source: files[path] };
const read = (text: string, files: Readonly<Record<string, string>> = {}) =>
  readTestFile(text, { name: 'shop/a.yaml', open: open(files) });

describe('a file that includes others', () => {
  it('uses their blocks, in the words of their own form, and those that they include in turn', () => {
    const { definition, diagnostics } = read(
      'test: A\ninclude: [lib/log-in.yaml, steps.yaml]\ndo: [use: log in, use: steps, use: deep]\n',
      {
        'shop/lib/log-in.yaml':
          'include: deep.yaml\nblocks:\n  log in: [t: {Email: ada}, c: Log in]\n  spare: [c: x]\n',
        'shop/lib/deep.yaml': 'steps: [click: deep]\n',
        'shop/steps.yaml': '- c: listed\n',
      },
    );
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(definition?.checkpoints[0]?.steps, [
      {
        command: 'control.use',
        checkpoint: 'log in',
        steps: [
          { command: 'interact.write', target: 'Email', text: 'ada' },
          { command: 'interact.click', target: 'Log in' },
        ],
      },
      { command: 'control.use', checkpoint: 'steps', steps: [{ command: 'interact.click', target: 'listed' }] },
      { command: 'control.use', checkpoint: 'deep', steps: [{ command: 'interact.click', target: 'deep' }] },
    ]);
  });

  it('may be a test of a suite, in a folder of its own', () => {
    const { suite, diagnostics } = read('metadata: {name: All}\ntests: [{file: sub/b.yaml}]\n', {
      'shop/sub/b.yaml': 'name: B\ninclude: c.yaml\nsteps: [use: c]\n',
      'shop/sub/c.yaml': 'do: [c: x]\n',
    });
    assert.deepEqual(diagnostics, []);
    assert.equal(suite?.tests[0]?.definition.checkpoints[0]?.steps.length, 1);
  });

  const problems: readonly [string, string, Record<string, string>, readonly [string, string, number, number]][] = [
    ['a file that is not there', 'include: b.yaml', {}, ['file-not-found', 'shop/a.yaml', 2, 10]],
    ['a file outside', 'include: ../../b.yaml', {}, ['outside-folder', 'shop/a.yaml', 2, 10]],
    ['what is no path', 'include: [{a: b}]', {}, ['wrong-value', 'shop/a.yaml', 2, 11]],
    [
      'a file that includes itself',
      'include: b.yaml',
      { 'shop/b.yaml': 'blocks: {x: [c: a]}\ninclude: [b.yaml]\n' },
      ['reference-cycle', 'shop/b.yaml', 2, 11],
    ],
    [
      'a whole test',
      'include: b.yaml',
      { 'shop/b.yaml': 'test: B\ndo: [c: a]\n' },
      ['unknown-key', 'shop/b.yaml', 1, 1],
    ],
    [
      'a wrong step',
      'include: b.yaml',
      { 'shop/b.yaml': 'do:\n  - clik: a\n' },
      ['unknown-command', 'shop/b.yaml', 2, 5],
    ],
    [
      'a wrong value',
      'include: b.yaml',
      { 'shop/b.yaml': 'do:\n  - {command: wait.time, durationMs: -5}\n' },
      ['invalid-value', 'shop/b.yaml', 2, 38],
    ],
    ['broken YAML', 'include: b.yaml', { 'shop/b.yaml': 'do: [c: #a]\n' }, ['unquoted-hash', 'shop/b.yaml', 1, 9]],
    [
      'a block of the same name',
      'blocks: {b: [c: a]}\ninclude: b.yaml',
      { 'shop/b.yaml': '- c: a\n' },
      ['duplicate-block', 'shop/b.yaml', 1, 1],
    ],
  ];
  for (const [title, include, files, expected] of problems)
    it(`is refused with the place in the file that has it: ${title}`, () => {
      const { definition, diagnostics } = read(`test: A\n${include}\ndo: [use: b]\n`, files);
      assert.equal(definition, undefined);
      const [first] = diagnostics.filter(({ severity }) => severity === 'error');
      assert.deepEqual([first?.code, first?.file, first?.line, first?.column], expected);
    });

  it('is refused where only this file is known', () => {
    const { diagnostics } = readTestFile('test: A\ninclude: [b.yaml]\ndo: [use: b]\n', { name: 'a' });
    assert.match(diagnostics[0]?.hint ?? '', /store it beside this one first/);
  });
});
