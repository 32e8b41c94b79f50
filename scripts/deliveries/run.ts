/** Deliveries to endpoints that fail, by a deliverer that is killed: `npm run deliveries -- --help`. */
import { runWithNumbers, tellViolations } from '../whole-numbers.ts';
import { fare } from './fairness.ts';
import { simulate } from './simulate.ts';

const usage = `npm run deliveries -- [--count N] [--endpoints N] [--kills N] [--failures PERCENT] [--seed N]

Delivers events on a local cloud to endpoints that fail at random, while the deliverer is killed again and again, and
compares what the log says with what the endpoints saw.
  --count N           deliveries; 10000 when absent
  --endpoints N       endpoints that every event goes to; 20 when absent
  --kills N           how often the deliverer is killed; 20 when absent
  --failures PERCENT  requests that fail; 20 when absent
  --fair N            instead, one event to N endpoints of a user, and how another user's fare meanwhile
  --seed N            repeats the random numbers of the run that printed it
`;

const LONE_EVENTS = 30;
const least = { count: 1, endpoints: 1, kills: 0, failures: 0, seed: 0, fair: 1 };

await runWithNumbers({ name: 'deliveries', usage, least }, async (given) => {
  if (given.fair !== undefined) return await showFairness(given.fair);
  const {
    seed = Math.floor(Math.random() * 2 ** 31),
    count = 10_000,
    endpoints = 20,
    kills = 20,
    failures = 20,
  } = given;
  console.log(`seed ${seed}`);
  const startedAt = performance.now();
  const { violations, counts } = await simulate({
    ...{ seed, deliveries: count, endpoints, kills, failures: failures / 100, log: console.log },
  });
  return tellViolations({ ...counts, seconds: Math.round((performance.now() - startedAt) / 1000) }, violations);
});

/** One user's deliveries beside another's many. */
async function showFairness(endpoints: number): Promise<number> {
  const { alone, beside, othersBefore } = await fare(endpoints, LONE_EVENTS);
  const at = (times: readonly number[], share: number) =>
    times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
  for (const [name, times] of Object.entries({ alone, beside }))
    console.log(`${name.padEnd(8)} event to endpoint: p50 ${at(times, 0.5)} ms, p95 ${at(times, 0.95)} ms`);
  console.log(`${othersBefore} of the other user's ${endpoints} endpoints had been asked by then`);
  return 0;
}
