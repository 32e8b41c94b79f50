import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';

const page = `<!doctype html><title>Basket</title>
<h1>Your  basket</h1>
<p id="gone" style="display:none">hidden</p>
<label><input type="checkbox" checked> News</label><label><input type="checkbox"> Terms</label>
<label><input type="checkbox" checked style="position:absolute; width:0; height:0; margin:0"><span>Styled</span></label>
<label><input type="checkbox" disabled style="position:absolute; width:0; height:0; margin:0"><span>Plain</span></label>
<div role="switch" aria-checked="true">Dark</div>
<select id="s"><option value="se">Sweden</option><option value="no" selected>Norway</option></select>
<div role="tab" aria-selected="true">First</div><div role="tab">Second</div>
<button disabled>Off</button><button>On</button><div role="button" aria-disabled="true">Aria off</div>
<label>Email <input value="ada@example.com"></label>
<p id="price">Total: 1.234,50 €</p><p id="two">1 of 2</p><p id="words">many</p>
<a href="/terms" data-level="3">Read</a>
<ul><li>a</li><li>b</li><li>c</li></ul>`;

/** [verb, fields that hold, fields that do not] */
const cases: readonly (readonly [string, Omit<Step, 'command'>, Omit<Step, 'command'>])[] = [
  ['exists', { target: '#gone' }, { target: 'No such words' }],
  ['not-exists', { target: 'No such words' }, { target: '#gone' }],
  ['visible', { target: 'Your basket' }, { target: '#gone' }],
  ['hidden', { target: '#gone' }, { target: 'Your basket' }],
  ['checked', { target: 'News' }, { target: 'Terms' }],
  ['checked', { target: 'Styled' }, { target: 'Plain' }],
  ['disabled', { target: 'Plain' }, { target: 'Styled' }],
  ['not-checked', { target: 'Terms' }, { target: 'Dark' }],
  ['selected', { target: 'Norway' }, { target: 'Sweden' }],
  ['not-selected', { target: 'Second' }, { target: 'First' }],
  ['enabled', { target: 'On' }, { target: 'Off' }],
  ['disabled', { target: 'Aria off' }, { target: 'On' }],
  ['equals', { target: 'Email', value: 'ada@example.com' }, { target: 'Email', value: 'ada' }],
  ['equals', { target: '#s', value: 'Norway' }, { target: '#s', value: 'Sweden' }],
  ['equals', { target: '#s', value: 'no' }, { target: '#s', value: 'se' }],
  ['not-equals', { target: 'h1', value: 'Your' }, { target: 'h1', value: 'Your basket' }],
  ['contains', { target: 'h1', value: 'basket' }, { target: 'h1', value: 'wallet' }],
  ['not-contains', { target: 'h1', value: 'wallet' }, { target: 'h1', value: 'basket' }],
  ['gt', { target: '#price', value: 1234 }, { target: '#price', value: 1234.5 }],
  ['gte', { target: '#price', value: 1234.5 }, { target: '#price', value: 1235 }],
  ['lt', { target: '#price', value: 1235 }, { target: '#price', value: 1234.5 }],
  ['lte', { target: '#price', value: 1234.5 }, { target: '#price', value: 1234 }],
  ['matches', { target: 'h1', pattern: '^your B/i'.replace('^', '/^') }, { target: 'h1', pattern: '^basket' }],
  [
    'attribute',
    { target: 'Read', attribute: 'data-level', value: 3 },
    { target: 'Read', attribute: 'rel', value: 'x' },
  ],
  ['variable', { name: 'n', value: 5 }, { name: 'n', value: 6 }],
  ['variable', { name: 'n', value: 4, operator: 'gt' }, { name: 'n', value: 5, operator: 'gt' }],
  ['variable', { name: 'n', value: '^\\d$', operator: 'matches' }, { name: 'n', value: '^\\D$', operator: 'matches' }],
  ['url', { value: '/' }, { value: '/other' }],
  ['url', { pattern: ':\\d+/$' }, { pattern: 'other' }],
  ['title', { value: 'Basket' }, { value: 'basket' }],
  ['title', { pattern: '^Bask' }, { pattern: '^bask' }],
  ['count', { target: 'css=li', value: 3 }, { target: 'css=li', value: 2 }],
  ['count', { target: 'css=li', value: 2, operator: 'gt' }, { target: 'css=li', value: 3, operator: 'gt' }],
];

