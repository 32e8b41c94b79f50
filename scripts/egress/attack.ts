import type { Browser } from 'playwright-core';
import { TWIN, VICTIM } from './names.ts';
import { openSite, type Site } from './site.ts';
import { isProxied, type Situation } from './situations.ts';
import { openTargets, type Target } from './targets.ts';
import type { Trick } from './trick.ts';
import { tricks } from './tricks.ts';

/** What came of a trick. */
export interface Attempt {
  readonly trick: Trick;
  /** Whether anything arrived at the victim. */
  readonly victim: boolean;
  /** Whether the trick, where it is allowed to, reaches its twin; undefined where that is not to be expected. */
  readonly twin: boolean | undefined;
}

const PATIENCE_MS = 20_000;

/**
 * Tries every trick in the browser: first on the victim, then on its twin. That the twin is reached says that the trick
 * works here, and that what it sent to the victim would have arrived before. A browser without a guard has no need of
 * that: there, the victims are what is waited for.
 */
export async function attack(browser: Browser, situation: Situation): Promise<Attempt[]> {
  const targets = await openTargets(tricks.length);
  const site = await openSite();
  const context = await browser.newContext();
  const awaited = tricks.map((trick) => isAwaited(trick, situation));
  const whom = situation === 'nothing' ? 'victim' : 'twin';
  try {
    await open('victim');
    if (whom === 'twin') await open('twin');
    await targets.until(() => targets.all.every(({ arrived }, i) => !awaited[i] || arrived[whom] > 0), PATIENCE_MS);
  } finally {
    await context.close();
    await Promise.all([targets.close(), site.close()]);
  }
  return tricks.map((trick, i) => {
    const { victim, twin } = (targets.all[i] as Target).arrived;
    return { trick, victim: victim > 0, twin: whom === 'twin' && awaited[i] ? twin > 0 : undefined };
  });

  async function open(whom: 'victim' | 'twin'): Promise<void> {
    const addresses = tricks.map((trick, i) => addressOf(site, i, trick, whom, (targets.all[i] as Target).port));
    const alone = addresses.filter((_, i) => tricks[i]?.tab);
    const together = addresses.filter((address, i) => address && !tricks[i]?.tab) as string[];
    for (const address of [...alone, site.frames(together)]) {
      if (!address) continue;
      const page = await context.newPage();
      await page.goto(address, { waitUntil: 'commit' });
    }
  }
}

/** Whether something is sure to arrive: at the victim without a guard, else at the twin. */
function isAwaited(trick: Trick, situation: Situation): boolean {
  if (trick.rare || situation === 'nothing') return !trick.rare;
  if (isProxied(situation)) return trick.rebinds === true || (twinOf(trick) !== undefined && !trick.around);
  return twinOf(trick) !== undefined;
}

const twinOf = ({ hosts }: Trick): string | undefined => (hosts ? hosts.twin : TWIN);

function addressOf(site: Site, index: number, trick: Trick, whom: 'victim' | 'twin', port: number): string | undefined {
  const host = whom === 'twin' ? twinOf(trick) : (trick.hosts?.victim ?? VICTIM);
  return host && site.trick(index, trick.written?.(host, port) ?? `http://${host}:${port}/`);
}
