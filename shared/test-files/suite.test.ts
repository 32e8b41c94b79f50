import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';
import type { Open } from './take-in.ts';

const open =
  (files: Readonly<Record<string, string>>): Open =>
  (path) =>
    files[path] === undefined ? { problem: `there is no '${path}'`, hint: 'Write it.' } : { source: files[path] };

const suite = `
x-login: &login
  - nav: /login
  - t: { Email: "{{user}}" }
x-defaults: &defaults
  tags: [slow]

metadata:
  name: Shop
  description: What a shop does
  tags: [smoke]
  team: checkout
  base_url: https://shop.example
config: { timeout: 5000, retries: 1 }
variables: { user: ada, city: Oslo }
setup:
  - click: Accept cookies
  - write: { into: City, text: "{{city}}" }
tests:
  - <<: *defaults
    test: Log in
    config: { timeout: 1000 }
    v: { user: bob }
    setup: *login
    do: [ch: Welcome]
  - name: Search
    steps: [click: Search]
  - { file: more/pay.json }
  - journey:
      name: Leave
      checkpoints: [{ name: Out, steps: [{ command: interact, args: [click, Log out] }] }]
`;
const pay = JSON.stringify({
  name: 'Pay',
  baseUrl: 'https://pay.example',
  checkpoints: [{ name: 'Pay', steps: [{ command: 'interact.click', target: 'Pay' }] }],
});

describe('the suite form', () => {
  it('names tests of any form, each with what they share, its own words going before', () => {
    const read = readTestFile(suite, { name: 'shop/all.yaml', open: open({ 'shop/more/pay.json': pay }) });
    assert.deepEqual(read.diagnostics, []);
    assert.equal(read.form, 'suite');
    assert.equal(read.definition, undefined);
    assert.deepEqual([read.suite?.name, read.suite?.description], ['Shop', 'What a shop does']);
    const tests = read.suite?.tests ?? [];
    assert.deepEqual(
      tests.map(({ form, definition }) => [form, definition.name, definition.baseUrl, definition.tags]),
      [
        ['compact', 'Log in', 'https://shop.example', ['smoke', 'team:checkout', 'slow']],
        ['simplified', 'Search', 'https://shop.example', ['smoke', 'team:checkout']],
        ['canonical', 'Pay', 'https://pay.example', ['smoke', 'team:checkout']],
        ['journey', 'Leave', 'https://shop.example', ['smoke', 'team:checkout']],
      ],
    );
    assert.deepEqual(tests[0]?.definition.config, { timeout: 1000, retries: 1 });
    assert.deepEqual(tests[0]?.definition.variables, { user: 'bob', city: 'Oslo' });
    assert.deepEqual(
      tests[0]?.definition.setup.map(({ command }) => command),
      ['interact.click', 'interact.write', 'navigate.to', 'interact.write'],
    );
    assert.deepEqual(tests[2]?.definition.config, { timeout: 5000, retries: 1 });
  });

  const problems: readonly [string, string, readonly [string, number, number, string]][] = [
    ['no tests', 'metadata: {name: a}\n', ['missing-key', 1, 1, "Add 'tests:' with a list of tests."]],
    ['an empty list', 'metadata: {name: a}\ntests: []\n', ['empty-tests', 2, 1, 'Write at least one test.']],
    [
      'no name',
      'metadata: {tags: [a]}\ntests: [{test: b, do: [c: a]}]\n',
      ['missing-key', 1, 1, 'Write metadata: {name: …}.'],
    ],
    ['an unknown key', 'metadata: {name: a}\ntimeout: 5\ntests: [{test: b, do: [c: a]}]\n', ['unknown-key', 2, 1, '']],
    [
      'an unknown key of the metadata',
      'metadata: {name: a, nam: b}\ntests: [{test: b, do: [c: a]}]\n',
      ['unknown-key', 1, 21, "Did you mean 'name'?"],
    ],
    [
      'two tests of a name',
      'metadata: {name: a}\ntests: [{test: b, do: [c: a]}, {test: b, do: [c: a]}]\n',
      ['duplicate-name', 2, 39, 'Give each test a name of its own.'],
    ],
    [
      'a suite inside it',
      'metadata: {name: a}\ntests: [{metadata: {name: b}, tests: []}]\n',
      ['nested-suite', 2, 9, 'Name each of its tests here.'],
    ],
    ['a wrong step', 'metadata: {name: a}\ntests: [{test: b, do: [clik: a]}]\n', ['unknown-command', 2, 24, '']],
    [
      'a wrong shared step',
      'metadata: {name: a}\nsetup: [{command: interact.click}]\ntests: [{test: b, do: [c: a]}, {test: c, do: [c: a]}]\n',
      ['invalid-value', 2, 9, 'Keep or add one of them.'],
    ],
    [
      'a wrong shared value',
      'metadata: {name: a}\nconfig: {retries: 99}\ntests: [{test: b, do: [c: a]}]\n',
      ['invalid-value', 2, 19, ''],
    ],
    ['a file that nobody has', 'metadata: {name: a}\ntests: [{file: b.yaml}]\n', ['file-not-found', 2, 16, '']],
    ['a file outside', 'metadata: {name: a}\ntests: [{file: ../b.yaml}]\n', ['outside-folder', 2, 16, '']],
    ['an absolute file', 'metadata: {name: a}\ntests: [{file: /etc/passwd}]\n', ['outside-folder', 2, 16, '']],
    [
      'a key beside a file',
      'metadata: {name: a}\ntests: [{file: b.yaml, name: b}]\n',
      ['unknown-key', 2, 24, 'Write it into that file.'],
    ],
  ];
  for (const [title, text, [code, line, column, hint]] of problems)
    it(`is refused with its place: ${title}`, () => {
      const { suite: read, diagnostics } = readTestFile(text, { name: 'a.yaml' });
      assert.equal(read, undefined);
      const [first] = diagnostics;
      assert.deepEqual([first?.code, first?.line, first?.column], [code, line, column]);
      if (hint) assert.equal(first?.hint, hint);
    });

  it('tells what is wrong with a file that it names, where that file has it', () => {
    const text = 'metadata: {name: a}\ntests: [{file: sub/b.yaml}]\n';
    const files = { 'sub/b.yaml': 'test: b\ndo:\n  - clik: x\n' };
    const { diagnostics } = readTestFile(text, { name: 'a.yaml', open: open(files) });
    assert.deepEqual(
      diagnostics.map(({ code, file, line, column, text: shown }) => [code, file, line, column, shown]),
      [['unknown-command', 'sub/b.yaml', 3, 5, 'clik']],
    );
  });

  it('is refused when a file takes in itself', () => {
    const text = 'metadata: {name: a}\ntests: [{file: a.yaml}]\n';
    const { diagnostics } = readTestFile(text, { name: 'a.yaml', open: open({ 'a.yaml': text }) });
    assert.deepEqual(
      diagnostics.map(({ code, line, column }) => [code, line, column]),
      [['reference-cycle', 2, 16]],
    );
  });

  it('warns of a shared variable that no test uses, once', () => {
    const text =
      'metadata: {name: a}\nvariables: {used: 1, spare: 2}\ntests: [{test: b, do: [c: "{{used}}"]}, {test: c, do: [c: a]}]\n';
    const { diagnostics } = readTestFile(text, { name: 'a.yaml' });
    assert.deepEqual(
      diagnostics.map(({ code, line, column }) => [code, line, column]),
      [['unused-variable', 2, 22]],
    );
  });
});

