import { parseArgs } from 'node:util';
import { simulateSubscribers } from './simulate.ts';

const USAGE = `npm run subscribers -- [--seed N] [--subscribers N] [--events N]

Subscribers to a run's events, who leave and come again, at instances that are stopped and killed.
  --seed N         repeats the random numbers of the run that printed it
  --subscribers N  1000 when absent
  --events N       events of the run; 300 when absent
`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { seed: text, subscribers: text, events: text, help: { type: 'boolean', short: 'h' } },
});
if (values.help) process.stdout.write(USAGE);
else {
  const { seed = Math.floor(Math.random() * 2 ** 31), subscribers = 1000, events = 300 } = values;
  const options = { seed: Number(seed), subscribers: Number(subscribers), events: Number(events) };
  console.log(`seed ${options.seed}`);
  const { violations, counts } = await simulateSubscribers({ ...options, log: console.log });
  for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)} ${name}`);
  for (const violation of violations.slice(0, 50)) console.log(`VIOLATED: ${violation}`);
  console.log(`${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
