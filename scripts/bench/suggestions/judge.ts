import type { Before, Done } from '../../../shared/analytics/next-commands.ts';
import type { CorpusTest } from './corpus.ts';
import type { Guesser, Lessons } from './guessers.ts';

/** How often a test's next command was the first guess, or among three; and how surprising it was, in bits. */
export interface Score {
  readonly steps: number;
  readonly first: number;
  readonly three: number;
  readonly bits: number;
}

/** What a test is guessed by: all others, and among them those of its product. */
export function lessonsFor(held: CorpusTest, tests: readonly CorpusTest[]): Lessons {
  const all = tests.filter((one) => one !== held);
  return { all, own: all.filter(({ product }) => product === held.product) };
}

export function judge({ guess, probability }: Guesser, { steps }: CorpusTest): Score {
  const score = { steps: steps.length, first: 0, three: 0, bits: 0 };
  for (const [at, { command }] of steps.entries()) {
    const before = beforeStep(steps, at);
    const place = guess(before).indexOf(command);
    if (place === 0) score.first++;
    if (place >= 0) score.three++;
    score.bits -= Math.log2(probability(command, before));
  }
  return score;
}

/** Bits a test's commands are worth to a guesser. */
export function surprise({ probability }: Guesser, { steps }: CorpusTest): number {
  return steps.reduce((bits, { command }, at) => bits - Math.log2(probability(command, beforeStep(steps, at))), 0);
}

/** What is known when a step is guessed: all before it, and whether its author begins a checkpoint. */
export const beforeStep = (steps: readonly Done[], at: number): Before => ({
  done: steps.slice(0, at),
  begins: steps[at]?.begins === true,
});

export function together(scores: readonly Score[]): Score {
  const sum = (of: keyof Score) => scores.reduce((total, score) => total + score[of], 0);
  return { steps: sum('steps'), first: sum('first'), three: sum('three'), bits: sum('bits') };
}

/** Commands that were as likely as each other, on average. */
export const perplexityOf = ({ bits, steps }: Score): number => 2 ** (bits / steps);

/**
 * The share of commands that are among the three most frequent after so many before them, counted in the tests that are
 * judged themselves: what no model that looks back so far, and learns from others, can be expected to reach.
 */
export function knownBest(tests: readonly CorpusTest[], lookBack: 0 | 1 | 2): { first: number; three: number } {
  const followers = new Map<string, Map<string, number>>();
  let total = 0;
  for (const { steps } of tests)
    for (const [at, { command }] of steps.entries()) {
      const context = ['', '', ...steps.slice(0, at).map((one) => one.command)]
        .slice(-2)
        .slice(2 - lookBack)
        .join(' ');
      const counts = followers.get(context) ?? new Map<string, number>();
      followers.set(context, counts.set(command, (counts.get(command) ?? 0) + 1));
      total++;
    }
  const best = (most: number) =>
    [...followers.values()].reduce((found, counts) => {
      const ranked = [...counts.values()].sort((a, b) => b - a).slice(0, most);
      return found + ranked.reduce((sum, times) => sum + times, 0);
    }, 0) / total;
  return { first: best(1), three: best(3) };
}
