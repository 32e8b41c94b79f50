/** How often the next step is guessed with its page in sight, on the demo's shop: `npm run bench:suggestions-on-pages`. */
import { readFileSync } from 'node:fs';
import type { Suggestion } from '../../../schemas/live.ts';
import type { Step } from '../../../schemas/step.ts';
import {
  adapted,
  type Before,
  type Done,
  learnNextCommands,
  type NextCommands,
} from '../../../shared/analytics/next-commands.ts';
import { rankNext, rankSteps } from '../../../shared/analytics/rank-next.ts';
import { commands } from '../../../shared/commands/index.ts';
import { launchBrowser } from '../../../shared/engine/browser.ts';
import { openSession } from '../../../shared/engine/session.ts';
import { suggestionsOf } from '../../../shared/engine/suggestions.ts';
import { readTestFile } from '../../../shared/test-files/read.ts';
import { startShop } from '../../demo/site/server.ts';
import { type CorpusTest, doneOf, readCorpus } from './corpus.ts';
import { mostFrequent, transitionsOf } from './guessers.ts';
import { lessonsFor } from './judge.ts';

const refuse = async (): Promise<never> => {
  throw new Error('nothing but the shop is there');
};
const outside = { send: refuse, readFile: refuse, baselines: { update: 'none', read: refuse, write: refuse } } as const;
const clock = { now: () => performance.timeOrigin + performance.now() };

/** Places of what came next among what was guessed; -1 where it was not. */
const places = new Map<string, number[]>();
const note = (name: string, place: number) => places.set(name, [...(places.get(name) ?? []), place]);

const tests = readCorpus();
const shop = await startShop({ port: 0 });
const browser = await launchBrowser({ clock, random: Math.random, log: () => {} });
try {
  for (const held of tests.filter(({ path }) => path.includes('/demo/'))) await guessAlong(held);
} finally {
  await browser.close();
  await shop.close();
}
for (const [name, found] of places) {
  const share = (most: number) =>
    `${((100 * found.filter((place) => place >= 0 && place < most).length) / found.length).toFixed(1)} %`.padStart(9);
  console.log(`  ${name.padEnd(40)}${String(found.length).padStart(5)} steps${share(1)} first${share(3)} in three`);
}

/** Runs a test step by step, and guesses each before it is run by what all other tests teach. */
async function guessAlong(held: CorpusTest): Promise<void> {
  const { all, own } = lessonsFor(held, tests);
  const learned = adapted(learnNextCommands(transitionsOf(all), commands.length), transitionsOf(own));
  const { definition } = readTestFile(readFileSync(held.path), { name: held.path });
  if (!definition) throw new Error(held.path);
  const { setup, checkpoints, teardown, config, variables, data } = definition;
  const row = data[0] ?? {};
  const session = await openSession(browser, {
    config: { ...config, timeout: 3000, screenshots: 'none', trace: 'none' },
    ...{ baseUrl: shop.origin, variables: { ...variables, ...row, row }, secrets: [], outside, clock },
    ...{ artifacts: { save: async () => {} }, artifactPrefix: 'bench', random: Math.random },
  });
  const frequent = mostFrequent({ all, own }).guess({ done: [] });
  const done: Done[] = [];
  for (const part of [setup, ...checkpoints.map(({ steps }) => steps), teardown])
    for (const [at, step] of part.entries()) {
      const { tree } = await session.look();
      guess(step, { done, begins: at === 0 }, learned, suggestionsOf(tree), frequent);
      done.push(doneOf(step, at));
      await session.runCheckpoint({ name: 'step', index: done.length, steps: [step] });
    }
  await (await session.close({ trace: false })).dispose();
}

function guess(
  step: Step,
  before: Before,
  learned: NextCommands,
  offered: readonly Suggestion[],
  frequent: readonly string[],
): void {
  const names = (page: readonly Suggestion[]) => rankNext(before, learned, 3, page).map(({ command }) => command);
  note('commands: the most frequent', frequent.indexOf(step.command));
  note('commands: by habit', names([]).indexOf(step.command));
  note('commands: by habit and the page', names(offered).indexOf(step.command));
  const place = (ranked: readonly Suggestion[]) => ranked.findIndex((one) => isSame(one, step));
  if (place(offered) < 0) return;
  note('steps that a page offers: by the page', place(offered));
  note('steps that a page offers: by habit, too', place(rankSteps(offered, before, learned)));
}

/** Whether a suggestion is to do to an element what the step does: elements are named by their words. */
function isSame(suggestion: Suggestion, { command, target }: Step & { target?: unknown }): boolean {
  const [said, meant] = [suggestion.step.target, target].map((one) => String(one ?? '').toLowerCase());
  if (suggestion.step.command !== command || !said || !meant) return false;
  return said.includes(meant) || meant.includes(said);
}
