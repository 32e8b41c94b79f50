import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

/** What each way to write a step in the simplified form becomes. */
const steps: readonly [string, Record<string, unknown>][] = [
  ['navigate: /cart', { command: 'navigate.to', url: '/cart' }],
  ['navigate: {url: /cart}', { command: 'navigate.to', url: '/cart' }],
  ['navigate: {to: /cart, new_tab: true}', { command: 'navigate.to', url: '/cart', newTab: true }],
  ['navigate: back', { command: 'navigate.back' }],
  ["scroll: '#foot'", { command: 'navigate.scroll-to', target: '#foot' }],
  ["scroll: {to: '#foot'}", { command: 'navigate.scroll-to', target: '#foot' }],
  ['scroll: {to: bottom}', { command: 'navigate.scroll-bottom' }],
  ['scroll: {position: "1,2"}', { command: 'navigate.scroll-position', x: 1, y: 2 }],
  ['scroll: {position: {x: 1, y: 2}}', { command: 'navigate.scroll-position', x: 1, y: 2 }],
  ['scroll: {position: top}', { command: 'navigate.scroll-top' }],
  ['scroll: {by: 100}', { command: 'navigate.scroll-by', y: 100, x: 0 }],
  ['scroll: {by: "5,-5"}', { command: 'navigate.scroll-by', x: 5, y: -5 }],
  ['scroll: {direction: down}', { command: 'navigate.scroll-down' }],
  ['assert: Welcome', { command: 'assert.exists', target: 'Welcome' }],
  ['assert: {type: exists, selector: h1}', { command: 'assert.exists', target: 'h1' }],
  ['assert: {command: not-exists, element: h1}', { command: 'assert.not-exists', target: 'h1' }],
  ['assert: {type: visible, element: h1}', { command: 'assert.visible', target: 'h1' }],
  ['assert: {type: not_checked, element: a}', { command: 'assert.not-checked', target: 'a' }],
  ['assert: {type: equals, selector: h1, value: Hi}', { command: 'assert.equals', target: 'h1', value: 'Hi' }],
  ['assert: {type: equals, selector: h1, variable: x}', { command: 'assert.equals', target: 'h1', value: '{{x}}' }],
  ['assert: {type: gt, selector: h1, value: 5}', { command: 'assert.gt', target: 'h1', value: 5 }],
  ['assert: {type: matches, selector: h1, pattern: ^H}', { command: 'assert.matches', target: 'h1', pattern: '^H' }],
  [
    'assert: {type: attribute, selector: a, attr: href, value: /x}',
    { command: 'assert.attribute', target: 'a', attribute: 'href', value: '/x' },
  ],
  ['assert: {type: url, value: /x}', { command: 'assert.url', value: '/x' }],
  ['assert: {type: title, pattern: x}', { command: 'assert.title', pattern: 'x' }],
  ['assert: {type: count, selector: li, value: 3}', { command: 'assert.count', target: 'li', value: 3 }],
  ['assert: {type: variable, variable: u, value: a}', { command: 'assert.variable', name: 'u', value: 'a' }],
  [
    'assert: {type: contains, variable: u, value: a}',
    { command: 'assert.variable', name: 'u', value: 'a', operator: 'contains' },
  ],
  ['click: Go', { command: 'interact.click', target: 'Go' }],
  ['click: {selector: Go, position: CENTER}', { command: 'interact.click', target: 'Go', position: 'CENTER' }],
  ['double-click: Go', { command: 'interact.double-click', target: 'Go' }],
  ['doubleClick: {element: Go}', { command: 'interact.double-click', target: 'Go' }],
  ['right-click: Go', { command: 'interact.right-click', target: 'Go' }],
  ['rightClick: Go', { command: 'interact.right-click', target: 'Go' }],
  ['hover: {selector: Go, duration: 5}', { command: 'interact.hover', target: 'Go', durationMs: 5 }],
  ['key: enter', { command: 'interact.key', key: 'enter' }],
  ['press: {key: tab, times: 2}', { command: 'interact.key', key: 'tab', repeat: 2 }],
  ['write: hello', { command: 'interact.write', text: 'hello' }],
  ['type: hello', { command: 'interact.write', text: 'hello' }],
  ['write: {selector: Email, text: a}', { command: 'interact.write', target: 'Email', text: 'a' }],
  ['type: {element: Email, value: 5}', { command: 'interact.write', target: 'Email', text: '5' }],
  ['write: {into: Email, content: a}', { command: 'interact.write', target: 'Email', text: 'a' }],
  [
    'write: {target: Email, text: a, secret: true}',
    { command: 'interact.write', target: 'Email', text: 'a', secret: true },
  ],
  ['mouse: {action: move, selector: Go}', { command: 'mouse.move-to', target: 'Go' }],
  ['mouse: {action: move, position: {x: 1, y: 2}}', { command: 'mouse.move', x: 1, y: 2 }],
  ['mouse: {action: move, offset: "1,-2"}', { command: 'mouse.move-by', x: 1, y: -2 }],
  ['mouse: {action: enter, selector: Go}', { command: 'mouse.enter', target: 'Go' }],
  ['mouse: {action: down, button: right}', { command: 'mouse.down', button: 'right' }],
  ['mouse: {action: up, selector: Go}', { command: 'mouse.up', target: 'Go' }],
  ['mouse: {action: wheel, offset: {x: 0, y: 9}}', { command: 'mouse.wheel', x: 0, y: 9 }],
  ['select: {selector: C, option: Norway}', { command: 'interact.select', target: 'C', option: 'Norway' }],
  ['select: {element: C, value: 5}', { command: 'interact.select', target: 'C', option: '5' }],
  ['select: {from: C, text: Norway}', { command: 'interact.select', target: 'C', option: 'Norway' }],
  ['select: {from: C, index: 1}', { command: 'interact.select', target: 'C', index: 1 }],
  ['select: {from: C, last: true}', { command: 'interact.select', target: 'C', last: true }],
  ['wait: 500', { command: 'wait.time', durationMs: 500 }],
  ['wait: Hello', { command: 'wait.element', target: 'Hello' }],
  ['wait: {element: Hello}', { command: 'wait.element', target: 'Hello' }],
  ['wait: {for: Hello, state: hidden}', { command: 'wait.element', target: 'Hello', state: 'hidden' }],
  ['wait: {for: Hello, ms: 50}', { command: 'wait.element', target: 'Hello', timeoutMs: 50 }],
  ['wait: {time: 5}', { command: 'wait.time', durationMs: 5 }],
  ['wait: {ms: 5}', { command: 'wait.time', durationMs: 5 }],
  ['wait: {milliseconds: 5}', { command: 'wait.time', durationMs: 5 }],
  ['store: {type: element-text, selector: h1, as: u}', { command: 'data.store-text', target: 'h1', variable: 'u' }],
  [
    'store: {type: element-value, element: h1, variable: u}',
    { command: 'data.store-value', target: 'h1', variable: 'u' },
  ],
  [
    'store: {type: attribute, from: a, attribute: href, in: u}',
    { command: 'data.store-attribute', target: 'a', attribute: 'href', variable: 'u' },
  ],
  ['store: {type: literal, value: [1, 2], as: u}', { command: 'data.store-literal', value: [1, 2], variable: 'u' }],
  ['cookie: {action: create, name: a, value: b}', { command: 'data.cookie-create', name: 'a', value: 'b' }],
  ['cookie: {action: set, name: a, value: 1}', { command: 'data.cookie-create', name: 'a', value: 1 }],
  ['cookie: {action: delete, name: a}', { command: 'data.cookie-delete', name: 'a' }],
  ['cookie: {action: remove, name: a}', { command: 'data.cookie-delete', name: 'a' }],
  ['cookie: {action: clear}', { command: 'data.cookies-clear' }],
  ['cookie: {action: clear-all}', { command: 'data.cookies-clear' }],
  ['window: {action: resize, size: 800x600}', { command: 'window.resize', width: 800, height: 600 }],
  ['window: {action: resize, to: 800x600}', { command: 'window.resize', width: 800, height: 600 }],
  ['window: {action: resize, width: 800, height: 600}', { command: 'window.resize', width: 800, height: 600 }],
  ['window: {action: maximize}', { command: 'window.maximize' }],
  ['window: {action: switch, to: next}', { command: 'window.switch-tab', direction: 'next' }],
  ['window: {action: switch, to: 0}', { command: 'window.switch-tab', index: 0 }],
  ['window: {action: switch, to: Help}', { command: 'window.switch-tab', title: 'Help' }],
  ["window: {action: switch, iframe: '#f'}", { command: 'window.switch-frame', target: '#f' }],
  ['window: {action: switch, parent: true}', { command: 'window.switch-parent-frame' }],
  ['dialog: accept', { command: 'dialog.confirm', accept: true }],
  ['dialog: {action: accept, text: Ada}', { command: 'dialog.prompt', text: 'Ada', accept: true }],
  ['dialog: {action: cancel}', { command: 'dialog.confirm', accept: false }],
  ['alert:', { command: 'dialog.alert' }],
  ['alert: dismiss', { command: 'dialog.alert' }],
  ['comment: hello', { command: 'misc.comment', text: 'hello' }],
  ['execute: return 1', { command: 'misc.execute', script: 'return 1' }],
  ['javascript: return 1', { command: 'misc.execute', script: 'return 1' }],
  [
    'js: {script: return args, args: {a: 1}, as: u}',
    { command: 'misc.execute', script: 'return args', args: { a: 1 }, variable: 'u' },
  ],
  ['{command: interact.check, target: Terms}', { command: 'interact.check', target: 'Terms' }],
];

