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
  ['go to the page /cart', { command: 'navigate.to', url: '/cart' }],
  ['load /cart', { command: 'navigate.to', url: '/cart' }],
  ['go back to the previous page', { command: 'navigate.back' }],
  ['push Save', { command: 'interact.click', target: 'Save' }],
  ['hover on Menu', { command: 'interact.hover', target: 'Menu' }],
  ['move the mouse over Menu', { command: 'mouse.move-to', target: 'Menu' }],
  ["input 'ada' into Email", { command: 'interact.write', text: 'ada', target: 'Email' }],
  ["fill 'ada' into Email", { command: 'interact.write', text: 'ada', target: 'Email' }],
  ['clear the Email', { command: 'interact.write', text: '', target: 'Email' }],
  ['select option Norway from Country', { command: 'interact.select', option: 'Norway', target: 'Country' }],
  ["I see 'Welcome'", { command: 'assert.exists', target: 'Welcome' }],
  ["Then the user should see 'Welcome'", { command: 'assert.exists', target: 'Welcome' }],
  ['And I click Log in', { command: 'interact.click', target: 'Log in' }],
  ['user should not see Error', { command: 'assert.not-exists', target: 'Error' }],
  ["verify 'Welcome'", { command: 'assert.exists', target: 'Welcome' }],
  ["check that 'Welcome' is visible", { command: 'assert.visible', target: 'Welcome' }],
  ['make sure Welcome is shown', { command: 'assert.visible', target: 'Welcome' }],
  ['ensure that Welcome exists', { command: 'assert.exists', target: 'Welcome' }],
  ['assert that Error is not present', { command: 'assert.not-exists', target: 'Error' }],
  ['verify Error is not visible', { command: 'assert.hidden', target: 'Error' }],
  ["assert Total is '5'", { command: 'assert.equals', target: 'Total', value: '5' }],
  ['verify the url contains cart?a=1', { command: 'assert.url', pattern: 'cart\\?a=1' }],
  ['assert the title contains Home', { command: 'assert.title', pattern: 'Home' }],
  ["see the title is 'Home · Shop'", { command: 'assert.title', value: 'Home · Shop' }],
  ["see that the url is '/cart'", { command: 'assert.url', value: '/cart' }],
  ['check that url matches /cart$', { command: 'assert.url', pattern: '/cart$' }],
  ["wait for 'Welcome' to appear", { command: 'wait.element', target: 'Welcome' }],
  ['wait for Welcome to be visible', { command: 'wait.element', target: 'Welcome' }],
  ['wait for Spinner to disappear', { command: 'wait.element', state: 'hidden', target: 'Spinner' }],
  ['wait for the network to be idle', { command: 'wait.network-idle' }],
  ['pause for 2 seconds', { command: 'wait.time', durationMs: 2000 }],
  ['wait until the url contains cart', { command: 'wait.url', pattern: 'cart' }],
  ['wait until the page shows Done', { command: 'wait.text', value: 'Done' }],
  ['scroll down to Footer', { command: 'navigate.scroll-to', target: 'Footer' }],
  ['scroll Footer into view', { command: 'navigate.scroll-to', target: 'Footer' }],
  ['clear cookies', { command: 'data.cookies-clear' }],
  ['delete the cookie session', { command: 'data.cookie-delete', name: 'session' }],
  ['switch to the previous tab', { command: 'window.switch-tab', direction: 'prev' }],
  ["switch to tab 'Help'", { command: 'window.switch-tab', title: 'Help' }],
  ['close the tab', { command: 'window.close-tab' }],
  ['resize the window to 800 x 600', { command: 'window.resize', width: 800, height: 600 }],
  ['resize viewport to 800 by 600', { command: 'window.resize', width: 800, height: 600 }],
  ['maximize the window', { command: 'window.maximize' }],
  ['switch to the frame details', { command: 'window.switch-frame', target: 'details' }],
  ['switch to the main frame', { command: 'window.switch-main-frame' }],
  ['switch to the parent frame', { command: 'window.switch-parent-frame' }],
  ['focus on Email', { command: 'interact.focus', target: 'Email' }],
  ['log hello there', { command: 'misc.log', text: 'hello there' }],
  ['note it is late', { command: 'misc.comment', text: 'it is late' }],
  ["run script 'return 1'", { command: 'misc.execute', script: 'return 1' }],
];

/** What could be meant in another way is not guessed. */
const refused: readonly [string, string][] = [
  ['write ada to Email', 'unknown-sentence'],
  ['check Terms', 'ambiguous-key'],
  ['assert Welcome', 'unknown-sentence'],
  ['take a screenshot', 'unknown-sentence'],
  ['write a in b in c', 'ambiguous-sentence'],
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

  for (const [sentence, code] of refused)
    it(`does not guess what "${sentence}" means, and shows what is like it`, () => {
      const { diagnostics } = readTestFile(`test: x\ndo:\n  - ${JSON.stringify(sentence)}\n`, { name: 'a' });
      assert.deepEqual(
        diagnostics.map((problem) => [problem.code, problem.line, problem.column]),
        [[code, 3, 5]],
      );
      assert.ok(diagnostics[0]?.hint);
    });
});