describe('a file of several documents', () => {
  it('is a suite of the name of the file, each document a test in any form', () => {
    const text = 'test: A\ndo: [c: a]\n---\n# nothing\n---\nname: B\nsteps: [click: b]\n---\n';
    const { form, suite: read, diagnostics } = readTestFile(text, { name: 'shop/all.yaml' });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual([form, read?.name], ['suite', 'all']);
    assert.deepEqual(
      read?.tests.map((test) => [test.form, test.definition.name]),
      [
        ['compact', 'A'],
        ['simplified', 'B'],
      ],
    );
  });

  it('is one test when the others hold nothing', () => {
    const { form, definition } = readTestFile('---\ntest: A\ndo: [c: a]\n---\n', { name: 'a' });
    assert.deepEqual([form, definition?.name], ['compact', 'A']);
  });

  it('is refused with the place of what is wrong in any of them', () => {
    const text = 'test: A\ndo: [c: a]\n---\ntest: A\ndo: [clik: a]\n';
    const { diagnostics } = readTestFile(text, { name: 'a' });
    assert.deepEqual(
      diagnostics.map(({ code, line, column }) => [code, line, column]),
      [
        ['duplicate-name', 4, 7],
        ['unknown-command', 5, 6],
      ],
    );
  });

  it('has anchors of its own in each document', () => {
    const text = 'test: A\ndo: &s [c: a]\n---\ntest: B\ndo: *s\n';
    const { diagnostics } = readTestFile(text, { name: 'a' });
    assert.deepEqual(
      diagnostics.map(({ code, line, column }) => [code, line, column]),
      [['unknown-alias', 5, 5]],
    );
  });
});