function read(text: string) {
  const { definition, diagnostics } = readTestFile(text, { name: 'test.yaml' });
  assert.deepEqual(diagnostics, []);
  assert.ok(definition);
  return definition;
}

describe('the simplified form', () => {
  for (const [written, expected] of steps) {
    it(`reads '- ${written}' as ${expected.command}`, () => {
      assert.deepEqual(read(`name: x\nsteps:\n  - ${written}\n`).checkpoints, [{ name: 'x', steps: [expected] }]);
    });
  }

  it('reads what stands at the top', () => {
    const text = `name: A shop
description: Buys things
project: Shops
variables: [{name: user, value: ada}]
config: {continue_on_error: true, default_timeout: 1000, base_url: https://shop.example, screenshot_on_failure: true}
infrastructure: {starting_url: /start, environment: staging, viewport: {width: 800, height: 600}}
steps: [click: '{{user}}']
checkpoints:
  - name: Pay
    steps: [click: Pay, click: Done]
`;
    assert.deepEqual(read(text), {
      name: 'A shop',
      description: 'Buys things',
      baseUrl: 'https://shop.example',
      tags: ['project:Shops'],
      environment: 'staging',
      variables: { user: 'ada' },
      config: { onFailure: 'continue', timeout: 1000, screenshots: 'failures', viewport: { width: 800, height: 600 } },
      data: [],
      setup: [],
      checkpoints: [
        {
          name: 'A shop',
          steps: [
            { command: 'navigate.to', url: '/start' },
            { command: 'interact.click', target: '{{user}}' },
          ],
        },
        {
          name: 'Pay',
          steps: [
            { command: 'interact.click', target: 'Pay' },
            { command: 'interact.click', target: 'Done' },
          ],
        },
      ],
      teardown: [],
    });
  });

  it('takes the starting address for the base when there is no other', () => {
    const { baseUrl, checkpoints } = read('name: x\nstarting_url: https://shop.example/a\nsteps: [click: Go]\n');
    assert.equal(baseUrl, 'https://shop.example/a');
    assert.equal(checkpoints[0]?.steps[0]?.url, 'https://shop.example/a');
  });
});
