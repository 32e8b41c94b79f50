/** How often the next step of a test is guessed: `npm run bench:suggestions`. */
import { chooseWeights } from './choose-weights.ts';
import { type CorpusTest, readCorpus } from './corpus.ts';
import { bigram, everybodys, type Guesser, type Lessons, mostFrequent, shipped, suggestions } from './guessers.ts';
import { judge, knownBest, lessonsFor, perplexityOf, type Score, together } from './judge.ts';

const tests = readCorpus();
/** Weights are chosen for a sixth of the files by the others: none has a say in its own. */
const SIXTHS = 6;
const weights = Array.from({ length: SIXTHS }, (_, sixth) =>
  chooseWeights(tests.filter((_test, at) => at % SIXTHS !== sixth)),
);
const weightsFor = (held: CorpusTest) => weights[tests.indexOf(held) % SIXTHS] ?? shipped;

const guessers: Readonly<Record<string, (lessons: Lessons, held: CorpusTest) => Guesser>> = {
  'the most frequent commands': mostFrequent,
  'what followed the command before': bigram,
  "the suggestions, everybody's habits": (lessons, held) => everybodys(lessons, weightsFor(held)),
  'the suggestions': (lessons, held) => suggestions(lessons, weightsFor(held)),
};

const products = new Set(tests.map(({ product }) => product)).size;
const steps = tests.flatMap((test) => test.steps);
const used = new Set(steps.map(({ command }) => command)).size;
console.log(`\n${tests.length} files of ${products} products, ${steps.length} steps, ${used} commands.`);
console.log('Each file is guessed by what the others teach; weights are chosen by files held out among others.\n');

const judged = Object.entries(guessers).map(([name, learn]) => {
  const scores = tests.map((held) => judge(learn(lessonsFor(held, tests), held), held));
  return { name, scores, ...together(scores) };
});
const base = judged[0] as (typeof judged)[0];
row('', ['first', 'of most freq.', 'in three', 'of most freq.', 'perplexity']);
for (const one of judged)
  row(one.name, [
    ...[percent(one.first / one.steps), ratio(one.first / base.first)],
    ...[percent(one.three / one.steps), ratio(one.three / base.three), perplexityOf(one).toFixed(2)],
  ]);

const [low, high] = likely((judged.at(-1) as (typeof judged)[0]).scores, base.scores);
console.log(
  `\nin three, of the most frequent, were the files others of the kind (95 %): ${ratio(low)} to ${ratio(high)}`,
);
console.log(`weights that were chosen: ${tally(weights.map((one) => JSON.stringify(one)))}`);
console.log('\nthe best of who has seen the very files that are guessed, and looks back by');
for (const lookBack of [0, 1, 2] as const) {
  const { first, three } = knownBest(tests, lookBack);
  row(`  ${lookBack}`, [
    ...[percent(first), ratio(first / (base.first / base.steps))],
    ...[percent(three), ratio(three / (base.three / base.steps)), ''],
  ]);
}
console.log('\nthe suggestions, in three, by how many of the other files they learn from');
for (const share of [0.25, 0.5, 0.75, 1]) {
  const three = together(tests.map((held, at) => judge(suggestions(fewer(held, at, share)), held)));
  row(`  ${percent(share)}`, ['', '', percent(three.three / three.steps), '', perplexityOf(three).toFixed(2)]);
}

console.log('\nthe suggestions, in three, of some of the files');
const known = (held: CorpusTest) => lessonsFor(held, tests).own.length;
for (const [name, isMeant] of [
  ["the demo's tests", ({ path }: CorpusTest) => path.includes('/demo/')],
  ['alone of their product', (held: CorpusTest) => known(held) === 0],
  ['with 1 to 4 others', (held: CorpusTest) => known(held) >= 1 && known(held) < 5],
  ['with 5 or more others', (held: CorpusTest) => known(held) >= 5],
] as const) {
  const some = (scores: readonly Score[]) => together(scores.filter((_score, at) => isMeant(tests[at] as CorpusTest)));
  const [own, usual] = [some(judged.at(-1)?.scores ?? []), some(base.scores)];
  row(`  ${name}`, [
    '',
    '',
    percent(own.three / own.steps),
    ratio(own.three / usual.three),
    perplexityOf(own).toFixed(2),
  ]);
}

/** The lessons of a file, but for some that are left out: others for each file. */
function fewer(held: CorpusTest, at: number, share: number): Lessons {
  const { all } = lessonsFor(held, tests);
  const some = all.filter((_, n) => ((n * 7 + at * 3) % 20) / 20 < share);
  return { all: some, own: some.filter(({ product }) => product === held.product) };
}

/** The 95 % interval of the ratio of two sums, by drawing files again and again. */
function likely(scores: readonly Score[], of: readonly Score[]): [number, number] {
  let seed = 1;
  // The minimal standard generator of Park and Miller: the same numbers each time.
  const draw = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % scores.length;
  };
  const ratios = Array.from({ length: 2000 }, () => {
    let [own, others] = [0, 0];
    for (let n = 0; n < scores.length; n++) {
      const at = draw();
      own += scores[at]?.three ?? 0;
      others += of[at]?.three ?? 0;
    }
    return own / others;
  }).sort((a, b) => a - b);
  return [ratios[50] ?? 0, ratios[1950] ?? 0];
}

function tally(values: readonly string[]): string {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].map(([value, { length }]) => `${value} ${length} times`).join(', ');
}

function row(name: string, columns: readonly string[]): void {
  console.log(`  ${name.padEnd(36)}${columns.map((text) => text.padStart(15)).join('')}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function ratio(value: number): string {
  return `${value.toFixed(2)} ×`;
}
