import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import type { BenchPage } from '../targets/bench-page.ts';
import { judgeHealing } from './judge.ts';
import { mutations } from './mutations.ts';

const page: BenchPage = {
  name: 'order',
  group: 'forms',
  html: `<!doctype html><title>Order</title><nav><a id="home" href="/">Home</a></nav><main><h1>Order</h1>
<form><label for="mail">Email</label><input id="mail" type="email"><label><input type="checkbox" id="gift"> Gift wrap</label>
<ul><li>Ada <button id="e1">Edit</button></li><li>Bob <button id="e2">Edit</button></li></ul>
<button id="buy">Buy</button><button id="cancel" type="button">Cancel</button></form></main>`,
  cases: [
    ['Email', '#mail', 'field'],
    ['Gift wrap', '#gift', 'choice'],
    ['Edit in the Bob row', '#e2'],
    ['Buy', '#buy'],
    ['Cancel', '#cancel'],
  ],
};

describe('mutated pages', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
  });
  after(() => browser.close());

  it('are healed where an element can be told, and nothing is used in place of one that is gone', async () => {
    const judged = await judgeHealing(browser, page, mutations);
    assert.equal(judged.length, page.cases.length * 3 * mutations.length);
    assert.deepEqual(
      judged
        .filter(({ outcome }) => outcome === 'healed wrongly')
        .map(({ mutation, target, got }) => [mutation, target, got]),
      [],
    );
    const renamed = judged.filter(({ mutation, outcome }) => mutation === 'ids' && outcome !== 'found');
    assert.ok(renamed.length > 0);
    assert.deepEqual(new Set(renamed.map(({ outcome }) => outcome)), new Set(['healed rightly']));
    const removed = judged.filter(({ removes, outcome }) => removes && outcome !== 'found');
    assert.deepEqual(new Set(removed.map(({ outcome }) => outcome)), new Set(['refused']));
  });
});
