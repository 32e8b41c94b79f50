import { UsageError } from '../conformance/options.ts';
import type { User } from './client.ts';
import { load, ratioOf, violationsOf } from './load.ts';
import { growthOf, isFlat } from './memory.ts';
import { readOptions, USAGE } from './options.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await run(options);
  else process.stdout.write(USAGE);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`load: ${error.message}\n`);
  process.exitCode = 2;
}

async function run(options: { clients: number; seconds: number }): Promise<void> {
  const outcome = await load(options);
  const { modest, greedy, most, memory } = outcome;
  const violations = violationsOf(outcome);
  if (!isFlat(memory)) violations.push(`memory has grown: ${memory.map((each) => each.toFixed(0)).join(', ')} MB`);
  console.log(`${options.clients} clients for ${options.seconds} s`);
  console.log(`  who keeps to the limit     ${told(modest)}`);
  console.log(
    `  who asks without a pause   ${told(greedy)}; at most ${most} each; most to least ${ratioOf(greedy).toFixed(2)}`,
  );
  console.log(
    `  the largest instance       ${(memory.at(-1) ?? 0).toFixed(0)} MB, ${growthOf(memory).toFixed(2)} times what it was`,
  );
  for (const violation of violations) console.log(`VIOLATED: ${violation}`);
  console.log(`${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

function told(users: readonly User[]): string {
  const done = users.map(({ tally }) => tally.done);
  const refused = users.reduce((sum, { tally }) => sum + tally.refused, 0);
  return `${users.length} users, ${Math.min(...done)} to ${Math.max(...done)} answers each, ${refused} refusals`;
}
