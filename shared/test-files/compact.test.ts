import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

const head = 'test: A shop\ndo:\n';

/** What each way to write a step in the compact form becomes. */
const steps: readonly [string, Record<string, unknown>][] = [
  ['nav: /cart', { command: 'navigate.to', url: '/cart' }],
  ['goto: https://shop.example', { command: 'navigate.to', url: 'https://shop.example' }],
  ['back:', { command: 'navigate.back' }],
  ['back', { command: 'navigate.back' }],
  ['forward: true', { command: 'navigate.forward' }],
  ['refresh', { command: 'navigate.refresh' }],
  ['scroll: top', { command: 'navigate.scroll-top' }],
  ['scroll: bottom', { command: 'navigate.scroll-bottom' }],
  ['scroll: up', { command: 'navigate.scroll-up' }],
  ['scroll: down', { command: 'navigate.scroll-down' }],
  ['scroll: 300', { command: 'navigate.scroll-position', y: 300, x: 0 }],
  ['scroll: "10,20"', { command: 'navigate.scroll-position', x: 10, y: 20 }],
  ["scroll: '#footer'", { command: 'navigate.scroll-to', target: '#footer' }],
  ['c: Log in', { command: 'interact.click', target: 'Log in' }],
  ['c: 5', { command: 'interact.click', target: '5' }],
  ['c: {role: button, name: Save}', { command: 'interact.click', target: { role: 'button', name: 'Save' } }],
  ['c: {Log in: {pos: TOP_LEFT}}', { command: 'interact.click', target: 'Log in', position: 'TOP_LEFT' }],
  ['c: {var: chosen, pos: CENTER}', { command: 'interact.click', variable: 'chosen', position: 'CENTER' }],
  ['dblclick: Cell', { command: 'interact.double-click', target: 'Cell' }],
  ['dblclick: {Cell: {pos: CENTER}}', { command: 'interact.double-click', target: 'Cell', position: 'CENTER' }],
  ['rightclick: Cell', { command: 'interact.right-click', target: 'Cell' }],
  ['h: Menu', { command: 'interact.hover', target: 'Menu' }],
  ['hover: {Menu: {pos: TOP_LEFT}}', { command: 'interact.hover', target: 'Menu', position: 'TOP_LEFT' }],
  ['t: hello', { command: 'interact.write', text: 'hello' }],
  ["t: ''", { command: 'interact.write', text: '' }],
  ['t: {Email: ada@example.com}', { command: 'interact.write', target: 'Email', text: 'ada@example.com' }],
  ['t: {Zip: 007}', { command: 'interact.write', target: 'Zip', text: '007' }],
  ['t: {Agree: true}', { command: 'interact.write', target: 'Agree', text: 'true' }],
  ["t: {'#a': '{{user}}'}", { command: 'interact.write', target: '#a', text: '{{user}}' }],
  ['k: enter', { command: 'interact.key', key: 'enter' }],
  ['k: ctrl+a', { command: 'interact.key', key: 'ctrl+a' }],
  ['select: {Country: Norway}', { command: 'interact.select', target: 'Country', option: 'Norway' }],
  ['select: {Country: 2}', { command: 'interact.select', target: 'Country', index: 2 }],
  ["select: {Country: '2'}", { command: 'interact.select', target: 'Country', option: '2' }],
  ['tick: Terms', { command: 'interact.check', target: 'Terms' }],
  ['untick: Terms', { command: 'interact.uncheck', target: 'Terms' }],
  ['ch: Welcome', { command: 'assert.exists', target: 'Welcome' }],
  ['nch: Error', { command: 'assert.not-exists', target: 'Error' }],
  ["eq: {'#n': 5}", { command: 'assert.equals', target: '#n', value: 5 }],
  ["eq: {'#n': 1.50}", { command: 'assert.equals', target: '#n', value: '1.50' }],
  ["neq: {'#n': five}", { command: 'assert.not-equals', target: '#n', value: 'five' }],
  ["gt: {'#n': 5}", { command: 'assert.gt', target: '#n', value: 5 }],
  ["gte: {'#n': 5.5}", { command: 'assert.gte', target: '#n', value: 5.5 }],
  ["lt: {'#n': -5}", { command: 'assert.lt', target: '#n', value: -5 }],
  ["lte: {'#n': '{{limit}}'}", { command: 'assert.lte', target: '#n', value: '{{limit}}' }],
  ['contains: {h1: Wel}', { command: 'assert.contains', target: 'h1', value: 'Wel' }],
  ['matches: {h1: ^Wel}', { command: 'assert.matches', target: 'h1', pattern: '^Wel' }],
  ['url: /welcome', { command: 'assert.url', value: '/welcome' }],
  ['url: {pattern: welcome}', { command: 'assert.url', pattern: 'welcome' }],
  ['title: Home', { command: 'assert.title', value: 'Home' }],
  ['store: {h1: heading}', { command: 'data.store-text', target: 'h1', variable: 'heading' }],
  ['cookie: {consent: yes}', { command: 'data.cookie-create', name: 'consent', value: 'yes' }],
  ['wait: 500', { command: 'wait.time', durationMs: 500 }],
  ["wait: '#x'", { command: 'wait.element', target: '#x' }],
  ['wait: {for: Hello, max: 3000}', { command: 'wait.element', target: 'Hello', timeoutMs: 3000 }],
  ['wait: {gone: Spinner}', { command: 'wait.element', target: 'Spinner', state: 'hidden' }],
  ['js: return 1', { command: 'misc.execute', script: 'return 1' }],
  ['note: hello', { command: 'misc.comment', text: 'hello' }],
  ['log: hello', { command: 'misc.log', text: 'hello' }],
  ['screenshot: home', { command: 'misc.screenshot', name: 'home' }],
  ['dialog: accept', { command: 'dialog.confirm', accept: true }],
  ['dialog: confirm', { command: 'dialog.confirm', accept: true }],
  ['dialog: cancel', { command: 'dialog.confirm', accept: false }],
  ['dialog: dismiss', { command: 'dialog.alert' }],
  ['dialog: Ada', { command: 'dialog.prompt', text: 'Ada', accept: true }],
  ['window: maximize', { command: 'window.maximize' }],
  ['window: 800x600', { command: 'window.resize', width: 800, height: 600 }],
  ['window: next', { command: 'window.switch-tab', direction: 'next' }],
  ['window: prev', { command: 'window.switch-tab', direction: 'prev' }],
  ['window: 1', { command: 'window.switch-tab', index: 1 }],
  ["frame: '#details'", { command: 'window.switch-frame', target: '#details' }],
  ['frame: parent', { command: 'window.switch-parent-frame' }],
  ['frame: main', { command: 'window.switch-main-frame' }],
  ['mouse: down', { command: 'mouse.down' }],
  ['mouse: up', { command: 'mouse.up' }],
  ['mouse: "10,20"', { command: 'mouse.move', x: 10, y: 20 }],
  ['mouse: {action: down, target: Canvas}', { command: 'mouse.down', target: 'Canvas' }],
  ['mouse: {action: move, target: Canvas}', { command: 'mouse.move-to', target: 'Canvas' }],
  ['{command: assert.count, target: li, value: 3}', { command: 'assert.count', target: 'li', value: 3 }],
];

