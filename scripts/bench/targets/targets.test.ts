import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import { judgePage } from './judge.ts';
import { ownPages } from './pages/index.ts';

describe('targets of the benchmark', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
  });
  after(() => browser.close());

  for (const page of ownPages) {
    it(`mean on the page ${page.name} what their authors mean`, async () => {
      const judged = await judgePage(browser, page);
      assert.equal(judged.length, page.cases.length);
      assert.deepEqual(
        judged.filter(({ verdict }) => verdict !== 'right').map(({ target, answer, got }) => ({ target, answer, got })),
        [],
      );
    });
  }

  it('are told apart from wrong ones', async () => {
    const html = '<button id="a">Save</button><button id="b">Close</button><button id="c">Close</button>';
    const page = { name: 'p', group: 'g', html };
    const judged = await judgePage(browser, {
      ...page,
      cases: [
        ['Save', '#b'],
        ['Close', '#b'],
        ['Open', '#a'],
        ['Open', 'none'],
      ],
    });
    assert.deepEqual(
      judged.map(({ verdict }) => verdict),
      ['silent', 'needlessly ambiguous', 'not found', 'right'],
    );
  });
});
