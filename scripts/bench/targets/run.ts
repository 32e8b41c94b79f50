import { parseArgs } from 'node:util';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import { type Judgement, judgePage } from './judge.ts';
import { libraryPages } from './libraries/cases.ts';
import { buildPage, installLibraries } from './libraries/install.ts';
import { ownPages } from './pages/index.ts';
import { printShares, printWrong } from './print.ts';

/**
 * How often a target is resolved to the element that its author means.
 * --tuning leaves the held-out third out, for whoever works on the ranking; --own leaves the component libraries out.
 */
const { values } = parseArgs({ options: { tuning: { type: 'boolean' }, own: { type: 'boolean' } } });
const browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
const judged: Judgement[] = [];
try {
  for (const page of ownPages) judged.push(...(await judgePage(browser, page)));
  if (!values.own) {
    await installLibraries();
    for (const page of libraryPages)
      judged.push(...(await judgePage(browser, { ...page, html: await buildPage(page.library) }, page.state)));
  }
} finally {
  await browser.close();
}
const tuned = judged.filter(({ heldOut }) => !heldOut);
printShares('two thirds, on which the ranking was worked', tuned);
if (!values.tuning)
  printShares(
    'the held-out third',
    judged.filter(({ heldOut }) => heldOut),
  );
printWrong(values.tuning ? tuned : judged);
