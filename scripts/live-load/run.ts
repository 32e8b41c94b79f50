/** Many live sessions at once on few browsers: `npm run live-load -- --help`. */
import { parseArgs } from 'node:util';
import { startSuite, suiteOptions } from '../chain/suite-cloud.ts';
import { temporaryFolder } from '../chain/temporary.ts';
import { liveLoad } from './load.ts';

const USAGE = `npm run live-load -- [--sessions N] [--browsers N] [--clients N] [--commands N]

Opens live sessions on a local cloud, all at once, and sends them commands over HTTP: none may be lost, done twice or out of
order. What does not fit waits, and says so.
  --sessions N  50 when absent
  --browsers N  browsers that the machine may run at a time; 2 when absent
  --clients N   clients of each session; 1 when absent
  --commands N  commands of each client; 5 when absent
`;

const whole = { type: 'string' } as const;
const { values } = parseArgs({
  options: { sessions: whole, browsers: whole, clients: whole, commands: whole, help: { type: 'boolean' } },
});
const number = (name: 'sessions' | 'browsers' | 'clients' | 'commands', fallback: number): number => {
  const value = Number(values[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name}: '${values[name]}' is not a whole number from 1.`);
  return value;
};

if (values.help) process.stdout.write(USAGE);
else {
  const temporary = temporaryFolder();
  const limits = { 'run-session': { maxInstances: number('browsers', 2) } };
  const suite = await startSuite({ ...suiteOptions(temporary.path), limits });
  try {
    const options = {
      sessions: number('sessions', 50),
      clients: number('clients', 1),
      commands: number('commands', 5),
    };
    const startedAt = performance.now();
    const { violations, ...counts } = await liveLoad(suite, options);
    for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${name}`);
    console.log(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(8)} seconds`);
    for (const violation of violations) console.log(`VIOLATED: ${violation}`);
    console.log(`${violations.length} violations`);
    process.exitCode = violations.length > 0 ? 1 : 0;
  } finally {
    await suite.close();
    temporary.remove();
  }
}
