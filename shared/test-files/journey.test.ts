import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

const head = 'journey:\n  name: A shop\n  checkpoints:\n    - name: One\n      steps:\n';
const readStep = (text: string) => readTestFile(`${head}        - ${text}\n`, { name: 'a' });

/** What each way to write a step in the journey form becomes. */
const steps: readonly [string, Record<string, unknown>][] = [
  ['{command: navigate, args: [to, /cart]}', { command: 'navigate.to', url: '/cart' }],
  [
    '{command: navigate, args: [to, /cart], options: {new-tab: true}}',
    { command: 'navigate.to', url: '/cart', newTab: true },
  ],
  ['{command: navigate, args: [scroll, top]}', { command: 'navigate.scroll-top' }],
  ['{command: navigate, args: [scroll-position, 10, 20]}', { command: 'navigate.scroll-position', x: 10, y: 20 }],
  ['{command: navigate, args: [scroll-by, "0,-5"]}', { command: 'navigate.scroll-by', x: 0, y: -5 }],
  ['{command: interact, args: [click, Log in]}', { command: 'interact.click', target: 'Log in' }],
  ['{command: interact.click, args: [Log in]}', { command: 'interact.click', target: 'Log in' }],
  ['{command: click, args: [Log in]}', { command: 'interact.click', target: 'Log in' }],
  ['{command: click, args: Log in}', { command: 'interact.click', target: 'Log in' }],
  [
    '{command: interact, args: [click, A], options: {position: TOP_LEFT, timeout: 5}}',
    { command: 'interact.click', target: 'A', position: 'TOP_LEFT', timeoutMs: 5 },
  ],
  ['{command: interact, args: [write, Zip, 007]}', { command: 'interact.write', target: 'Zip', text: '007' }],
  ['{command: interact, args: [write, hello]}', { command: 'interact.write', text: 'hello' }],
  ['{command: interact, args: [key, enter]}', { command: 'interact.key', key: 'enter' }],
  ['{command: interact, args: [select, C, Norway]}', { command: 'interact.select', target: 'C', option: 'Norway' }],
  ['{command: interact, args: [select, index, C, 2]}', { command: 'interact.select', target: 'C', index: 2 }],
  ['{command: interact, args: [select-last, C]}', { command: 'interact.select', target: 'C', last: true }],
  ['{command: assert, args: [exists, A]}', { command: 'assert.exists', target: 'A' }],
  ['{command: assert, args: [not, exists, A]}', { command: 'assert.not-exists', target: 'A' }],
  ['{command: assert, args: [equals, h1, 5]}', { command: 'assert.equals', target: 'h1', value: 5 }],
  ["{command: assert, args: [gt, h1, '5']}", { command: 'assert.gt', target: 'h1', value: 5 }],
  ['{command: assert, args: [matches, h1, ^a]}', { command: 'assert.matches', target: 'h1', pattern: '^a' }],
  ['{command: assert, args: [variable, user, ada]}', { command: 'assert.variable', name: 'user', value: 'ada' }],
  ['{command: wait, args: [time, 1000]}', { command: 'wait.time', durationMs: 1000 }],
  ["{command: wait, args: [time, '1000']}", { command: 'wait.time', durationMs: 1000 }],
  [
    '{command: wait, args: [element, A], options: {timeout: 5000}}',
    { command: 'wait.element', target: 'A', timeoutMs: 5000 },
  ],
  ['{command: data, args: [store, element-text, h1, a]}', { command: 'data.store-text', target: 'h1', variable: 'a' }],
  [
    '{command: data, args: [store, attribute, h1, id, a]}',
    { command: 'data.store-attribute', target: 'h1', attribute: 'id', variable: 'a' },
  ],
  ['{command: data, args: [store, literal, 1, a]}', { command: 'data.store-literal', value: 1, variable: 'a' }],
  ['{command: data, args: [cookie, create, a, b]}', { command: 'data.cookie-create', name: 'a', value: 'b' }],
  ['{command: data, args: [cookie, clear-all]}', { command: 'data.cookies-clear' }],
  ['{command: dialog, args: [dismiss-alert]}', { command: 'dialog.alert' }],
  ['{command: dialog, args: [accept]}', { command: 'dialog.confirm', accept: true }],
  [
    '{command: dialog, args: [prompt, Ada], options: {accept: true}}',
    { command: 'dialog.prompt', text: 'Ada', accept: true },
  ],
  ['{command: window, args: [resize, 800x600]}', { command: 'window.resize', width: 800, height: 600 }],
  ['{command: window, args: [resize, 800, 600]}', { command: 'window.resize', width: 800, height: 600 }],
  ['{command: window, args: [switch, tab, next]}', { command: 'window.switch-tab', direction: 'next' }],
  ['{command: window, args: [switch, parent, frame]}', { command: 'window.switch-parent-frame' }],
  ['{command: mouse, args: [move-by, 1, -2]}', { command: 'mouse.move-by', x: 1, y: -2 }],
  ['{command: misc, args: [execute, return 1]}', { command: 'misc.execute', script: 'return 1' }],
  ['{command: misc, args: [comment, hello]}', { command: 'misc.comment', text: 'hello' }],
  ['{command: interact.click, target: Log in}', { command: 'interact.click', target: 'Log in' }],
  [
    '{command: click, args: [A], description: d, on_failure: continue}',
    { command: 'interact.click', target: 'A', label: 'd', onFailure: 'continue' },
  ],
  [
    '{command: click, args: [A], condition: {visible: B}}',
    { command: 'interact.click', target: 'A', if: { visible: 'B' } },
  ],
  [
    '{condition: {visible: A}, then: [{command: click, args: [A]}], else: [click B]}',
    {
      command: 'control.if',
      condition: { visible: 'A' },
      // biome-ignore lint/suspicious/noThenProperty: the vocabulary's word.
      then: [{ command: 'interact.click', target: 'A' }],
      else: [{ command: 'interact.click', target: 'B' }],
    },
  ],
  [
    '{command: control, args: [if], condition: {visible: A}, then: [click A]}',
    // biome-ignore lint/suspicious/noThenProperty: the vocabulary's word.
    { command: 'control.if', condition: { visible: 'A' }, then: [{ command: 'interact.click', target: 'A' }] },
  ],
  [
    '{try: [{command: click, args: [A]}], catch: [click B], finally: [click C]}',
    {
      command: 'control.try',
      steps: [{ command: 'interact.click', target: 'A' }],
      catch: [{ command: 'interact.click', target: 'B' }],
      finally: [{ command: 'interact.click', target: 'C' }],
    },
  ],
  [
    '{command: try, try: [click A], catch: [click B]}',
    {
      command: 'control.try',
      steps: [{ command: 'interact.click', target: 'A' }],
      catch: [{ command: 'interact.click', target: 'B' }],
    },
  ],
  ['click: Log in', { command: 'interact.click', target: 'Log in' }],
  ["click 'Log in'", { command: 'interact.click', target: 'Log in' }],
];

