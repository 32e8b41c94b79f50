import {
  adapted,
  type Before,
  DOUBT,
  FAMILIAR,
  learnNextCommands,
  type NextCommands,
  NOTHING,
  TRUST,
  type Transition,
  transitionsWithin,
} from '../../../shared/analytics/next-commands.ts';
import { rankNext, within } from '../../../shared/analytics/rank-next.ts';
import { commands } from '../../../shared/commands/index.ts';
import type { CorpusTest } from './corpus.ts';

/** What guesses the command that comes next. */
export interface Guesser {
  /** Three commands, the likeliest first. */
  guess(before: Before): readonly string[];
  /** How likely it holds a command to come next, above 0. */
  probability(command: string, before: Before): number;
}

/** What a guesser learns from: tests of everybody, and those among them of the product that is guessed. */
export interface Lessons {
  readonly all: readonly CorpusTest[];
  readonly own: readonly CorpusTest[];
}

/** How much a model weighs what: chosen by tests that were held out, among those that it learns from. */
export interface Weights {
  readonly doubt: number;
  readonly trust: number;
  readonly familiar: number;
}
export const shipped: Weights = { doubt: DOUBT, trust: TRUST, familiar: FAMILIAR };

/** What followed what, as the warehouse counts it of the people who wrote the tests. */
export const transitionsOf = (tests: readonly CorpusTest[]): Transition[] =>
  tests.flatMap(({ steps }) => transitionsWithin([NOTHING, NOTHING, ...steps]));

const learn = (tests: readonly CorpusTest[], doubt: number): NextCommands =>
  learnNextCommands(transitionsOf(tests), commands.length, doubt);

const commandsOf = (tests: readonly CorpusTest[]): string[] =>
  tests.flatMap(({ steps }) => steps.map(({ command }) => command));

/** The most frequent commands, whatever came before. */
export function mostFrequent({ all }: Lessons): Guesser {
  const ranked = byCount(commandsOf(all));
  const model = learn(all, 1);
  return { guess: () => ranked.slice(0, 3), probability: (command) => model.usual(command) };
}

/** What followed the command before most often; then the most frequent. */
export function bigram({ all }: Lessons): Guesser {
  const ranked = byCount(commandsOf(all));
  const pairs = transitionsOf(all).map(([, previous, command]) => [previous, command] as const);
  const followers = Map.groupBy(pairs, ([previous]) => previous);
  const model = learn(all, 1);
  const after = ({ done }: Before) => (followers.get(done.at(-1)?.command ?? '') ?? []).map(([, command]) => command);
  return {
    guess(before) {
      const known = byCount(after(before));
      return [...known, ...ranked.filter((command) => !known.includes(command))].slice(0, 3);
    },
    probability(command, before) {
      const known = after(before);
      const different = new Set(known).size;
      const times = known.filter((one) => one === command).length;
      return (times + (different || 1) * model.usual(command)) / (known.length + (different || 1));
    },
  };
}

/** The suggestions as they are without anybody's own habits, and without what the test has done already. */
export function everybodys({ all }: Lessons, { doubt }: Pick<Weights, 'doubt'> = shipped): Guesser {
  const next = learn(all, doubt);
  return {
    guess: (before) => rankNext({ ...before, done: before.done.slice(-2) }, next, 3).map(({ command }) => command),
    probability: (command, before) => next.probability(command, before),
  };
}

/** The suggestions as they are given: everybody's habits, those of the people who wrote the test, and its own. */
export function suggestions({ all, own }: Lessons, { doubt, trust, familiar }: Weights = shipped): Guesser {
  const next = adapted(learn(all, doubt), transitionsOf(own), trust, familiar);
  return {
    guess: (before) => rankNext(before, next, 3).map(({ command }) => command),
    probability: (command, before) => within(before, next).probability(command, before),
  };
}

function byCount(list: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([one]) => one);
}
