import assert from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { readTestFile } from './read.ts';

const read = (text: string) => readTestFile(text, { name: 'a' });
const stepsOf = (text: string): Step[] | undefined => {
  const { definition, diagnostics } = read(text);
  assert.deepEqual(diagnostics, []);
  return definition?.checkpoints[0]?.steps;
};
const click = (target: string): Step => ({ command: 'interact.click', target });
const use = (checkpoint: string, steps: Step[], given?: object): Step =>
  ({ command: 'control.use', checkpoint, ...(given ? { with: given } : {}), steps }) as Step;

describe('the blocks of a file', () => {
  it('stand where they are used, as often as they are, also inside other steps and blocks', () => {
    const text = `test: x
blocks:
  go: [c: Go]
  twice:
    - repeat: 2
      do: [use: go]
do:
  - use: go
  - repeat: 3
    do: [use: twice]
`;
    const go = use('go', [click('Go')]);
    const loop = (times: number, steps: Step[]) => ({ command: 'control.loop', times, steps });
    assert.deepEqual(stepsOf(text), [go, loop(3, [use('twice', [loop(2, [go])])])]);
  });

  it('have parameters with defaults, where they name them; others take anything', () => {
    const text = `name: x
blocks:
  in: { with: { user: , pin: 7 }, steps: [{ click: '{{user}} {{pin}}' }] }
  any: [click: A]
steps:
  - use: in
    with: { user: ada }
  - use: any
    with: { what: ever }
`;
    assert.deepEqual(stepsOf(text), [
      use('in', [click('{{user}} {{pin}}')], { user: 'ada', pin: 7 }),
      use('any', [click('A')], { what: 'ever' }),
    ]);
  });

  it('leave to the library what they are not', () => {
    const text = 'test: x\nblocks: {go: [c: Go]}\ndo: [use: go, use: search]\n';
    assert.deepEqual(stepsOf(text)?.[1], { command: 'control.use', checkpoint: 'search' });
  });

  const c = 'test: x\nblocks:\n  a: [c: A]\n';
  type Expected = readonly [severity: string, code: string, line: number, column: number, text: string];
  const problems: readonly [string, string, Expected][] = [
    ['no mapping', 'test: x\nblocks: [c: A]\ndo: [c: B]\n', ['error', 'wrong-value', 2, 9, '[c: A]']],
    ['no list', `${c}  b: 5\ndo: [use: a]\n`, ['error', 'wrong-value', 4, 6, '5']],
    ['no steps', `${c}  b: []\ndo: [use: a]\n`, ['error', 'empty-steps', 4, 3, 'b']],
    [
      'no steps beside its parameters',
      `${c}  b: {with: {x: 1}}\ndo: [use: a]\n`,
      ['error', 'missing-key', 4, 6, '{with: {x: 1}}'],
    ],
    ['an unknown key', `${c}  b: {do: [c: B], dos: 1}\ndo: [use: a, use: b]\n`, ['error', 'unknown-key', 4, 19, 'dos']],
    ['an unknown action', `${c}  b: [clik: B]\ndo: [use: a]\n`, ['error', 'unknown-command', 4, 7, 'clik']],
    ['a block that is not used', `${c}do: [c: B]\n`, ['warning', 'unused-block', 3, 3, 'a']],
    [
      'a name that is nearly that of a block',
      `${c.replace('a:', 'login:')}do: [use: login, use: logn]\n`,
      ['warning', 'unknown-block', 4, 23, 'logn'],
    ],
    [
      'a block that uses itself',
      `${c}  b: [use: c]\n  c: [use: b]\ndo: [use: a, use: b]\n`,
      ['error', 'circular-use', 5, 12, 'b'],
    ],
    [
      'a missing variable',
      `${c}  b: {with: {x: }, do: [c: B]}\ndo: [use: a, use: b]\n`,
      ['error', 'missing-parameter', 5, 19, 'b'],
    ],
    [
      'an unknown variable',
      `${c}  b: {with: {x: 1}, do: [c: B]}\ndo:\n  - use: a\n  - use: b\n    with: {y: 1}\n`,
      ['error', 'unknown-parameter', 7, 10, 'b'],
    ],
  ];
  for (const [title, text, [severity, code, line, column, shown]] of problems) {
    it(`have their problems told with their place: ${title}`, () => {
      const { diagnostics } = read(text);
      const found = diagnostics.map((one) => [one.severity, one.code, one.line, one.column, one.text]);
      assert.deepEqual(found, [[severity, code, line, column, shown]], JSON.stringify(diagnostics, null, 1));
    });
  }

  it('have a problem told once, where they stand, however often they are used', () => {
    const { diagnostics } = read(
      'test: x\nblocks:\n  a: [{command: interact.check, target: A, tagret: B}]\ndo: [use: a, use: a]\n',
    );
    assert.deepEqual(
      diagnostics.map(({ code, line, column }) => [code, line, column]),
      [['unknown-key', 3, 44]],
    );
  });

  it('cannot come to more steps than a test can have', () => {
    const level = (at: number) => `  b${at}: [${Array.from({ length: 10 }, () => `use: b${at + 1}`).join(', ')}]\n`;
    const text = `test: x\nblocks:\n${[0, 1, 2, 3].map(level).join('')}  b4: [c: A]\ndo: [use: b0]\n`;
    assert.deepEqual(
      read(text).diagnostics.map(({ code }) => code),
      ['too-many-steps'],
    );
  });
});