const problems: readonly [string, string, string, number, string][] = [
  [
    "an argument that is left over, as a checkpoint's id was",
    '{command: wait, args: [time, 1000, 77]}',
    'wrong-arguments',
    46,
    'Remove what is left over (an id of a checkpoint is no argument), or put it into options: {name: value}.',
  ],
  [
    'an argument that is missing',
    '{command: assert, args: [equals, h1]}',
    'wrong-arguments',
    44,
    'Write args: [equals, TARGET, VALUE].',
  ],
  ['an unknown verb', '{command: interact, args: [clik, a]}', 'unknown-command', 38, "Did you mean 'interact.click'?"],
  [
    'an unknown command',
    '{command: intract, args: [click, a]}',
    'unknown-command',
    21,
    "Did you mean 'interact.click'?",
  ],
  [
    'an unknown option',
    '{command: click, args: [a], options: {positon: CENTER}}',
    'unknown-key',
    49,
    "Did you mean 'position'?",
  ],
  ['options that are no mapping', '{command: click, args: [a], options: [b]}', 'wrong-value', 48, ''],
  ['arguments that are no list', '{command: click, args: {a: b}}', 'wrong-value', 34, ''],
  ['a field that an argument has given', '{command: click, args: [a], options: {target: b}}', 'same-field', 57, ''],
  [
    'words that can be read in two ways',
    '{command: interact, args: [select, last, Country]}',
    'ambiguous-arguments',
    11,
    'Write the verb as one word: interact.select or interact.select-last.',
  ],
];