/** What options beside an action become. */
const options: readonly [string, Record<string, unknown>][] = [
  ['label: first', { label: 'first' }],
  ['timeout: 100', { timeoutMs: 100 }],
  ['timeoutMs: 100', { timeoutMs: 100 }],
  ['optional: true', { optional: true }],
  ['on_error: continue', { onFailure: 'continue' }],
  ['onFailure: stop', { onFailure: 'stop' }],
  ['continue_on_error: true', { onFailure: 'continue' }],
  ['retry: 2', { retry: { count: 2 } }],
  ['retry: {count: 2, delay: 50}', { retry: { count: 2, delayMs: 50 } }],
  ['screenshot: false', { screenshot: false }],
];

function read(text: string) {
  const { definition, diagnostics } = readTestFile(text, { name: 'test.yaml' });
  assert.deepEqual(diagnostics, []);
  assert.ok(definition);
  return definition;
}

describe('an XPath as a key', () => {
  it('is a target', () => {
    const { definition, diagnostics } = readTestFile(
      'test: x\ndo:\n  - eq: {//h1: a}\n  - eq:\n      //a[@id="b"]: c\n',
      {
        name: 'a',
      },
    );
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      definition?.checkpoints[0]?.steps.map(({ target }) => target),
      ['//h1', '//a[@id="b"]'],
    );
  });
});

