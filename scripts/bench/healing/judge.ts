import type { Browser, Page } from 'playwright-core';
import type { Fingerprint } from '../../../schemas/fingerprint.ts';
import { lookFor } from '../../../shared/engine/find-target.ts';
import { isSure } from '../../../shared/engine/fingerprint.ts';
import { asGiven } from '../../../shared/engine/parse-target.ts';
import type { Purpose } from '../../../shared/engine/step-context.ts';
import { type Target, theOne } from '../../../shared/engine/target.ts';
import type { BenchPage } from '../targets/bench-page.ts';
import type { Mutation } from './mutations.ts';

/** `found`: the target still means something; nothing is healed then. `refused`: nothing would be used in its place. */
export type Outcome = 'found' | 'healed rightly' | 'healed wrongly' | 'refused';

export interface Healing {
  readonly page: string;
  readonly mutation: string;
  readonly removes: boolean;
  readonly target: string;
  readonly outcome: Outcome;
  /** Of the proposal, if there was one. */
  readonly confidence: number;
  /** Whether the best proposal was the right one, used or not. */
  readonly proposedRightly: boolean;
  readonly got: string;
}

interface Remembered {
  readonly target: Target;
  readonly purpose: Purpose;
  readonly path: string;
  readonly print: Fingerprint;
}

/** Changes the page in every way for every of its elements and looks what would be used for what is not found. */
export async function judgeHealing(browser: Browser, page: BenchPage, all: readonly Mutation[]): Promise<Healing[]> {
  const tab = await browser.newPage();
  try {
    await open(tab, page);
    const remembered = await remember(tab, page);
    const judged: Healing[] = [];
    for (const [path, targets] of Map.groupBy(remembered, ({ path }) => path)) {
      for (const [seed, mutation] of all.entries()) {
        await open(tab, page);
        await tab.locator(path).evaluate((element) => {
          window.truth = element;
        });
        await tab.evaluate(`${mutation.source}(${seed + 1})`);
        for (const one of targets) judged.push(await judge(tab, page, mutation, one));
      }
    }
    return judged;
  } finally {
    await tab.close();
  }
}

async function open(tab: Page, page: BenchPage): Promise<void> {
  await tab.setContent(page.html, { waitUntil: 'load' });
}

const scene = (tab: Page) => ({ frame: tab.mainFrame(), cdp: () => tab.context().newCDPSession(tab) });

/** What the page's cases mean, each by its own words, by the element's selector and by where it stands. */
async function remember(tab: Page, page: BenchPage): Promise<Remembered[]> {
  const all: Remembered[] = [];
  for (const [target, , purpose = page.purpose ?? 'interact'] of page.cases) {
    const seen = await lookFor(target, purpose, scene(tab), { remember: true });
    const one = theOne(seen);
    if (typeof one !== 'object' || !seen.print || all.some(({ path }) => path === one.path)) continue;
    const { path } = one;
    const position = await tab.locator(path).evaluate(positionOf);
    const selectors = position ? [`css=${path.replace(/^css:light=/, '')}`, `css=${position}`] : [];
    for (const given of [target, ...selectors]) all.push({ target: given, purpose, path, print: seen.print });
  }
  return all;
}

/** Runs in the page: a selector of tags and positions only. */
function positionOf(element: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) {
    let place = 1;
    for (let before = at.previousElementSibling; before; before = before.previousElementSibling) place++;
    steps.unshift(`${at.localName}:nth-child(${place})`);
  }
  return element.getRootNode() instanceof ShadowRoot ? '' : steps.join(' > ');
}

async function judge(tab: Page, page: BenchPage, mutation: Mutation, given: Remembered): Promise<Healing> {
  const { target, purpose, print } = given;
  const seen = await lookFor(target, purpose, scene(tab), { remembered: print });
  const { proposal } = seen;
  const isTruth = proposal
    ? await tab.locator(proposal.facts.path).evaluate((element) => element === window.truth)
    : false;
  const used = proposal !== undefined && isSure(proposal);
  return {
    page: page.name,
    mutation: mutation.name,
    removes: mutation.removes === true,
    target: asGiven(target),
    outcome: seen.total > 0 ? 'found' : used ? (isTruth ? 'healed rightly' : 'healed wrongly') : 'refused',
    confidence: proposal?.confidence ?? 0,
    proposedRightly: isTruth,
    got: proposal
      ? `${proposal.facts.description} for ${print.role || print.tag} "${print.name}", ${proposal.confidence}, lead ${proposal.lead}: ${proposal.evidence.join('; ')}`
      : '',
  };
}
