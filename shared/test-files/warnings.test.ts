import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

type Expected = readonly [code: string, line: number, column: number, text: string, hint: string];

const c = 'test: x\ndo:\n  - ';

describe('warnings of a test file', () => {
  const warnings: readonly [string, string, Expected][] = [
    [
      'a comment inside a value',
      `${c}c: Order #5\n`,
      [
        'unquoted-hash',
        3,
        14,
        '#5',
        "If it belongs to the value, quote it: 'Order #5'; if not, put a space after the #.",
      ],
    ],
    [
      'a wait above ten seconds',
      `${c}wait: 10001\n`,
      ['long-wait', 3, 11, '10001', 'Wait for an element or a text instead.'],
    ],
    [
      'a duration with a unit',
      `${c}wait: 2s\n`,
      ['looks-like-duration', 3, 11, '2s', 'For a time, write milliseconds: 2000'],
    ],
    [
      'an unused variable',
      `test: x\nv: {a: 1, b: 2}\ndo: [c: '{{a}}']\n`,
      ['unused-variable', 2, 11, 'b', 'Use it as {{b}}, or remove it.'],
    ],
    [
      'a variable in a variable',
      `test: x\nv: {a: 1, b: '{{a}}/x'}\ndo: [c: '{{b}}']\n`,
      ['unfilled-variable', 2, 11, 'b', 'Write {{a}} into the steps.'],
    ],
    [
      'a part of the environment in a row',
      `test: x\ndata: [{pw: '\${ENV:PW}'}]\ndo: [t: '{{pw}}']\n`,
      ['unfilled-variable', 2, 7, `[{pw: '\${ENV:PW}'}]`, `Write \${ENV:PW} into the steps.`],
    ],
    [
      'a selector that counts',
      `${c}c: 'li:nth-child(3) a'\n`,
      ['position-selector', 3, 8, "'li:nth-child(3) a'", 'Name what people see of it, or give it a test id: @testid.'],
    ],
    [
      'an XPath that counts',
      `${c}ch: //ul/li[2]\n`,
      ['position-selector', 3, 9, '//ul/li[2]', 'Name what people see of it, or give it a test id: @testid.'],
    ],
    [
      'an element that is counted',
      `${c}c: {role: button, nth: 2}\n`,
      [
        'position-selector',
        3,
        8,
        '{role: button, nth: 2}',
        'Name what people see of it, or give it a test id: @testid.',
      ],
    ],
    [
      'steps after the end',
      `${c}{command: control.stop, message: x}\n  - c: a\n  - group: b\n    do: [c: a]\n`,
      ['unreachable-steps', 4, 5, 'c: a', "Remove them, or the 'stop' before them."],
    ],
    [
      'a step after the end of a branch',
      `${c}if: {visible: a}\n    then: [{command: control.stop, message: x}, c: a]\n`,
      ['unreachable-steps', 4, 49, 'c: a', "Remove them, or the 'stop' before them."],
    ],
    [
      'a loop without a turn',
      `${c}repeat: 0\n    do: [c: a]\n`,
      ['unreachable-steps', 3, 5, 'repeat: 0', 'Remove the loop.'],
    ],
  ];
  for (const [title, text, [code, line, column, shown, hint]] of warnings) {
    it(`are told beside the definition: ${title}`, () => {
      const { definition, diagnostics } = readTestFile(text, { name: 'a' });
      assert.ok(definition);
      const found = diagnostics.map((warning) => [
        warning.severity,
        warning.code,
        warning.line,
        warning.column,
        warning.text,
        warning.hint,
      ]);
      assert.deepEqual(found, [['warning', code, line, column, shown, hint]]);
    });
  }

  it('are not told of a comment with a space, of ten seconds, and of a variable that a step uses by name', () => {
    const text = `test: x
v: {a: 1, b: 2, größe: 3, a b: 4, c: [5], template: '{{ mustache }}'}
do:
  - wait: 10000 # enough
  - {command: assert.variable, name: a, value: 1}
  - {c: '//li[@id="a"]', if: {variable: b, operator: equals, value: 2}}
  - if: {visible: a}
    then: [{command: control.stop, message: x}]
  - c: '{{größe}} {{a b}} {{c.0}} {{template}}'
`;
    assert.deepEqual(readTestFile(text, { name: 'a' }).diagnostics, []);
  });
});