describe('a step of the journey form', () => {
  for (const [text, expected] of steps)
    it(`is read: ${text}`, () => {
      const { form, definition, diagnostics } = readStep(text);
      assert.deepEqual(diagnostics, []);
      assert.equal(form, 'journey');
      assert.deepEqual(definition?.checkpoints[0]?.steps, [expected]);
    });

  for (const [title, text, code, column, hint] of problems)
    it(`is refused with its place: ${title}`, () => {
      const { definition, diagnostics } = readStep(text);
      assert.equal(definition, undefined);
      assert.deepEqual(
        diagnostics.map((problem) => [problem.code, problem.line, problem.column]),
        [[code, 6, column]],
      );
      if (hint) assert.equal(diagnostics[0]?.hint, hint);
    });
});

describe('the journey form', () => {
  it('has its checkpoints in their positions, its options as configuration, and retries as options of the steps', () => {
    const text = `
journey:
  name: A shop
  project_id: 77
  config:
    retry_failed_steps: true
    max_retry_count: 2
    screenshot_on_error: true
    continue_on_error: false
    timeout_default: 5000
  variables: { user: ada }
  checkpoints:
    - name: Pay
      position: 2
      steps:
        - { command: interact, args: [click, "{{user}}"], options: { retry: 5 } }
    - name: Open
      position: 1
      description: the shop as a guest sees it
      steps:
        - { command: navigate, args: [to, /] }
`;
    const { definition, diagnostics } = readTestFile(text, { name: 'a' });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(definition, {
      name: 'A shop',
      tags: ['project:77'],
      config: { screenshots: 'failures', onFailure: 'stop', timeout: 5000 },
      variables: { user: 'ada' },
      data: [],
      setup: [],
      checkpoints: [
        {
          name: 'Open',
          steps: [
            { command: 'misc.comment', text: 'the shop as a guest sees it' },
            { command: 'navigate.to', url: '/', retry: { count: 2 } },
          ],
        },
        { name: 'Pay', steps: [{ command: 'interact.click', target: '{{user}}', retry: { count: 5 } }] },
      ],
      teardown: [],
    });
  });

  const wrong: readonly [string, string, string, number, number][] = [
    [
      'a key beside it',
      'journey: {name: a, checkpoints: [{name: b, steps: [click: c]}]}\ntimeout: 5\n',
      'unknown-key',
      2,
      1,
    ],
    ['nothing in it', 'journey:\n', 'wrong-value', 1, 1],
    ['no checkpoints', 'journey: {name: a}\n', 'missing-key', 1, 10],
    [
      'a position twice',
      'journey:\n  name: a\n  checkpoints:\n    - {name: b, position: 1, steps: [click: c]}\n    - {name: c, position: 1, steps: [click: c]}\n',
      'duplicate-position',
      5,
      27,
    ],
    [
      'a position that is missing',
      'journey:\n  name: a\n  checkpoints:\n    - {name: b, position: 1, steps: [click: c]}\n    - {name: c, steps: [click: c]}\n',
      'missing-key',
      5,
      7,
    ],
    [
      'retries that are no number',
      'journey:\n  name: a\n  config: {retry_failed_steps: true, max_retry_count: many}\n  checkpoints: [{name: b, steps: [click: c]}]\n',
      'wrong-value',
      3,
      55,
    ],
  ];
  for (const [title, text, code, line, column] of wrong)
    it(`is refused with its place: ${title}`, () => {
      const { definition, diagnostics } = readTestFile(text, { name: 'a' });
      assert.equal(definition, undefined);
      const [first] = diagnostics;
      assert.deepEqual([first?.code, first?.line, first?.column], [code, line, column]);
    });
});
