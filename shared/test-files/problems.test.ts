import assert from 'node:assert/strict';
import { LARGEST_FILE } from './decode.ts';
import { readTestFile } from './read.ts';

type Expected = readonly [
  code: string,
  line: number,
  column: number,
  text: string | undefined,
  hint: string | undefined,
];

const c = 'test: x\ndo:\n  - ';
const s = 'name: x\nsteps:\n  - ';

/** Each text with the one problem it has. */
const problems: readonly [title: string, text: string, expected: Expected][] = [
  ['an empty file', '', ['empty-file', 1, 1, undefined, "Write a test: 'test: NAME' and 'do:' with a list of steps."]],
  [
    'nothing but comments',
    '# a\n\n# b\n',
    ['empty-file', 1, 1, undefined, "Write a test: 'test: NAME' and 'do:' with a list of steps."],
  ],
  ['an unquoted # as value', `${c}wait: #email\n`, ['unquoted-hash', 3, 11, '#email', "Quote it: '#email'"]],
  [
    'an unquoted # as value, with more behind',
    `${c}wait: #a .b\n`,
    ['unquoted-hash', 3, 11, '#a .b', "Quote it: '#a .b'"],
  ],
  ['an unquoted # as item', 'test: x\ndo:\n  - #a\n  - c: b\n', ['unquoted-hash', 3, 5, '#a', "Quote it: '#a'"]],
  [
    'an unquoted # in a flow mapping',
    `${c}eq: {#email: x}\n`,
    ['unquoted-hash', 3, 10, '#email', "Quote it: '#email'"],
  ],
  [
    'an unquoted # in a spaced flow mapping',
    `${c}eq: { #email: x }\n  - c: b\n`,
    ['unquoted-hash', 3, 11, '#email', "Quote it: '#email'"],
  ],
  [
    'an unquoted # in a flow list',
    'test: x\ntags: [#a, b]\ndo: [c: a]\n',
    ['unquoted-hash', 2, 8, '#a', "Quote it: '#a'"],
  ],
  ['unquoted braces', `${c}nav: {{base}}/x\n`, ['unquoted-braces', 3, 10, '{{base}}/x', "Quote it: '{{base}}/x'"]],
  ['unquoted braces alone', `${c}c: {{user}}\n`, ['unquoted-braces', 3, 8, '{{user}}', "Quote it: '{{user}}'"]],
  [
    'an unquoted attribute selector',
    `${c}c: [data-x=1]\n`,
    ['wrong-value', 3, 8, '[data-x=1]', "If it is a selector, quote it: '[data-x=1]'"],
  ],
  ['an unquoted @', `${c}c: @login\n`, ['yaml-syntax', 3, 8, '@login', "Quote it: '@login'"]],
  ['a second colon', `${c}c: Price: 5\n`, ['yaml-syntax', 3, 8, 'Price: 5', "Quote the value: 'Price: 5'"]],
  [
    'a tab as indentation',
    'test: x\ndo:\n\t- c: a\n',
    ['tab-indentation', 3, 1, undefined, 'Replace the tab by spaces.'],
  ],
  ['an open bracket', `${c}c: [a\n`, ['yaml-syntax', 4, 1, undefined, 'Close the bracket with ]']],
  ['a tag', `${c}c: !x a\n`, ['unknown-tag', 3, 8, '!x', 'Remove the tag, or quote the value.']],
  [
    'an unknown alias',
    `${c}c: *.b\n`,
    ['unknown-alias', 3, 8, '*.b', "A value that starts with * is an alias; quote it if it is text: '*.b'"],
  ],
  ['a duplicate key', 'test: x\ntest: y\ndo: [c: a]\n', ['duplicate-key', 2, 1, 'test', 'Keep one of them.']],
  [
    'no known form',
    'foo: 1\n',
    [
      'unknown-form',
      1,
      1,
      'foo',
      "A compact test has 'test' and 'do', a simplified or extended one 'name' and 'steps', a canonical one 'name' and 'checkpoints' with 'command' in each step, a journey 'journey', a suite 'metadata' and 'tests'.",
    ],
  ],
  [
    'two forms',
    'test: x\ndo: [c: a]\nname: y\nsteps: [click: a]\n',
    ['two-forms', 4, 1, 'steps', 'Keep to one form: remove what makes it simplified, or what makes it compact.'],
  ],
  ['a journey without checkpoints', 'journey: {name: x}\n', ['missing-key', 1, 10, undefined, "Add 'checkpoints:'."]],
  ['an unknown top key', 'test: x\ndesk: y\ndo: [c: a]\n', ['unknown-key', 2, 1, 'desk', "Did you mean 'desc'?"]],
  [
    "the other form's top key",
    'test: x\ndescription: y\ndo: [c: a]\n',
    ['unknown-key', 2, 1, 'description', "The compact form writes 'desc'."],
  ],
  ['no name', 'do: [c: a]\n', ['missing-key', 1, 1, undefined, "Add 'test:'."]],
  ['no steps', 'name: x\ndescription: y\n', ['missing-key', 1, 1, undefined, "Add 'steps:' with a list of steps."]],
  ['an empty list of steps', 'test: x\ndo: []\n', ['empty-steps', 2, 1, 'do', 'Write at least one step.']],
  [
    'a key without value',
    'test: x\ntags:\ndo: [c: a]\n',
    ['missing-value', 2, 1, 'tags', 'Write a value after the colon, or remove the key.'],
  ],
  [
    'an unknown configuration key',
    'test: x\nconfig: {tiemout: 5}\ndo: [c: a]\n',
    ['unknown-key', 2, 10, 'tiemout', "Did you mean 'timeout'?"],
  ],
  [
    'a configuration value out of bounds',
    'test: x\nconfig: {retry: 9}\ndo: [c: a]\n',
    ['invalid-value', 2, 17, '9', undefined],
  ],
  ['an unknown action', `${s}clik: a\n`, ['unknown-command', 3, 5, 'clik', "Did you mean 'click'?"]],
  ["the other form's action", `${c}click: a\n`, ['unknown-command', 3, 5, 'click', "The compact form writes 'c'."]],
  [
    'the ambiguous check',
    `${c}check: a\n`,
    ['ambiguous-key', 3, 5, 'check', "Write 'ch' (the page has it) or 'tick' (switches a checkbox on)."],
  ],
  [
    'the ambiguous check in a sentence',
    `${c}check Terms\n`,
    ['ambiguous-key', 3, 5, 'check Terms', "Write 'see …' (the page has it) or 'tick …' (switches a checkbox on)."],
  ],
  [
    'a command without its group',
    `${c}{command: click, target: a}\n`,
    ['unknown-command', 3, 15, 'click', "Did you mean 'interact.click'?"],
  ],
  [
    'an unknown canonical command',
    `${c}{command: interact.clik, target: a}\n`,
    ['unknown-command', 3, 15, 'interact.clik', "Did you mean 'interact.click'?"],
  ],
  [
    'an unknown canonical field',
    `${c}{command: interact.check, target: a, tagret: b}\n`,
    ['unknown-key', 3, 42, 'tagret', "Did you mean 'target'?"],
  ],
  ['two actions in one step', `${c}c: a\n    t: b\n`, ['two-actions', 4, 5, 't', "Start 't' with a dash of its own."]],
  [
    'two entries in one action',
    `${c}t: {a: b, c: d}\n`,
    ['two-actions', 3, 15, 'c', 'Write a step of its own for each: - t: {…}'],
  ],
  ['an unknown option', `${c}c: a\n    labl: b\n`, ['unknown-key', 4, 5, 'labl', "Did you mean 'label'?"]],
  [
    'an option inside an action',
    `${s}click: {selector: a, timeout: 5}\n`,
    ['unknown-key', 3, 26, 'timeout', "'timeout' is an option of the step: put it beside 'click'."],
  ],
  ['an action without a value', `${c}tick:\n`, ['missing-value', 3, 5, 'tick', 'Write tick: TARGET']],
  ['an unknown key in an action', `${c}wait: {fro: a}\n`, ['unknown-key', 3, 12, 'fro', "Did you mean 'for'?"]],
  [
    'an unknown variant',
    `${s}assert: {type: exsts, selector: a}\n`,
    ['unknown-variant', 3, 20, 'exsts', "Did you mean 'exists'?"],
  ],
  [
    'no variant',
    `${s}cookie: {name: a}\n`,
    ['missing-key', 3, 13, '{name: a}', 'One of create, set, delete, remove, clear, clear-all.'],
  ],
  ['the same field twice', `${s}click: {selector: a, element: b}\n`, ['same-field', 3, 35, 'b', 'Keep one of them.']],
  ['a value out of bounds', `${c}c: a\n    timeout: -5\n`, ['invalid-value', 4, 14, '-5', undefined]],
  ['a value that is no number', `${c}gt: {a: b}\n`, ['invalid-value', 3, 13, 'b', undefined]],
  [
    'a number in quotation marks',
    `${c}gt: {a: '5'}\n`,
    ['invalid-value', 3, 13, "'5'", 'Remove the quotation marks: 5'],
  ],
  [
    'a missing field',
    `${s}store: {type: attribute, selector: a, as: b}\n`,
    ['missing-key', 3, 5, 'store: {type: attribute, selector: a, as: b}', "Add 'attribute'."],
  ],
  [
    'fields that exclude each other',
    `${s}select: {from: a, option: b, index: 1}\n`,
    ['invalid-value', 3, 5, 'select: {from: a, option: b, index: 1}', 'Keep or add one of them.'],
  ],
  [
    'a sentence that is not understood',
    `${c}clikc on a\n`,
    ['unknown-sentence', 3, 5, 'clikc on a', 'Nearest forms: click TARGET.'],
  ],
  [
    'an ambiguous sentence',
    `${c}write a in b in c\n`,
    ['ambiguous-sentence', 3, 5, 'write a in b in c', 'Put the parts into quotes, like this: write TEXT in TARGET'],
  ],
  ['a list as a step', `${c}[c]\n`, ['wrong-value', 3, 5, '[c]', 'Remove the extra dash or brackets.']],
  [
    'a group in a group',
    `${c}group: a\n    do: [{group: b, do: [c: d]}]\n`,
    ['nested-group', 4, 10, '{group: b, do: [c: d]}', 'Move it out, beside the group.'],
  ],
  [
    'a row with too few values',
    'test: x\ndata: {columns: [a, b], rows: [[1]]}\ndo: [c: a]\n',
    ['wrong-value', 2, 32, '[1]', 'Write a list with one value a column.'],
  ],
  [
    'CSV that is not in the file',
    'test: x\ndata: {csv: rows.csv}\ndo: [c: a]\n',
    ['file-not-found', 2, 13, 'rows.csv', 'Write what it holds into this file, or store it beside this one first.'],
  ],
];

