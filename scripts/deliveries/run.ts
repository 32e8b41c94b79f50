/** Deliveries to endpoints that fail, by a deliverer that is killed: `npm run deliveries -- --help`. */
import { parseArgs } from 'node:util';
import { fare } from './fairness.ts';
import { simulate } from './simulate.ts';

const USAGE = `npm run deliveries -- [--count N] [--endpoints N] [--kills N] [--failures PERCENT] [--seed N]

Delivers events on a local cloud to endpoints that fail at random, while the deliverer is killed again and again, and
compares what the log says with what the endpoints saw.
  --count N           deliveries; 10000 when absent
  --endpoints N       endpoints that every event goes to; 20 when absent
  --kills N           how often the deliverer is killed; 20 when absent
  --failures PERCENT  requests that fail; 20 when absent
  --fair N            instead, one event to N endpoints of a user, and how another user's fare meanwhile
  --seed N            repeats the random numbers of the run that printed it
`;

const whole = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    count: whole,
    endpoints: whole,
    kills: whole,
    failures: whole,
    seed: whole,
    fair: whole,
    help: { type: 'boolean' },
  },
});
const LONE_EVENTS = 30;
const number = (name: Exclude<keyof typeof values, 'help'>, fallback: number) => {
  const value = Number(values[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name}: '${values[name]}' is not a whole number.`);
  return value;
};

if (values.help) process.stdout.write(USAGE);
else if (values.fair) await showFairness(number('fair', 0));
else {
  const seed = number('seed', Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const startedAt = performance.now();
  const { violations, counts } = await simulate({
    ...{ seed, deliveries: number('count', 10_000), endpoints: Math.max(1, number('endpoints', 20)) },
    ...{ kills: number('kills', 20), failures: number('failures', 20) / 100, log: console.log },
  });
  for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${name}`);
  console.log(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(8)} seconds`);
  for (const violation of violations.slice(0, 50)) console.log(`VIOLATED: ${violation}`);
  console.log(`${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

/** One user's deliveries beside another's many. */
async function showFairness(endpoints: number): Promise<void> {
  const { alone, beside, othersBefore } = await fare(endpoints, LONE_EVENTS);
  const at = (times: readonly number[], share: number) =>
    times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
  for (const [name, times] of Object.entries({ alone, beside }))
    console.log(`${name.padEnd(8)} event to endpoint: p50 ${at(times, 0.5)} ms, p95 ${at(times, 0.95)} ms`);
  console.log(`${othersBefore} of the other user's ${endpoints} endpoints had been asked by then`);
}
