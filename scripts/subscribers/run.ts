/** Subscribers to a run's events at instances that come and go: `npm run subscribers -- --help`. */
import { runWithNumbers, tellViolations } from '../whole-numbers.ts';
import { simulateSubscribers } from './simulate.ts';

const usage = `npm run subscribers -- [--seed N] [--subscribers N] [--events N]

Subscribers to a run's events, who leave and come again, at instances that are stopped and killed.
  --seed N         repeats the random numbers of the run that printed it
  --subscribers N  1000 when absent
  --events N       events of the run; 300 when absent
`;

await runWithNumbers(
  { name: 'subscribers', usage, least: { seed: 0, subscribers: 1, events: 1 } },
  async ({ seed = Math.floor(Math.random() * 2 ** 31), subscribers = 1000, events = 300 }) => {
    console.log(`seed ${seed}`);
    const { violations, counts } = await simulateSubscribers({ seed, subscribers, events, log: console.log });
    return tellViolations(counts, violations);
  },
);
