import { UsageError } from '../conformance/options.ts';
import { measureMemory } from './memory.ts';
import { readOptions, USAGE } from './options.ts';
import { torture } from './torture.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options?.memory) tell(await measureMemory(console.log));
  else if (options) await run(options);
  else process.stdout.write(USAGE);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run(options: { seed: number; kills: number; writers: number }): Promise<void> {
  console.log(`seed ${options.seed}`);
  const { violations, counts } = await torture({ ...options, log: console.log });
  for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${name}`);
  tell(violations);
}

function tell(violations: readonly string[]): void {
  for (const violation of violations.slice(0, 50)) console.log(`VIOLATED: ${violation}`);
  console.log(`${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
