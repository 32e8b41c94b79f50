// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

const c = 'test: x\ndo:\n  - ';
const s = 'name: x\nsteps:\n  - ';
const canonical = 'name: x\ncheckpoints:\n  - name: x\n    steps:\n      - ';

const steps = (text: string): unknown => {
  const { definition, diagnostics } = readTestFile(text, { name: 'a' });
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
    text,
  );
  return definition?.checkpoints[0]?.steps;
};

const click = { command: 'interact.click', target: 'A' };
const comment = { command: 'misc.comment', text: 'b' };
const branch = { command: 'control.if', condition: { visible: 'A' }, then: [click] };
const both = { ...branch, else: [comment] };

describe('steps inside steps', () => {
  const readings: readonly [string, string, unknown][] = [
    ['if, all in one', `${c}if: {cond: {visible: A}, then: [c: A], else: [note: b]}\n`, both],
    ['if with then and else beside it', `${c}if: {visible: A}\n    then: [c: A]\n    else:\n      - note: b\n`, both],
    ['if with its condition and then beside it', `${c}if: {cond: {visible: A}}\n    then: [c: A]\n`, branch],
    [
      'if with options',
      `${c}{if: {visible: A}, then: [c: A], timeout: 5, label: l}\n`,
      { ...branch, timeoutMs: 5, label: 'l' },
    ],
    ['if as an option', `${c}c: A\n    if: {not: {visible: A}}\n`, { ...click, if: { not: { visible: 'A' } } }],
    ['repeat', `${c}repeat: 3\n    do: [c: A]\n`, { command: 'control.loop', times: 3, steps: [click] }],
    [
      'repeat by a variable',
      `${c}repeat: '{{n}}'\n    do: [c: A]\n`,
      { command: 'control.loop', times: '{{n}}', steps: [click] },
    ],
    [
      'loop over a list',
      `${c}loop: {over: [a, 1.10], as: x, max: 2, do: [c: A]}\n`,
      { command: 'control.loop', over: ['a', '1.10'], as: 'x', max: 2, steps: [click] },
    ],
    [
      'loop over a variable',
      `${c}loop: $rows\n    do: [c: A]\n`,
      { command: 'control.loop', over: '$rows', steps: [click] },
    ],
    ['loop so many times', `${c}loop: 2\n    do: [c: A]\n`, { command: 'control.loop', times: 2, steps: [click] }],
    [
      'loop until',
      `${c}loop: {until: {variable: n, operator: gt, value: 2}}\n    do: [c: A]\n`,
      { command: 'control.loop', until: { variable: 'n', operator: 'gt', value: 2 }, steps: [click] },
    ],
    [
      'try with catch and finally beside it',
      `${c}try: [c: A]\n    catch: []\n    finally: [note: b]\n`,
      { command: 'control.try', steps: [click], catch: [], finally: [comment] },
    ],
    [
      'try, all in one',
      `${c}try: {do: [c: A], catch: [note: b]}\n`,
      { command: 'control.try', steps: [click], catch: [comment] },
    ],
    ['use', `${c}use: log in\n`, { command: 'control.use', checkpoint: 'log in' }],
    [
      'use with variables',
      `${c}use: log in@2\n    with: {user: ada, pin: 007}\n`,
      { command: 'control.use', checkpoint: 'log in@2', with: { user: 'ada', pin: '007' } },
    ],
    [
      'sentences and canonical steps inside',
      `${c}repeat: 2\n    do:\n      - click on A\n      - {command: control.if, condition: {exists: A}, then: [c: A]}\n`,
      { command: 'control.loop', times: 2, steps: [click, { ...branch, condition: { exists: 'A' } }] },
    ],
    ['the simplified form', `${s}if: {condition: {visible: A}, then: [click: A], else: [comment: b]}\n`, both],
    [
      'the simplified form, beside',
      `${s}repeat: 2\n    steps: [click: A]\n`,
      { command: 'control.loop', times: 2, steps: [click] },
    ],
    [
      'the canonical form',
      `${canonical}{command: control.try, steps: [{command: interact.click, target: A}], catch: [{command: control.if, condition: {visible: A}, then: [{command: interact.click, target: A}]}]}\n`,
      { command: 'control.try', steps: [click], catch: [branch] },
    ],
  ];
  for (const [title, text, expected] of readings) {
    it(`are read: ${title}`, () => assert.deepEqual(steps(text), [expected]));
  }

  it('are tried again each, where a journey says so of its steps, and not as a whole too', () => {
    const text = `journey:
  name: x
  config: { retry_failed_steps: true, max_retry_count: 2 }
  checkpoints:
    - name: c
      steps:
        - { command: if, condition: { visible: A }, then: [{ command: interact, args: [click, A] }] }
`;
    assert.deepEqual(steps(text), [{ ...branch, then: [{ ...click, retry: { count: 2 } }] }]);
  });
});

