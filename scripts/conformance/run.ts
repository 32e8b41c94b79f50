import { checkSuite } from './check-suite.ts';
import { type ConformanceOptions, readOptions, USAGE, UsageError } from './options.ts';
import { report } from './report.ts';
import { localOnly, suites } from './suites.ts';

/** Google's clients find the metadata server by the environment, which all suites share: its own is looked at alone. */
const ALONE = 'metadata';

/** Checks the services side by side and prints what came out. @returns the exit code */
async function conform({ services, leftOut, ...options }: ConformanceOptions): Promise<number> {
  for (const name of leftOut)
    process.stderr.write(`Not looked at: ${name}. Its functions are deployed on a local cloud only.\n`);
  const check = async (name: string) => {
    const open = suites[name];
    return open ? await checkSuite(name, open, options) : [];
  };
  const [alone, beside] = [services.filter((name) => name === ALONE), services.filter((name) => name !== ALONE)];
  const outcomes = (await Promise.all(beside.map(check))).flat();
  for (const name of alone) outcomes.push(...(await check(name)));
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
