import { createHash } from 'node:crypto';

/**
 * Decides by a seed. What is decided of the n-th thing of a kind follows from the seed, the kind and n alone, so that the
 * same seed gives the same again where things of a kind come in the same order. Which of several that are under way at
 * the same time comes first may differ from one time to the next, and with it which of them is the n-th.
 */
export class Dice {
  readonly #seed: number;
  readonly #counts = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Numbers from 0 to below 1 for the next thing of a kind, one a question: the same whenever it is asked. */
  next(kind: string): (question: string) => number {
    const n = this.#counts.get(kind) ?? 0;
    this.#counts.set(kind, n + 1);
    return (question) => roll(JSON.stringify([this.#seed, question, kind, n]));
  }
}

function roll(words: string): number {
  return createHash('sha256').update(words).digest().readUIntBE(0, 6) / 2 ** 48;
}
