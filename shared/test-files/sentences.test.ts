import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

const sentences: readonly [string, Record<string, unknown>][] = [
  ['click: Log in', { command: 'interact.click', target: 'Log in' }],
  ['c: Log in', { command: 'interact.click', target: 'Log in' }],
  ['wait: 500', { command: 'wait.time', durationMs: 500 }],
  ['navigate to https://shop.example/a', { command: 'navigate.to', url: 'https://shop.example/a' }],
  ['go to /cart', { command: 'navigate.to', url: '/cart' }],
  ['browse to /cart', { command: 'navigate.to', url: '/cart' }],
  ['open https://shop.example', { command: 'navigate.to', url: 'https://shop.example' }],
  ['go back', { command: 'navigate.back' }],
  ['reload the page', { command: 'navigate.refresh' }],
  ['click on Log in', { command: 'interact.click', target: 'Log in' }],
  ['press Log in', { command: 'interact.click', target: 'Log in' }],
  ["tap 'Log in'", { command: 'interact.click', target: 'Log in' }],
  ['Double click the row', { command: 'interact.double-click', target: 'the row' }],
  ['press enter', { command: 'interact.key', key: 'enter' }],
  ['press ctrl + a', { command: 'interact.key', key: 'ctrl+a' }],
  ["write 'ada' in 'Email'", { command: 'interact.write', text: 'ada', target: 'Email' }],
  ['type ada into Email', { command: 'interact.write', text: 'ada', target: 'Email' }],
  ['enter "in and out" in "Log in form"', { command: 'interact.write', text: 'in and out', target: 'Log in form' }],
  ['fill Email with ada', { command: 'interact.write', text: 'ada', target: 'Email' }],
  ["type 'hello'", { command: 'interact.write', text: 'hello' }],
  ['pick Norway from Country', { command: 'interact.select', option: 'Norway', target: 'Country' }],
  ['select "Norway" in Country', { command: 'interact.select', option: 'Norway', target: 'Country' }],
  ['tick Terms', { command: 'interact.check', target: 'Terms' }],
  ["see 'Welcome'", { command: 'assert.exists', target: 'Welcome' }],
  ['look for Welcome', { command: 'assert.exists', target: 'Welcome' }],
  ['assert that Welcome exists', { command: 'assert.exists', target: 'Welcome' }],
  ['assert Welcome is visible', { command: 'assert.visible', target: 'Welcome' }],
  ["don't see Error", { command: 'assert.not-exists', target: 'Error' }],
  ['wait for Welcome', { command: 'wait.element', target: 'Welcome' }],
  ["wait for 'Add to cart'", { command: 'wait.element', target: 'Add to cart' }],
  ['wait 2s', { command: 'wait.time', durationMs: 2000 }],
  ['wait for 300 ms', { command: 'wait.time', durationMs: 300 }],
  ['wait until Spinner disappears', { command: 'wait.element', target: 'Spinner', state: 'hidden' }],
  ['store h1 as $heading', { command: 'data.store-text', target: 'h1', variable: 'heading' }],
  ['store the value of Email as $email', { command: 'data.store-value', target: 'Email', variable: 'email' }],
  ['scroll to the top', { command: 'navigate.scroll-top' }],
  ['scroll to Footer', { command: 'navigate.scroll-to', target: 'Footer' }],
  ['hover over Menu', { command: 'interact.hover', target: 'Menu' }],
];

describe('sentences', () => {
  for (const [sentence, expected] of sentences) {
    it(`understands "${sentence}" in each keyed form`, () => {
      for (const head of ['test: x\ndo:', 'name: x\nsteps:']) {
        const { definition, diagnostics } = readTestFile(`${head}\n  - ${JSON.stringify(sentence)}\n`, { name: 'a' });
        assert.deepEqual(diagnostics, []);
        assert.deepEqual(definition?.checkpoints[0]?.steps, [expected]);
      }
    });
  }
});
