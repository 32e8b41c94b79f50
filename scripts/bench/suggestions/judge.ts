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

export function judge({ guess, probability }: Guesser, { commands }: CorpusTest): Score {
  const score = { steps: commands.length, first: 0, three: 0, bits: 0 };
  for (const [at, command] of commands.entries()) {
    const before = commands.slice(0, at);
    const place = guess(before).indexOf(command);
    if (place === 0) score.first++;
    if (place >= 0) score.three++;
    score.bits -= Math.log2(probability(command, before));
  }
  return score;
}

/** Bits a test's commands are worth to a guesser. */
export function surprise({ probability }: Guesser, { commands }: CorpusTest): number {
  return commands.reduce((bits, command, at) => bits - Math.log2(probability(command, commands.slice(0, at))), 0);
}

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
  let steps = 0;
  for (const { commands } of tests)
    for (const [at, command] of commands.entries()) {
      const context = ['', '', ...commands.slice(0, at)]
        .slice(-2)
        .slice(2 - lookBack)
        .join(' ');
      const counts = followers.get(context) ?? new Map<string, number>();
      followers.set(context, counts.set(command, (counts.get(command) ?? 0) + 1));
      steps++;
    }
  const best = (most: number) =>
    [...followers.values()].reduce((total, counts) => {
      const ranked = [...counts.values()].sort((a, b) => b - a).slice(0, most);
      return total + ranked.reduce((sum, times) => sum + times, 0);
    }, 0) / steps;
  return { first: best(1), three: best(3) };
}
