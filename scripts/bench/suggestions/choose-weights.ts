import { FAMILIAR } from '../../../shared/analytics/next-commands.ts';
import type { CorpusTest } from './corpus.ts';
import { everybodys, type Lessons, suggestions, type Weights } from './guessers.ts';
import { lessonsFor, surprise } from './judge.ts';

const DOUBTS = [1, 2, 4, 8];
const TRUSTS = [8, 16, 32, 64, 128];
const FAMILIARS = [1, 2, 4, 8, 16];
const PARTS = 5;

/** Chooses weights by how little surprising tests are that are held out, in turn, among those that are learned from. */
export function chooseWeights(tests: readonly CorpusTest[]): Weights {
  const parts = Array.from({ length: PARTS }, (_, part) => {
    const held = tests.filter((_test, at) => at % PARTS === part);
    const rest = tests.filter((one) => !held.includes(one));
    return held.map((test) => ({ test, lessons: { ...lessonsFor(test, rest), all: rest } }));
  });
  const doubt = least(DOUBTS, (one) => bitsOf(parts, (lessons) => everybodys(lessons, { doubt: one }), true));
  const all = (given: Weights) => bitsOf(parts, (lessons) => suggestions(lessons, given), false);
  const trust = least(TRUSTS, (one) => all({ doubt, trust: one, familiar: FAMILIAR }));
  const familiar = least(FAMILIARS, (one) => all({ doubt, trust, familiar: one }));
  return { doubt, trust, familiar };
}

function least(values: readonly number[], of: (value: number) => number): number {
  const measured = values.map((value) => ({ value, bits: of(value) }));
  return measured.reduce((best, one) => (one.bits < best.bits ? one : best)).value;
}

type Part = readonly { readonly test: CorpusTest; readonly lessons: Lessons }[];

/** @param same whether all tests of a part are guessed by the same model */
function bitsOf(parts: readonly Part[], learn: (lessons: Lessons) => ReturnType<typeof everybodys>, same: boolean) {
  let bits = 0;
  for (const part of parts) {
    const once = same && part[0] ? learn(part[0].lessons) : undefined;
    for (const { test, lessons } of part) bits += surprise(once ?? learn(lessons), test);
  }
  return bits;
}
