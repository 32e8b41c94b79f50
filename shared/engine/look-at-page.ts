import type { Page } from 'playwright-core';
import type { PageView } from '../../schemas/live.ts';
import type { LiveSession } from './live-session.ts';
import { veil } from './mask.ts';
import { whenPainted } from './pictures.ts';

/** What an open session shows of its page just now. */
export interface Look extends Pick<PageView, 'url' | 'title' | 'tabs' | 'notes' | 'problems' | 'dialog'> {
  /** The accessibility tree, an element a line. */
  readonly tree: string;
}

/** A page that is busy for longer is not waited for. */
const PATIENCE_MS = 5000;

/** Addresses and titles can be as long as a page likes. */
const LONGEST_TEXT = 2000;
const MOST_TABS = 50;

/** Looks at the active tab. The problems that it gives are those that no step's record has. */
export async function lookAtPage(live: LiveSession): Promise<Look> {
  const page = live.tabs.active();
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const dialog = live.dialogs.pending();
  const [title, secrets] = dialog
    ? ['', []]
    : await Promise.all([
        withinTime(page.title(), signal, ''),
        withinTime(page.locator('input[type=password]').evaluateAll(valuesOf), signal, [] as string[]),
      ]);
  const tree = dialog ? '' : await treeOf(page);
  const { problems } = live.activity.take();
  const tabs = live.tabs.list().slice(0, MOST_TABS);
  const short = (text: string): string => live.mask.text(text).slice(0, LONGEST_TEXT);
  return live.mask.value({
    url: short(page.url()),
    title: short(title),
    tree: secrets.reduce((text, secret) => text.replaceAll(secret, veil), tree),
    tabs: tabs.map((tab) => ({ url: short(tab.url()), active: tab === page })),
    ...(dialog ? { dialog } : {}),
    notes: [...live.notes],
    problems,
  });
}

/** The accessibility tree, as far as the page gives it in time. */
const treeOf = (page: Page): Promise<string> =>
  page
    .locator('body')
    .ariaSnapshot({ timeout: PATIENCE_MS })
    .catch(() => '');

/** A JPEG of what is visible, in which the fields of secrets are boxes. */
export async function pictureOfPage(live: LiveSession): Promise<Uint8Array> {
  const page = live.tabs.active();
  await live.pictures.settled();
  return await live.secretFields.within(page, (mask) =>
    whenPainted(() => page.screenshot({ type: 'jpeg', quality: 60, scale: 'css', timeout: PATIENCE_MS, mask })),
  );
}

/** Runs in the page: what stands in its fields for passwords, those of components too. A tree would show it. */
const valuesOf = (fields: Element[]): string[] =>
  fields.map((field) => (field as HTMLInputElement).value).filter((value) => value !== '');

async function withinTime<T>(reading: Promise<T>, signal: AbortSignal, fallback: T): Promise<T> {
  const late = new Promise<T>((resolve) => signal.addEventListener('abort', () => resolve(fallback), { once: true }));
  return await Promise.race([reading.catch(() => fallback), late]);
}
