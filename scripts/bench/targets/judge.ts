import type { Browser, Frame, Page } from 'playwright-core';
import { lookFor } from '../../../shared/engine/find-target.ts';
import { asGiven } from '../../../shared/engine/parse-target.ts';
import { theOne } from '../../../shared/engine/target.ts';
import type { BenchPage, TargetCase } from './bench-page.ts';

/** `silent`: another element than the right one was taken, and nobody would have known. */
export type Verdict = 'right' | 'silent' | 'needlessly ambiguous' | 'not found';

/** What came of one case. */
export interface Judgement {
  readonly page: string;
  readonly group: string;
  readonly target: string;
  readonly answer: string;
  readonly verdict: Verdict;
  /** What was found instead. */
  readonly got: string;
  /** Of the third that is not looked at while the ranking is worked on. */
  readonly heldOut: boolean;
}

/** Where the pages of libraries are shown: nothing is asked of a network. */
const address = 'http://page.invalid/';

/**
 * Opens the page and looks for all its targets.
 * @param state of a library's page, which says itself when it is ready
 */
export async function judgePage(browser: Browser, page: BenchPage, state?: string): Promise<Judgement[]> {
  const tab = await browser.newPage();
  try {
    await tab.route('**', (route) =>
      route.request().url().startsWith(address)
        ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: page.html })
        : route.abort(),
    );
    await tab.goto(state ? `${address}#${state}` : address, { waitUntil: 'load' });
    if (state !== undefined) await tab.locator('[data-ready]').waitFor({ state: 'attached' });
    const frame = page.frame === undefined ? tab.mainFrame() : tab.frame({ name: page.frame });
    if (!frame) throw new Error(`${page.name} has no frame ${page.frame}`);
    const judged: Judgement[] = [];
    for (const one of page.cases) judged.push(await judge(tab, frame, page, one));
    return judged;
  } finally {
    await tab.close();
  }
}

async function judge(tab: Page, frame: Frame, page: BenchPage, given: TargetCase): Promise<Judgement> {
  const [target, answer, purpose = page.purpose ?? 'interact'] = given;
  const cdp = tab.context().newCDPSession(tab);
  const seen = await lookFor(target, purpose, { frame, cdp: () => cdp });
  await (await cdp).detach();
  const one = theOne(seen);
  const found = one === undefined ? 'none' : one === 'several' ? 'ambiguous' : one.path;
  const chosen = typeof one === 'object' ? one : undefined;
  const fits = chosen ? await matches(frame, chosen.path, answer) : found === answer;
  const got = chosen ? `${chosen.description} (${seen.strategy})` : seen.rivals.slice(0, 3).join(' / ') || found;
  return {
    page: page.name,
    group: page.group,
    target: `${asGiven(target)}${purpose === 'interact' ? '' : ` [${purpose}]`}`,
    answer,
    verdict: fits ? 'right' : chosen ? 'silent' : found === 'ambiguous' ? 'needlessly ambiguous' : 'not found',
    got,
    heldOut: isHeldOut(`${page.name} ${asGiven(target)} ${purpose}`),
  };
}

async function matches(frame: Frame, path: string, answer: string): Promise<boolean> {
  if (answer === 'none' || answer === 'ambiguous') return false;
  return await frame.locator(path).evaluate((element, selector) => element.matches(selector), answer);
}

/** A third of the cases, the same ones always: FNV-1a of the case's words. */
function isHeldOut(words: string): boolean {
  let hash = 0x811c9dc5;
  for (const char of words) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash % 3 === 0;
}