describe('problems of steps inside steps', () => {
  type Expected = readonly [code: string, line: number, column: number, text: string, hint?: string];
  const problems: readonly [string, string, Expected][] = [
    [
      'an unknown action',
      `${c}repeat: 2\n    do:\n      - clik: A\n`,
      ['unknown-command', 5, 9, 'clik', "The compact form writes 'c'."],
    ],
    [
      'an unknown key of an action',
      `${c}try: [{c: {A: {posx: 1}}}]\n    catch: []\n`,
      ['unknown-key', 3, 20, 'posx', "Did you mean 'pos'?"],
    ],
    [
      'an unknown field of a canonical step',
      `${c}try: [{command: interact.check, target: A, tagret: B}]\n    catch: []\n`,
      ['unknown-key', 3, 48, 'tagret', "Did you mean 'target'?"],
    ],
    [
      'a wrong option',
      `${canonical}{command: control.loop, times: 2, steps: [{command: interact.click, target: A, timeoutMs: x}]}\n`,
      ['invalid-value', 5, 99, 'x'],
    ],
    [
      'an unknown part',
      `${c}if: {cond: {visible: A}, then: [c: A], esle: [c: A]}\n`,
      ['unknown-key', 3, 44, 'esle', "Did you mean 'else'?"],
    ],
    ['no steps', `${c}if: {visible: A}\n    then: []\n`, ['empty-steps', 4, 11, '[]', 'Write at least one step.']],
    ['a loop without steps', `${c}repeat: 2\n`, ['missing-key', 3, 5, 'repeat: 2', "Add 'steps'."]],
    ['no branch', `${c}if: {visible: A}\n`, ['missing-key', 3, 5, 'if: {visible: A}', "Add 'then'."]],
    [
      'text for steps',
      `${c}try: [c: A]\n    catch: c\n`,
      ['wrong-value', 4, 12, 'c', 'Write a dash before each step.'],
    ],
    ['too many times', `${c}repeat: 1001\n    do: [c: A]\n`, ['invalid-value', 3, 13, '1001']],
    ['too large a max', `${c}loop: {over: [a], max: 1001, do: [c: A]}\n`, ['invalid-value', 3, 28, '1001']],
    [
      'two kinds of loop',
      `${c}loop: {times: 2, over: [a], do: [c: A]}\n`,
      ['invalid-value', 3, 5, 'loop: {times: 2, over: [a], do: [c: A]}', 'Keep or add one of them.'],
    ],
    [
      'a try that neither mends nor ends',
      `${c}try: [c: A]\n`,
      ['invalid-value', 3, 5, 'try: [c: A]', 'Add one of them.'],
    ],
    [
      'a part as a step of its own',
      `${c}try: [c: A]\n    catch: []\n  - finally: [c: A]\n`,
      [
        'unknown-command',
        5,
        5,
        'finally',
        "'finally' is a part of 'try': write it in the same step, without a dash of its own.",
      ],
    ],
    [
      'an option that it does not take',
      `${c}repeat: 2\n    do: [c: A]\n    timeout: 5\n`,
      ['unknown-key', 5, 14, '5', "Give 'timeoutMs' to the steps inside."],
    ],
    [
      'text as a condition',
      `${c}if: '#a'\n    then: [c: A]\n`,
      ['wrong-value', 3, 9, "'#a'", "Write {visible: '#a'}."],
    ],
    [
      'an unknown condition',
      `${c}c: A\n    if: {visibel: A}\n`,
      ['unknown-key', 4, 10, 'visibel', "Did you mean 'visible'?"],
    ],
    [
      'an unknown condition inside another',
      `${c}c: A\n    if: {any: [{not: {urll: A}}]}\n`,
      ['unknown-key', 4, 23, 'urll', "Did you mean 'url'?"],
    ],
    [
      'two conditions in one',
      `${c}c: A\n    if: {visible: A, exists: B}\n`,
      [
        'invalid-value',
        4,
        9,
        '{visible: A, exists: B}',
        'To ask for several things, write all: [{…}, {…}] or any: [{…}, {…}].',
      ],
    ],
    [
      'a variable without a value',
      `${c}c: A\n    if: {variable: n}\n`,
      ['missing-key', 4, 9, '{variable: n}', "Add 'value'."],
    ],
    [
      'an unknown operator',
      `${c}c: A\n    if: {variable: n, operator: is, value: 1}\n`,
      ['invalid-value', 4, 33, 'is'],
    ],
    ['no condition among several', `${c}c: A\n    if: {all: []}\n`, ['invalid-value', 4, 15, '[]']],
    [
      'an unknown strategy',
      `${c}c: A\n    if: {visible: {cs: A}}\n`,
      ['unknown-key', 4, 20, 'cs', "Did you mean 'css'?"],
    ],
  ];
  it('are told of steps that stand too deep to be stored, and of the first of them only', () => {
    const nest = (depth: number): string =>
      depth === 0 ? '{c: {A: {pos: CENTER}}}' : `{repeat: 2, do: [${nest(depth - 1)}]}`;
    const deep = (depth: number) => readTestFile(`test: x\ndo: [${nest(depth)}]\n`, { name: 'a' }).diagnostics;
    assert.deepEqual(deep(7), []);
    const [problem, more] = deep(8);
    assert.deepEqual([problem?.code, problem?.text, more], ['too-deep', nest(0), undefined]);
  });

  for (const [title, text, [code, line, column, shown, hint]] of problems) {
    it(`have their line, column and fix: ${title}`, () => {
      const { definition, diagnostics } = readTestFile(text, { name: 'a' });
      assert.equal(definition, undefined);
      const found = diagnostics.map((problem) => [
        problem.code,
        problem.line,
        problem.column,
        problem.text,
        problem.hint,
      ]);
      assert.deepEqual(found, [[code, line, column, shown, hint]], JSON.stringify(diagnostics, null, 1));
    });
  }
});
