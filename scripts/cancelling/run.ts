import { parseArgs } from 'node:util';
import { cancelMany } from './cancel-many.ts';

const USAGE = `npm run cancelling -- [--tests N]

Cancels a run of so many tests that are all at work (20 when absent): every browser is gone within five seconds, and no
process is left when the local cloud has ended.
`;

/** From the request on, until no process of any browser is there any more. */
const LONGEST_MS = 5000;

const { values } = parseArgs({ options: { tests: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(USAGE);
else {
  const { browsers, storedMs, goneMs, left } = await cancelMany(Number(values.tests ?? 20), console.log);
  console.log(
    `${browsers} browsers, cancelled after ${storedMs} ms, gone after ${goneMs} ms; ${left} processes are left`,
  );
  process.exitCode = goneMs <= LONGEST_MS && left === 0 ? 0 : 1;
}
