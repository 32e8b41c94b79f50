import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { freshContext, prepareContext } from './fresh-context.ts';

describe('a fresh context', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
  });
  after(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  const wide = { viewport: { width: 1280, height: 720 } };
  const prepared = async () => {
    prepareContext(browser, wide);
    const before = Date.now();
    while (browser.contexts()[0]?.pages().length !== 1) {
      assert.ok(Date.now() - before < 20_000, 'no context was prepared');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return browser.contexts()[0];
  };

  it('is the one that was prepared, once', async () => {
    const ahead = await prepared();
    assert.equal(await freshContext(browser, wide), ahead);
    assert.notEqual(await freshContext(browser, wide), ahead);
  });

  it('is another one when the options differ, and the prepared one is closed', async () => {
    const ahead = await prepared();
    const closed = new Promise((resolve) => ahead?.once('close', resolve));
    const context = await freshContext(browser, { ...wide, locale: 'de-DE' });
    assert.notEqual(context, ahead);
    assert.deepEqual(context.pages(), []);
    await closed;
  });

  it('is another one when the page of the prepared one has crashed', async () => {
    const ahead = await prepared();
    const page = ahead?.pages()[0];
    const closed = new Promise((resolve) => page?.once('close', resolve));
    await page?.goto('chrome://crash').catch(() => undefined);
    await closed;
    assert.notEqual(await freshContext(browser, wide), ahead);
  });

  it('is prepared once only, and nothing fails when it cannot be', async () => {
    await prepared();
    prepareContext(browser, wide);
    assert.equal(browser.contexts().length, 1);
    await freshContext(browser, wide);
    prepareContext(browser, { geolocation: { latitude: 1000, longitude: 0 } });
    await freshContext(browser, wide);
  });
});
