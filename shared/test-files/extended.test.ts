import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

const head = 'name: A shop\nsteps:\n  - {type: navigate, value: /}\n';

/** What each way to write a step in the extended form becomes. */
const steps: readonly [string, Record<string, unknown>][] = [
  ['{type: navigate, command: to, value: /cart}', { command: 'navigate.to', url: '/cart' }],
  ['{type: navigate, target: /cart, new_tab: true}', { command: 'navigate.to', url: '/cart', newTab: true }],
  ['{type: navigate, command: reload}', { command: 'navigate.refresh' }],
  ['{type: navigate, command: scrollTo, selector: "#a"}', { command: 'navigate.scroll-to', target: '#a' }],
  ['{type: navigate, command: scroll-by, value: "0,200"}', { command: 'navigate.scroll-by', x: 0, y: 200 }],
  ['{type: interact, command: click, target: Log in}', { command: 'interact.click', target: 'Log in' }],
  [
    '{type: interact, command: double_click, selector: Cell, position: TOP_LEFT}',
    { command: 'interact.double-click', target: 'Cell', position: 'TOP_LEFT' },
  ],
  ['{type: click, element: Log in}', { command: 'interact.click', target: 'Log in' }],
  ['{type: click, variable: $chosen}', { command: 'interact.click', variable: '$chosen' }],
  [
    '{type: interact, command: write, target: Zip, value: 007}',
    { command: 'interact.write', target: 'Zip', text: '007' },
  ],
  ['{type: write, target: A, text: b, delay: 10}', { command: 'interact.write', target: 'A', text: 'b', delayMs: 10 }],
  ['{type: write, target: A, variable: user}', { command: 'interact.write', target: 'A', text: '{{user}}' }],
  ['{type: interact, command: press, value: enter}', { command: 'interact.key', key: 'enter' }],
  ['{type: select, target: C, value: Norway}', { command: 'interact.select', target: 'C', option: 'Norway' }],
  ['{type: select, target: C, index: 2}', { command: 'interact.select', target: 'C', index: 2 }],
  ['{type: interact, command: tick, target: T}', { command: 'interact.check', target: 'T' }],
  ['{type: assert, target: Welcome}', { command: 'assert.exists', target: 'Welcome' }],
  ['{type: assert, command: equals, selector: h1, value: 5}', { command: 'assert.equals', target: 'h1', value: 5 }],
  [
    '{type: assert, command: equals, selector: h1, variable: a}',
    { command: 'assert.equals', target: 'h1', value: '{{a}}' },
  ],
  ["{type: assert, command: gt, target: h1, value: '5'}", { command: 'assert.gt', target: 'h1', value: 5 }],
  [
    '{type: assert, command: attribute, target: a, attribute: href, value: /x}',
    { command: 'assert.attribute', target: 'a', attribute: 'href', value: '/x' },
  ],
  [
    '{type: assert, command: variable, variable: $user, operator: contains, value: a}',
    { command: 'assert.variable', name: 'user', operator: 'contains', value: 'a' },
  ],
  ['{type: assert, command: url, pattern: /x$}', { command: 'assert.url', pattern: '/x$' }],
  ['{type: wait, value: 500}', { command: 'wait.time', durationMs: 500 }],
  ['{type: wait, target: A, timeout: 500}', { command: 'wait.element', target: 'A', timeoutMs: 500 }],
  [
    '{type: wait, command: element, target: A, state: hidden}',
    { command: 'wait.element', target: 'A', state: 'hidden' },
  ],
  [
    '{type: data, command: store, target: h1, variable: a}',
    { command: 'data.store-text', target: 'h1', variable: 'a' },
  ],
  [
    '{type: store, command: element_value, target: h1, variable: a}',
    { command: 'data.store-value', target: 'h1', variable: 'a' },
  ],
  ['{type: data, command: cookie-set, name: a, value: b}', { command: 'data.cookie-create', name: 'a', value: 'b' }],
  ['{type: window, command: resize, value: 800x600}', { command: 'window.resize', width: 800, height: 600 }],
  ['{type: window, command: switch-tab, value: next}', { command: 'window.switch-tab', direction: 'next' }],
  ['{type: window, command: switch-tab, value: 1}', { command: 'window.switch-tab', index: 1 }],
  ['{type: dialog, command: accept}', { command: 'dialog.confirm', accept: true }],
  ['{type: mouse, command: move, value: "10,20"}', { command: 'mouse.move', x: 10, y: 20 }],
  ['{type: misc, command: js, value: return 1}', { command: 'misc.execute', script: 'return 1' }],
  ['{type: comment, text: hello}', { command: 'misc.comment', text: 'hello' }],
  [
    '{type: click, target: A, description: open it, meta: {timeout: 5, critical: false, retry: 2}}',
    {
      command: 'interact.click',
      target: 'A',
      label: 'open it',
      timeoutMs: 5,
      onFailure: 'continue',
      retry: { count: 2 },
    },
  ],
  ['click: Log in', { command: 'interact.click', target: 'Log in' }],
  ["see 'Welcome'", { command: 'assert.exists', target: 'Welcome' }],
  ['{command: navigate.back}', { command: 'navigate.back' }],
];

