/** How often the next step of a test is guessed: `npm run bench:suggestions`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { learnNextCommands, type Transition } from '../../../shared/analytics/next-commands.ts';
import { rankNext } from '../../../shared/analytics/rank-next.ts';
import { commands } from '../../../shared/commands/index.ts';
import { readTestFile } from '../../../shared/test-files/read.ts';

/** The commands of a test, in their order. */
type Sequence = readonly string[];
/** Learns from sequences; gives what guesses, the likeliest first. */
type Learner = (sequences: readonly Sequence[]) => (before: Sequence) => readonly string[];

const folders = ['./corpus', '../../demo/tests', '../../demo/failing'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

const learners: Readonly<Record<string, Learner>> = {
  'the most frequent commands': (sequences) => {
    const ranked = byCount(sequences.flat());
    return () => ranked;
  },
  'what followed the command before': (sequences) => {
    const ranked = byCount(sequences.flat());
    const followers = Map.groupBy(transitionsOf(sequences), ([, previous]) => previous);
    return (before) => {
      const known = byCount((followers.get(before.at(-1) ?? '') ?? []).map(([, , command]) => command));
      return [...known, ...ranked.filter((command) => !known.includes(command))];
    };
  },
  'the suggestions': (sequences) => {
    const model = learnNextCommands(transitionsOf(sequences), commands.length);
    return (before) => rankNext(before, model, 3).map(({ command }) => command);
  },
};

function byCount(list: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([one]) => one);
}

function transitionsOf(sequences: readonly Sequence[]): Transition[] {
  return sequences.flatMap((sequence) =>
    sequence.map((command, at): Transition => [sequence[at - 2] ?? '', sequence[at - 1] ?? '', command, 1]),
  );
}

/** @throws Error for a file that is no test */
function readSequence(path: string): Sequence {
  const { definition, diagnostics } = readTestFile(readFileSync(path, 'utf8'), { name: path });
  if (!definition) throw new Error(`${path}: ${diagnostics[0]?.message}`);
  const { setup, checkpoints, teardown } = definition;
  return [...setup, ...checkpoints.flatMap(({ steps }) => steps), ...teardown].map(({ command }) => command);
}

const files = folders.flatMap((folder) => readdirSync(folder).map((name) => readSequence(join(folder, name))));
const steps = files.flat().length;
console.log(`\n${files.length} files, ${steps} steps; each file is guessed by what the others teach\n`);
const shares = Object.entries(learners).map(([name, learn]) => {
  const hits = { one: 0, three: 0 };
  for (const held of files) {
    const guess = learn(files.filter((file) => file !== held));
    for (const [at, command] of held.entries()) {
      const place = guess(held.slice(0, at)).indexOf(command);
      if (place === 0) hits.one++;
      if (place >= 0 && place < 3) hits.three++;
    }
  }
  return { name, one: hits.one / steps, three: hits.three / steps };
});
const base = shares[0] ?? { one: 1, three: 1 };
console.log(
  `  ${''.padEnd(34)}${'first'.padStart(10)}${'of most frequent'.padStart(18)}${'in three'.padStart(10)}${'of most frequent'.padStart(18)}`,
);
for (const { name, one, three } of shares) {
  const columns = [percent(one), ratio(one / base.one), percent(three), ratio(three / base.three)];
  console.log(`  ${name.padEnd(34)}${columns.map((text, at) => text.padStart(at % 2 ? 18 : 10)).join('')}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function ratio(value: number): string {
  return `${value.toFixed(2)} ×`;
}
