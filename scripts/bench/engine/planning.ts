import { parse, parseDocument } from 'yaml';
import { readTestFile } from '../../../shared/test-files/read.ts';
import { line, median } from '../timing.ts';

/** Planning is to take no longer than so many times the parsing of the YAML alone. */
const MOST = 3;
const STEPS = 1000;
const ROUNDS = 25;
const WARMING = 10;

const lines = [
  "  - c: 'Log in {{user}}'",
  '  - t: { Email: ada@example.com }',
  "  - eq: { '#total': 12.5 }",
  '  - wait: { for: Welcome, max: 500 }',
  "  - see 'Welcome'",
  '  - nav: /cart',
  '  - { command: interact.click, target: { role: button, name: Pay }, label: pay }',
  '  - ch: Thank you',
];
const text = `test: Many steps\nv: { user: ada }\ndo:\n${Array.from({ length: STEPS }, (_, at) => lines[at % lines.length]).join('\n')}\n`;

const ways = {
  'parsing the YAML alone': () => parse(text),
  'parsing the YAML into nodes': () => parseDocument(text),
  'planning the file': () => {
    const { definition } = readTestFile(text, { name: 'many.yaml' });
    if (definition?.checkpoints[0]?.steps.length !== STEPS) throw new Error('the file is not read as it should be');
  },
} as const;

/**
 * Reads a file of a thousand steps, beside parsing its YAML into plain values: processor time, each in its turn, so that
 * a busy machine changes neither. Ends with 1 above the limit.
 */
function main(): number {
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = -WARMING; round < ROUNDS; round++)
    for (const [name, work] of Object.entries(ways)) {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times.get(name)?.push((user + system) / 1000);
    }
  const [baseline = 1, , planned = 0] = [...times.values()].map(median);
  process.stdout.write(`${STEPS} steps, ${text.length} bytes, processor time, median of ${ROUNDS}:\n`);
  for (const [name, each] of times) process.stdout.write(`${line(name, median(each), baseline)}\n`);
  process.stdout.write(`planning takes ${(planned / baseline).toFixed(2)} times the parsing; at most ${MOST}\n`);
  return planned <= MOST * baseline ? 0 : 1;
}

process.exitCode = main();