describe('the compact form', () => {
  for (const [written, expected] of steps) {
    it(`reads '- ${written}' as ${expected.command}`, () => {
      assert.deepEqual(read(`${head}  - ${written}\n`).checkpoints, [{ name: 'A shop', steps: [expected] }]);
    });
  }

  for (const [written, expected] of options) {
    it(`reads '${written}' beside an action as an option of the step`, () => {
      const [checkpoint] = read(`${head}  - c: Go\n    ${written}\n`).checkpoints;
      assert.deepEqual(checkpoint?.steps, [{ command: 'interact.click', target: 'Go', ...expected }]);
    });
  }

  it('reads what stands at the top', () => {
    const text = `test: A shop
desc: Buys things
base: https://shop.example
url: /start
tags: [smoke, 'slow']
env: staging
vars: {user: ada, zip: 007}
config: {retry: 2, timeout: 5000, on_error: continue, viewport: 800x600, test_timeout: 9000, userAgent: me}
setup:
  - cookie: {consent: '{{zip}}'}
do:
  - c: '{{user}}'
teardown:
  - log: bye
`;
    assert.deepEqual(read(text), {
      name: 'A shop',
      description: 'Buys things',
      baseUrl: 'https://shop.example',
      tags: ['smoke', 'slow'],
      environment: 'staging',
      variables: { user: 'ada', zip: '007' },
      config: {
        retries: 2,
        timeout: 5000,
        onFailure: 'continue',
        viewport: { width: 800, height: 600 },
        testTimeout: 9000,
        userAgent: 'me',
      },
      data: [],
      setup: [
        { command: 'navigate.to', url: '/start' },
        { command: 'data.cookie-create', name: 'consent', value: '{{zip}}' },
      ],
      checkpoints: [{ name: 'A shop', steps: [{ command: 'interact.click', target: '{{user}}' }] }],
      teardown: [{ command: 'misc.log', text: 'bye' }],
    });
  });

  it('opens the starting address first, and takes it for the base when there is none', () => {
    const { baseUrl, checkpoints } = read('test: x\nnav: https://shop.example/a\ndo: [c: Go]\n');
    assert.equal(baseUrl, 'https://shop.example/a');
    assert.deepEqual(checkpoints[0]?.steps[0], { command: 'navigate.to', url: 'https://shop.example/a' });
  });

  it('makes each group a checkpoint, and of the steps between them checkpoints of the name of the test', () => {
    const text = `${head}  - c: a
  - group: Pay
    do: [c: b, c: c]
  - c: d
`;
    const names = read(text).checkpoints.map(({ name, steps: { length } }) => [name, length]);
    assert.deepEqual(names, [
      ['A shop', 1],
      ['Pay', 2],
      ['A shop (2)', 1],
    ]);
  });

  it('resolves anchors, aliases and merge keys', () => {
    const text = `${head}  - &go {c: Go, label: go}
  - *go
  - {<<: *go, label: again}
`;
    const [checkpoint] = read(text).checkpoints;
    assert.deepEqual(
      checkpoint?.steps.map((step) => step.label),
      ['go', 'go', 'again'],
    );
  });

  it('reads JSON, Windows line ends and a byte order mark', () => {
    const expected = read(`${head}  - c: Go\n`);
    assert.deepEqual(read('{\n\t"test": "A shop",\n\t"do": [{"c": "Go"}]\n}\n'), expected);
    assert.deepEqual(read(`\uFEFF${head}  - c: Go\n`.replaceAll('\n', '\r\n')), expected);
  });
});
