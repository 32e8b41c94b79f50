import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../shared/engine/browser.ts';

/**
 * The baseline: the flows in plain playwright-core, one browser, a fresh context each, nothing recorded.
 * Usage: plain.ts ORIGIN FLOWS WORKERS
 */
const [origin = '', flows = '20', workers = '2'] = process.argv.slice(2);

async function flow(browser: Browser, n: number): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.goto(`${origin}/?n=${n}`);
  await page.fill('#name', `Ada ${n}`);
  await page.click('#go');
  if ((await page.textContent('#greeting')) !== `Hello, Ada ${n}`) throw new Error(`flow ${n}: wrong greeting`);
  await page.locator('#done').waitFor({ state: 'visible' });
  await context.close();
}

const browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
let next = 0;
await Promise.all(
  Array.from({ length: Number(workers) }, async () => {
    while (next < Number(flows)) await flow(browser, next++);
  }),
);
await browser.close();
