import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { killBrowser, processOf } from './kill-browser.ts';
import { maskFor } from './mask.ts';
import { startTrace, stopTrace } from './trace.ts';
import { tracesFolderOf } from './traces-folder.ts';

describe('what a browser has recorded', function () {
  this.timeout(60_000);
  let browser: Browser;
  let folder: string;
  beforeEach(async () => {
    browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
    folder = tracesFolderOf(browser) ?? '';
  });
  afterEach(() => browser.close());
  const recorded = async () => {
    const context = await browser.newContext();
    await startTrace(context);
    const page = await context.newPage();
    await page.goto('data:text/html,<h1>Recorded</h1>');
    return context;
  };
  const stop = async (context: Awaited<ReturnType<typeof recorded>>) => {
    const path = await stopTrace(context, undefined, maskFor([]));
    await context.close();
    return path;
  };

  it('goes when nothing is recorded any more, and not before', async () => {
    const [one, other] = [await recorded(), await recorded()];
    await stop(one);
    ok(readdirSync(folder).some((name) => name.endsWith('.trace')));
    await stop(other);
    deepEqual(readdirSync(folder), []);
    await stop(await recorded());
    deepEqual(readdirSync(folder), []);
  });

  it('goes with the browser', async () => {
    await recorded();
    await browser.close();
    equal(existsSync(folder), false);
  });

  it('goes with a browser that is killed, too', async () => {
    const context = await recorded();
    await killBrowser(browser, await processOf(browser));
    equal(await stop(context), undefined);
    equal(existsSync(folder), false);
  });
});
