/** The places of users' sessions, in worlds that go wrong at random: `npm run slots -- --help`. */
import { runWithNumbers, tellViolations } from '../whole-numbers.ts';
import { troubledUsers } from './troubled-users.ts';

const usage = `npm run slots -- [--seed N] [--seeds N] [--size N]

Sessions of users who may have a few at once, while what hands their places on is late, lost and done twice.
  --seed N   the first world; 1 when absent
  --seeds N  worlds, each with the next seed; 20 when absent
  --size N   of a world: it has 27 sessions times this; 4 when absent
`;

await runWithNumbers(
  { name: 'slots', usage, least: { seed: 0, seeds: 1, size: 1 } },
  async ({ seed: first = 1, seeds = 20, size = 4 }) => {
    const violations: string[] = [];
    for (let seed = first; seed < first + seeds; seed++) violations.push(...(await troubledUsers(seed, size)));
    return tellViolations({ worlds: seeds, sessions: seeds * 27 * size }, violations);
  },
);
