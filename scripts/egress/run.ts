/** What pages try to reach private addresses, and what stops each: `npm run egress`. Ends with 1 where something arrives. */
import { tableOf, tryEverything } from './table.ts';

const results = await tryEverything();
const { result, log, proxy } = results.both;
const through = result.filter(({ victim, twin }) => victim || twin === false);
process.stdout.write(`${tableOf(results)}\n\n`);
process.stdout.write(
  `${result.length} tricks, ${result.length - through.length} stopped. With both guards the browser `,
);
process.stdout.write(`connected to ${[...log.connections].join(', ')} (its proxy is ${proxy}), `);
process.stdout.write(`sent ${log.datagrams} datagrams and looked up ${log.lookups} names.\n`);
process.exitCode = through.length > 0 ? 1 : 0;
