import { isDeepStrictEqual } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import type { LiveSession } from './live-session.ts';

/** One open tab. */
export interface TabState {
  readonly url: string;
  readonly scroll: { x: number; y: number };
  readonly session_storage: Record<string, string>;
  /** Size of its window. */
  readonly viewport?: { width: number; height: number };
}

/** Everything from which another browser can go on. JSON. */
export interface SessionState {
  /** Cookies and local storage, in Playwright's form. */
  readonly storage: Awaited<ReturnType<BrowserContext['storageState']>>;
  readonly tabs: readonly TabState[];
  /** Position of the active tab. */
  readonly active: number;
  readonly variables: Record<string, unknown>;
  /** Secrets that steps have written. */
  readonly secrets?: readonly string[];
}

const blank: TabState = { url: 'about:blank', scroll: { x: 0, y: 0 }, session_storage: {} };

/** Reads the state of a session. A tab that does not answer within two seconds is known by its address only. */
export async function readState(live: LiveSession): Promise<SessionState> {
  const pages = live.tabs.list();
  const [storage, tabs] = await Promise.all([live.browser.storageState(), Promise.all(pages.map(readTab))]);
  const active = live.tabs.ruin() || pages.length === 0 ? 0 : pages.indexOf(live.tabs.active());
  return { storage, tabs, active, variables: live.variables.all(), secrets: live.mask.learned() };
}

async function readTab(page: Page): Promise<TabState> {
  const url = page.url();
  const size = page.viewportSize();
  const viewport = size ? { viewport: size } : {};
  if (!/^https?:/.test(url)) return { ...blank, ...viewport, url: 'about:blank' };
  const read = page.evaluate(() => ({
    scroll: { x: window.scrollX, y: window.scrollY },
    session_storage: { ...sessionStorage } as Record<string, string>,
  }));
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, 2000, undefined).unref());
  const seen = await Promise.race([read, patience]).catch(() => undefined);
  return { ...blank, ...viewport, ...seen, url };
}

/** Opens the tabs of a state again, each at its address and place. What cannot be opened again is noted. */
export async function restoreTabs(live: LiveSession, state: SessionState, timeoutMs: number): Promise<void> {
  const pages: Page[] = [];
  for (const tab of state.tabs.length > 0 ? state.tabs : [blank]) {
    const page = await live.tabs.open();
    pages.push(page);
    if (tab.viewport && !isDeepStrictEqual(page.viewportSize(), tab.viewport)) await page.setViewportSize(tab.viewport);
    if (tab.url === 'about:blank') continue;
    const refused = await live.navigationGuard?.(tab.url);
    if (refused) live.notes.push(`${tab.url} was not opened again: ${refused}`);
    else await restoreTab(live, page, tab, timeoutMs);
  }
  const active = pages[state.active] ?? pages[0];
  if (active) await live.tabs.activate(active);
}

async function restoreTab(live: LiveSession, page: Page, tab: TabState, timeoutMs: number): Promise<void> {
  const cdp = await live.tabs.cdp(page);
  const source = `(${fillStorage})(${JSON.stringify({ origin: new URL(tab.url).origin, entries: tab.session_storage })})`;
  await cdp.send('Page.enable');
  const { identifier } = await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source });
  try {
    await page.goto(tab.url, { timeout: timeoutMs });
    await page.evaluate(({ x, y }) => window.scrollTo({ left: x, top: y, behavior: 'instant' }), tab.scroll);
  } catch (error) {
    live.notes.push(
      `${tab.url} could not be opened again: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    );
  } finally {
    await cdp.send('Page.removeScriptToEvaluateOnNewDocument', { identifier }).catch(() => undefined);
  }
}

function fillStorage({ origin, entries }: { origin: string; entries: Record<string, string> }): void {
  if (window !== window.top || location.origin !== origin) return;
  for (const [key, value] of Object.entries(entries)) sessionStorage.setItem(key, value);
}
