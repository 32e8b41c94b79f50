import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../../shared/engine/browser.ts';

/**
 * The baseline: the flows in plain playwright-core, one browser, a fresh context each, nothing recorded; or, with a
 * folder, a picture of the page kept after each step: what the browser alone takes for that much evidence.
 * Usage: plain.ts ORIGIN FLOWS WORKERS [FOLDER]
 */
const [origin = '', flows = '20', workers = '2', folder] = process.argv.slice(2);

async function flow(browser: Browser, n: number): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.goto(`${origin}/?n=${n}`);
  await picture(page, `${n}-open`);
  await page.fill('#name', `Ada ${n}`);
  await picture(page, `${n}-write`);
  await page.click('#go');
  await picture(page, `${n}-click`);
  if ((await page.textContent('#greeting')) !== `Hello, Ada ${n}`) throw new Error(`flow ${n}: wrong greeting`);
  await picture(page, `${n}-compare`);
  await page.locator('#done').waitFor({ state: 'visible' });
  await picture(page, `${n}-see`);
  await context.close();
}

async function picture(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await page.screenshot({ type: 'jpeg', quality: 60, path: join(folder, `${name}.jpg`) });
}

const browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
let next = 0;
await Promise.all(
  Array.from({ length: Number(workers) }, async () => {
    while (next < Number(flows)) await flow(browser, next++);
  }),
);
await browser.close();