function only(source: string | Uint8Array) {
  const { definition, diagnostics } = readTestFile(source, { name: 'a.yaml' });
  assert.equal(definition, undefined);
  assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics, null, 1));
  const [problem] = diagnostics;
  assert.equal(problem?.severity, 'error');
  assert.equal(problem?.file, 'a.yaml');
  return problem;
}

describe('problems of a test file', () => {
  for (const [title, text, [code, line, column, shown, hint]] of problems) {
    it(`are told with place and hint: ${title}`, () => {
      const problem = only(text);
      assert.deepEqual(
        [problem?.code, problem?.line, problem?.column, problem?.text, problem?.hint],
        [code, line, column, shown, hint],
      );
    });
  }

  it('name both forms and their evidence when a file fits two', () => {
    const expected = "the file fits two forms: compact (the key 'do') and simplified (the key 'steps')";
    assert.equal(only('do: [c: a]\nsteps: [click: a]\n')?.message, expected);
  });

  it('are all told at once, in the order of the file', () => {
    const { diagnostics } = readTestFile(`${c}gt: {a: b}\n  - clik: x\n  - c: a\n    timeout: -1\n`, { name: 'a' });
    assert.deepEqual(
      diagnostics.map(({ line, code }) => [line, code]),
      [
        [3, 'invalid-value'],
        [4, 'unknown-command'],
        [6, 'invalid-value'],
      ],
    );
  });

  it('keep lines and columns right after a byte order mark and with Windows line ends', () => {
    const problem = only(`\uFEFF${c}clik: a\n`.replaceAll('\n', '\r\n'));
    assert.deepEqual([problem?.line, problem?.column, problem?.text], [3, 5, 'clik']);
  });

  it('refuse a file above the limit without parsing it', () => {
    assert.equal(only('a'.repeat(LARGEST_FILE + 1))?.code, 'file-too-large');
    assert.equal(only(new Uint8Array(2 * LARGEST_FILE))?.code, 'file-too-large');
  });

  it('refuse what is no text', () => {
    assert.deepEqual([only('a\nb\0')?.code, only('a\nb\0')?.line, only('a\nb\0')?.column], ['binary-file', 2, 2]);
    assert.equal(only(Buffer.from('test: x', 'utf16le'))?.code, 'binary-file');
    assert.equal(only(Buffer.from('\uFEFFtest: x', 'utf16le'))?.code, 'not-utf-8');
    const latin = only(Buffer.concat([Buffer.from('# \uFFFD ü\ntest: '), Buffer.from([0xfc])]));
    assert.deepEqual([latin?.code, latin?.line, latin?.column], ['not-utf-8', 2, 7]);
  });

  it('refuse aliases that stand for too much, and aliases inside themselves', () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]\n`;
    const bomb = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, at) => level(name, 'abcdefg'[at] ?? '')).join('');
    assert.equal(only(`a: &a [x, x, x]\n${bomb}test: x\ndo: *h\n`)?.code, 'alias-expansion');
    assert.equal(only('test: x\ndo: &a [c: *a]\n')?.code, 'unknown-alias');
  });

  it('refuse nesting that no test needs', () => {
    for (const text of ['['.repeat(2000), '['.repeat(400) + ']'.repeat(400), '{a: '.repeat(101) + '}'.repeat(101)]) {
      const { definition, diagnostics } = readTestFile(`a: ${text}`, { name: 'a' });
      assert.equal(definition, undefined);
      assert.equal(diagnostics[0]?.code, 'too-deep');
    }
  });
});

describe('a file with very many problems', () => {
  it('is told of the first hundred, and how many more there are', () => {
    const { diagnostics } = readTestFile(`test: x\ndo:\n${'  - clik: a\n'.repeat(150)}`, { name: 'a' });
    assert.equal(diagnostics.length, 101);
    assert.deepEqual(diagnostics.at(-1), {
      severity: 'warning',
      code: 'more-problems',
      message: '50 more problems are not shown',
      line: 102,
      column: 5,
      hint: 'Mend these first.',
      file: 'a',
    });
  });
});
