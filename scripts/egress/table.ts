import { type Attempt, attack } from './attack.ts';
import { inSituation, type Outcome, type Situation, situations } from './situations.ts';

/** What came of every trick in every situation. */
export type Results = Readonly<Record<Situation, Outcome<Attempt[]>>>;

/** Tries everything in every situation, one after the other. */
export async function tryEverything(): Promise<Results> {
  const results: Partial<Record<Situation, Outcome<Attempt[]>>> = {};
  for (const situation of situations) {
    results[situation] = await inSituation(situation, (browser) => attack(browser, situation));
  }
  return results as Results;
}

/** A line a trick: what it comes to without a guard, and whether each guard alone and both together stop it. */
export function tableOf(results: Results): string {
  const rows = results.both.result.map(({ trick }, i) => {
    const reached = situations.map((situation) => results[situation].result[i]?.victim === true);
    const [bare, ...guarded] = reached;
    return [trick.name, bare ? 'arrives' : 'not sent', ...guarded.map((through) => (through ? 'arrives' : 'stopped'))];
  });
  const head = ['trick', 'no guard', 'interception', 'proxy', 'both'];
  return [head, ...rows]
    .map(([name = '', ...cells]) => name.padEnd(42) + cells.map((cell) => cell.padEnd(14)).join(''))
    .join('\n');
}
