import { parseArgs } from 'node:util';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import { ownPages } from '../targets/pages/index.ts';
import { type Healing, judgeHealing, type Outcome } from './judge.ts';
import { mutations } from './mutations.ts';

/**
 * How often what is no longer found is healed rightly, wrongly or not at all, when pages change.
 * --page NAME looks at one page only; --refused tells what was proposed rightly and not used.
 */
const { values } = parseArgs({ options: { page: { type: 'string' }, refused: { type: 'boolean' } } });
const browser = await launchBrowser({ clock: Date, random: Math.random, log: () => {} });
const judged: Healing[] = [];
try {
  for (const page of ownPages)
    if (page.frame === undefined && (values.page === undefined || values.page === page.name))
      judged.push(...(await judgeHealing(browser, page, mutations)));
} finally {
  await browser.close();
}

function row(name: string, all: readonly Healing[]): void {
  const lost = all.filter(({ outcome }) => outcome !== 'found');
  const share = (outcome: Outcome) =>
    `${((lost.filter((one) => one.outcome === outcome).length / Math.max(1, lost.length)) * 100).toFixed(1)} %`.padStart(
      9,
    );
  const proposed = lost.filter(({ proposedRightly }) => proposedRightly).length;
  console.log(
    `  ${name.padEnd(24)} ${String(all.length).padStart(7)} ${String(lost.length).padStart(7)} ${share('healed rightly')} ${share('healed wrongly')} ${share('refused')} ${String(proposed).padStart(9)}`,
  );
}

console.log(`  ${'what changed'.padEnd(24)}   looked    lost   rightly   wrongly   refused  proposed`);
for (const { name } of mutations)
  row(
    name,
    judged.filter(({ mutation }) => mutation === name),
  );
row('all', judged);
const wrong = judged.filter(({ outcome }) => outcome === 'healed wrongly');
console.log(`\nhealed wrongly: ${wrong.length}`);
for (const { page, mutation, target, got } of wrong.slice(0, 60))
  console.log(`  ${page}, ${mutation}: ${target}\n      ${got}`);

if (values.refused) {
  const shy = judged.filter(({ outcome, proposedRightly }) => outcome === 'refused' && proposedRightly);
  console.log(`\nproposed rightly, but not used: ${shy.length}`);
  for (const { page, mutation, target, got } of shy) console.log(`  ${page}, ${mutation}: ${target}\n      ${got}`);
}
