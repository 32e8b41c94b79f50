import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

type Expected = readonly [code: string, line: number, column: number, text: string, hint: string];

const c = 'test: x\ndo:\n  - ';

/** What is nearly right, and would be told in words about something else. */
const misses: readonly [title: string, text: string, expected: Expected][] = [
  [
    'yes for true',
    `${c}c: a\n    optional: yes\n`,
    ['invalid-value', 4, 15, 'yes', "Write true: 'yes' is a text in YAML."],
  ],
  [
    'yes for true in the configuration',
    'name: x\nconfig: {continue_on_error: yes}\nsteps: [click: a]\n',
    ['wrong-value', 2, 29, 'yes', 'Write continue_on_error: true.'],
  ],
  [
    'a key of a checkpoint',
    'name: x\ncheckpoints:\n  - name: a\n    steps: [click: a]\n    step: 1\n',
    ['unknown-key', 5, 5, 'step', "Did you mean 'steps'?"],
  ],
  ['a key that is none', `${c}k: entr\n`, ['invalid-value', 3, 8, 'entr', "Did you mean 'enter'?"]],
  [
    'a pattern that is none',
    `${c}matches: {a: '('}\n`,
    ['invalid-value', 3, 18, "'('", 'Escape special characters with a backslash.'],
  ],
  [
    'a pattern in a condition that is none',
    `${c}c: a\n    if: {all: [{visible: b}, {not: {url: '('}}]}\n`,
    ['invalid-value', 4, 42, "'('", 'Escape special characters with a backslash.'],
  ],
  [
    'a base URL without its scheme',
    'test: x\nbase: shop.example/en\ndo: [nav: /]\n',
    ['invalid-value', 2, 7, 'shop.example/en', 'Write https://shop.example/en'],
  ],
  [
    'the base URL of a site on this machine without its scheme',
    'test: x\nbase: localhost:3000\ndo: [nav: /]\n',
    ['invalid-value', 2, 7, 'localhost:3000', 'Write http://localhost:3000'],
  ],
  [
    'a base URL that is none',
    'name: x\nbaseUrl: ftp://a\ncheckpoints: [{name: x, steps: [{command: navigate.to, url: /}]}]\n',
    ['invalid-value', 2, 10, 'ftp://a', 'It begins with http:// or https://.'],
  ],
  [
    'a dash that is indented less',
    'test: x\ndo:\n  - c: a\n- c: b\n',
    ['yaml-syntax', 4, 1, '- c: b', 'Indent it like the lines it belongs to.'],
  ],
  [
    'a dash between two indentations',
    'test: x\ndo:\n    - c: a\n  - c: b\n',
    ['yaml-syntax', 4, 3, '- c: b', 'Indent it like the lines it belongs to.'],
  ],
  [
    'a dash without its space',
    'test: x\ndo:\n  -c: a\n',
    ['wrong-value', 3, 3, '-c: a', 'Put a space after the dash: - c: …'],
  ],
  [
    'two dashes without their spaces',
    'test: x\ndo:\n  -c: a\n  -c: b\n',
    ['duplicate-key', 4, 3, '-c', 'Put a space after the dash: - c: …'],
  ],
  ['a colon without its space', 'test:A b\ndo: [c: a]\n', ['yaml-syntax', 1, 1, 'test:A b', 'Write test: A b']],
  [
    'a comment in JSON',
    '{"test": "x", // why\n"do": [{"c": "a"}]}\n',
    ['json-comment', 1, 15, '// why', 'Remove it, or begin it with #.'],
  ],
  [
    'a sentence with a colon',
    `${c}see Welcome: home\n`,
    ['unknown-command', 3, 5, 'see Welcome', 'If it is a sentence, put all of it in quotes.'],
  ],
  ['a part of a step', `${c}try: [c: a]\n    cath: [c: b]\n`, ['unknown-key', 4, 5, 'cath', "Did you mean 'catch'?"]],
];

describe('what is nearly right in a test file', () => {
  for (const [title, text, [code, line, column, shown, hint]] of misses) {
    it(`is told with the mending: ${title}`, () => {
      const { diagnostics } = readTestFile(text, { name: 'a.yaml' });
      assert.deepEqual(
        diagnostics.map((one) => [one.code, one.line, one.column, one.text, one.hint]),
        [[code, line, column, shown, hint]],
      );
    });
  }

  it('is told where it stands when a step before it cannot be read', () => {
    const steps = '      - {command: misc.lgo, text: a}\n      - {command: interact.click}\n';
    const text = `name: x\ncheckpoints:\n  - name: x\n    steps:\n${steps}`;
    const { diagnostics } = readTestFile(text, { name: 'a' });
    assert.deepEqual(
      diagnostics.map(({ line, column, text: shown }) => [line, column, shown]),
      [
        [5, 19, 'misc.lgo'],
        [6, 9, '{command: interact.click}'],
      ],
    );
  });
});
