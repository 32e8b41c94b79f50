import { startCloud } from '../local/cloud.ts';
import { readOptions, UsageError } from './options.ts';

const USAGE = `npm run fuzz:api -- [--count N] [--seed N]

Requests made of the API's own description, valid ones and ones that are wrong in every way, sent to a local cloud. Every
answer must be described, carry its request's id, and be no 5xx; and no function may log an error.
  --count N  how many requests; 10000 when absent
  --seed N   repeats the requests of the run that printed it, as far as they do not name what earlier ones made
`;

/** The API, asked what it should not be. Ends with 1 where it answered wrongly. */
async function main(): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`fuzz:api: ${error.message}\n`);
    return 2;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { fuzzApi } = await import('./api/fuzz-api.ts');
  process.stdout.write(`seed ${options.seed}: ${options.count} requests\n`);
  const errors: string[] = [];
  const cloud = await startCloud({
    limits: { 'run-session': { maxInstances: 1 } },
    log: (line) => {
      if (line.startsWith('{') && (JSON.parse(line) as { severity?: string }).severity === 'ERROR') errors.push(line);
    },
  });
  try {
    const { finds, statuses } = await fuzzApi(cloud, options, (done) => process.stdout.write(`  ${done} sent\n`));
    for (const { seed, problem, mutations, request } of finds) {
      const { method, path, headers, body } = request;
      const shown = { method, path: path.slice(0, 300), headers, body: String(body ?? '').slice(0, 500) };
      process.stdout.write(`\nseed ${seed} (${mutations.join(', ')}): ${problem}\n${JSON.stringify(shown)}\n`);
    }
    for (const line of errors.slice(0, 20)) process.stdout.write(`\nlogged as an error: ${line}\n`);
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
    const found = finds.length + errors.length;
    process.stdout.write(`${counts.join(', ')}\n${found === 0 ? 'no' : found} find${found === 1 ? '' : 's'}\n`);
    return found > 0 ? 1 : 0;
  } finally {
    await cloud.close();
  }
}

process.exitCode = await main();