describe('assertions', () => {
  const { open, step, run } = bench({
    '/': page,
    '/counting': `<p id="n">counting …</p><script>setTimeout(() => { n.textContent = '12' }, 300)</script>`,
    '/spaces': '<p id="text">one<br> two&nbsp;three</p><input id="field" value="a  b">',
    '/components': `<div id="shop">Tea: <x-price><b>12</b> €</x-price></div>
      <script>customElements.define('x-price', class extends HTMLElement {
        constructor() {
          super();
          this.attachShadow({ mode: 'open' }).innerHTML =
            '<style>.off { display: none }</style>Price <span><slot></slot></span><i class="off">secret</i><p>only today</p>';
        }
      })</script>`,
    '/slow': `<p id="p">before</p><script>setTimeout(() => { p.textContent = 'after' }, 300)</script>`,
  });

  it('pass when they hold, and fail with what was expected and found when they do not', async () => {
    const session = await open({ variables: { n: 5 } });
    const steps = cases.flatMap(([verb, good, bad]) => [
      { command: `assert.${verb}`, ...good, timeoutMs: 1000 },
      { command: `assert.${verb}`, ...bad, timeoutMs: 30 },
    ]);
    const { results, status } = await session.runCheckpoint({
      name: 'all',
      index: 0,
      steps: [{ command: 'navigate.to', url: '/' }, ...steps],
    });
    equal(status, 'failed');
    for (const [at, result] of results.slice(1).entries()) {
      equal(result.status, at % 2 === 0 ? 'passed' : 'failed', JSON.stringify([steps[at], result]));
      if (at % 2 === 1) equal('expected' in result && 'actual' in result, true, JSON.stringify(result));
    }
  });

  it('wait for what is still to come', async () => {
    const [, result] = await run(
      { command: 'navigate.to', url: '/slow' },
      { command: 'assert.equals', target: '#p', value: 'after' },
    );
    equal(result?.status, 'passed');
  });

  it('compare texts without regard to how their white space is written, and values with it', async () => {
    const assert = (verb: string, target: string, value: string): Step => ({
      ...{ command: `assert.${verb}`, target, value, timeoutMs: 50 },
    });
    const results = await run(
      { command: 'navigate.to', url: '/spaces' },
      assert('equals', '#text', 'one\ntwo\u00a0three'),
      assert('contains', '#text', 'two\u00a0 three\n'),
      assert('equals', '#field', 'a  b'),
      assert('not-equals', '#field', 'a b'),
    );
    deepEqual(new Set(results.map(({ status }) => status)), new Set(['passed']), JSON.stringify(results, null, 1));
  });

  it('read what components show, their own text and what is put in', async () => {
    const results = await run(
      { command: 'navigate.to', url: '/components' },
      { command: 'assert.equals', target: 'css=x-price', value: 'Price 12 € only today' },
      { command: 'assert.contains', target: '#shop', value: 'Tea: Price 12 € only today' },
      { command: 'assert.not-contains', target: '#shop', value: 'secret' },
      { command: 'wait.text', value: 'Price 12 €' },
      { command: 'wait.text', pattern: '\nonly today' },
    );
    deepEqual(new Set(results.map(({ status }) => status)), new Set(['passed']), JSON.stringify(results, null, 1));
  });

  it('wait for a number where there is none yet', async () => {
    const [, result] = await run(
      { command: 'navigate.to', url: '/counting' },
      { command: 'assert.gt', target: '#n', value: 11, timeoutMs: 5000 },
    );
    deepEqual([result?.status, result?.actual], ['passed', 12]);
  });

  it('say what was found when the time is over', async () => {
    const result = await step({ command: 'assert.equals', target: 'h1', value: 'My basket', timeoutMs: 50 });
    deepEqual([result.status, result.expected, result.actual], ['failed', 'My basket', 'Your basket']);
    equal(result.duration_ms >= 45, true, 'and how long that was');
    equal(result.duration_ms < 1500, true);
  });

  it('cannot be executed on an element that is not there', async () => {
    const result = await step({ command: 'assert.equals', target: '#nowhere', value: 'x', timeoutMs: 50 });
    deepEqual([result.status, result.error?.type], ['error', 'element-not-found']);
  });

  it('refuse to compare as a number what is none, or more than one', async () => {
    const [words, two] = await run(
      { command: 'assert.gt', target: '#words', value: 1, timeoutMs: 50, onFailure: 'continue' },
      { command: 'assert.gt', target: '#two', value: 1, timeoutMs: 50 },
    );
    match(words?.error?.message ?? '', /'many' is not a number/);
    match(two?.error?.message ?? '', /more than one number/);
  });

  it('name the pattern that is none', async () => {
    const result = await step({ command: 'assert.matches', target: 'h1', pattern: '(' });
    deepEqual([result.status, result.error?.type], ['error', 'invalid-value']);
  });

  it('name the variable that does not exist, and the nearest one', async () => {
    const [, result] = await run(
      { command: 'data.store-literal', value: 1, variable: 'basket' },
      { command: 'assert.variable', name: 'baskt', value: 1 },
    );
    deepEqual([result?.error?.type, result?.error?.hint], ['unknown-variable', "Did you mean 'basket'?"]);
  });
});
