import { checkSuite } from './check-suite.ts';
import { type ConformanceOptions, readOptions, USAGE, UsageError } from './options.ts';
import { report } from './report.ts';
import { localOnly, suites } from './suites.ts';

/** Checks the services side by side and prints what came out. @returns the exit code */
async function conform({ services, leftOut, ...options }: ConformanceOptions): Promise<number> {
  for (const name of leftOut)
    process.stderr.write(`Not looked at: ${name}. Its functions are deployed on a local cloud only.\n`);
  const checked = services.flatMap((name) => {
    const open = suites[name];
    return open ? [checkSuite(name, open, options)] : [];
  });
  const outcomes = (await Promise.all(checked)).flat();
  if (outcomes.length === 0) {
    process.stderr.write(`No behaviour of ${services.join(', ')} matches ${options.grep}.\n`);
    return 2;
  }
  process.stdout.write(`${report(outcomes)}\n`);
  return outcomes.some(({ error }) => error !== undefined) ? 1 : 0;
}

function options(): ConformanceOptions | undefined {
  try {
    const asked = readOptions(process.argv.slice(2), Object.keys(suites), localOnly);
    if (!asked) process.stdout.write(USAGE);
    return asked;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const asked = options();
if (asked) {
  process.exitCode = await conform(asked);
  // A behaviour that was given up may still hold a connection.
  setTimeout(() => process.exit(), 3000).unref();
}
