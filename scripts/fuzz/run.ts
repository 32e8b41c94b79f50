import { readOptions, USAGE, UsageError } from './options.ts';

/** The reader of test files, asked to read files that were spoilt at random. Ends with 1 where it failed. */
async function main(): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`fuzz: ${error.message}\n`);
    return 2;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { fuzz } = await import('./fuzz.ts');
  process.stdout.write(`seed ${options.seed}: ${options.count} files\n`);
  const finds = fuzz(options, (done) => process.stdout.write(`  ${done} read\n`));
  for (const { seed, problem, source } of finds)
    process.stdout.write(`\nfile of seed ${seed}: ${problem}\n${JSON.stringify(source)}\n`);
  process.stdout.write(`${finds.length === 0 ? 'no' : finds.length} find${finds.length === 1 ? '' : 's'}\n`);
  return finds.length > 0 ? 1 : 0;
}

process.exitCode = await main();
