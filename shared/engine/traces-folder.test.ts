import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { killBrowser, processOf } from './kill-browser.ts';
import { maskFor } from './mask.ts';
import { startTrace, stopTrace } from './trace.ts';
import { dropTracesFolder, tracesFolderOf } from './traces-folder.ts';

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

  it('goes with the next browser when the process was killed that had it', async () => {
    const { pid: gone } = spawnSync(process.execPath, ['--version']);
    const [abandoned, used] = [gone, process.ppid].map((pid) => mkdtempSync(join(tmpdir(), `virtuoso-traces-${pid}-`)));
    try {
      await (await launchBrowser({ clock: Date, random: Math.random, log: () => {} })).close();
      deepEqual(
        [abandoned, used].map((one) => existsSync(one ?? '')),
        [false, true],
      );
    } finally {
      dropTracesFolder(used ?? '');
    }
  });

  it('goes with a browser that is killed, too', async () => {
    const context = await recorded();
    await killBrowser(browser, await processOf(browser));
    equal(await stop(context), undefined);
    equal(existsSync(folder), false);
  });
});
