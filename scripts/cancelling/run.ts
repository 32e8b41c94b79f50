/** A run of many tests that is cancelled while all of them are at work: `npm run cancelling -- --help`. */
import { runWithNumbers } from '../whole-numbers.ts';
import { cancelMany } from './cancel-many.ts';

const usage = `npm run cancelling -- [--tests N]

Cancels a run of so many tests that are all at work (20 when absent): every browser is gone within five seconds, and no
process is left when the local cloud has ended.
`;

/** From the request on, until no process of any browser is there any more. */
const LONGEST_MS = 5000;

await runWithNumbers({ name: 'cancelling', usage, least: { tests: 1 } }, async ({ tests = 20 }) => {
  const { browsers, storedMs, goneMs, left } = await cancelMany(tests, console.log);
  console.log(
    `${browsers} browsers, cancelled after ${storedMs} ms, gone after ${goneMs} ms; ${left} processes are left`,
  );
  return goneMs <= LONGEST_MS && left === 0 ? 0 : 1;
});
