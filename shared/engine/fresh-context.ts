import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';

interface Spare {
  readonly options: string;
  readonly context: Promise<BrowserContext | undefined>;
}

/** At most one a browser: a context with a blank page, never used. */
const spares = new WeakMap<Browser, Spare>();

/**
 * Opens a context with a blank page ahead of its use: a page's process takes about as long to start as a short test's
 * steps to run, and the end of one session is a good time for it. It never fails: what cannot be opened is opened later.
 */
export function prepareContext(browser: Browser, options: BrowserContextOptions): void {
  if (spares.has(browser)) return;
  spares.set(browser, { options: JSON.stringify(options), context: open(browser, options).catch(() => undefined) });
}

/** A context that nothing has used: the one that was prepared, when its options are these, or a new one. */
export async function freshContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const spare = spares.get(browser);
  spares.delete(browser);
  const context = await spare?.context;
  if (context && spare?.options === JSON.stringify(options) && isWhole(context)) return context;
  context?.close().catch(() => undefined);
  return await browser.newContext(options);
}

async function open(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.once('crash', () => void page.close().catch(() => undefined));
  return context;
}

function isWhole(context: BrowserContext): boolean {
  const [page, more] = context.pages();
  return page !== undefined && !page.isClosed() && more === undefined;
}