const problems: readonly [string, string, string, number, string][] = [
  [
    'an unknown verb',
    '{type: interact, command: clik, target: a}',
    'unknown-command',
    31,
    "Did you mean 'interact.click'?",
  ],
  ['an unknown type', '{type: klick, target: a}', 'unknown-command', 12, "Did you mean 'click'?"],
  ['a verb of several groups', '{type: url, value: a}', 'ambiguous-command', 12, 'Name the group and the verb.'],
  ['a type that needs a command', '{type: interact, target: a}', 'missing-key', 12, ''],
  ['an unknown key', '{type: click, target: a, positon: CENTER}', 'unknown-key', 30, "Did you mean 'position'?"],
  ['a poll interval', '{type: click, target: a, meta: {poll_interval: 5}}', 'unsupported-key', 37, 'Remove it.'],
  [
    'an unknown key of meta',
    '{type: click, target: a, meta: {critcal: true}}',
    'unknown-key',
    37,
    "Did you mean 'critical'?",
  ],
  ['a field twice', '{type: click, target: a, selector: b}', 'same-field', 40, 'Keep one of them.'],
  ['an option twice', '{type: click, target: a, label: a, description: b}', 'same-field', 40, 'Keep one of them.'],
  ['a value that the command does not take', '{type: navigate, command: back, value: 1}', 'unknown-key', 37, ''],
  ['what its contract refuses', '{type: select, target: a}', 'invalid-value', 5, 'Keep or add one of them.'],
];

describe('a step of the extended form', () => {
  for (const [text, expected] of steps)
    it(`is read: ${text}`, () => {
      const { form, definition, diagnostics } = readTestFile(`${head}  - ${text}\n`, { name: 'a' });
      assert.deepEqual(diagnostics, []);
      assert.equal(form, 'extended');
      assert.deepEqual(definition?.checkpoints[0]?.steps[1], expected);
    });

  for (const [title, text, code, column, hint] of problems)
    it(`is refused with its place: ${title}`, () => {
      const { definition, diagnostics } = readTestFile(`${head}  - ${text}\n`, { name: 'a' });
      assert.equal(definition, undefined);
      assert.deepEqual(
        diagnostics.map((problem) => [problem.code, problem.line, problem.column]),
        [[code, 4, column]],
      );
      if (hint) assert.equal(diagnostics[0]?.hint, hint);
    });
});

describe('the extended form', () => {
  it('has the top of the simplified form, and says what the test is for', () => {
    const text = `
name: A shop
description: Buys things
starting_url: https://shop.example/
tags: [smoke]
infrastructure:
  environment: staging
  browser: chromium
  viewport: { width: 800, height: 600 }
  project: Shop
  goal: People can pay
  journey: Checkout
checkpoints:
  - name: Pay
    steps:
      - { type: click, target: Pay }
`;
    const { form, definition, diagnostics } = readTestFile(text, { name: 'a' });
    assert.deepEqual(diagnostics, []);
    assert.equal(form, 'extended');
    assert.deepEqual(definition, {
      name: 'A shop',
      description: 'Buys things\nGoal: People can pay',
      tags: ['smoke', 'project:Shop', 'journey:Checkout'],
      baseUrl: 'https://shop.example/',
      environment: 'staging',
      config: { browser: 'chromium', viewport: { width: 800, height: 600 } },
      variables: {},
      data: [],
      setup: [],
      checkpoints: [
        {
          name: 'Pay',
          steps: [
            { command: 'navigate.to', url: 'https://shop.example/' },
            { command: 'interact.click', target: 'Pay' },
          ],
        },
      ],
      teardown: [],
    });
  });

  it('is told by a typed step in any list of steps', () => {
    for (const list of ['setup', 'teardown'])
      assert.equal(
        readTestFile(`name: a\n${list}: [{type: click, target: a}]\nsteps: [click: a]\n`, { name: 'a' }).form,
        'extended',
      );
  });
});
