import { parseArgs } from 'node:util';
import { troubledUsers } from './troubled-users.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    size: { type: 'string', default: '4' },
  },
});
const [first, count, size] = [Number(values.seed), Number(values.seeds), Number(values.size)];
let violations = 0;
for (let seed = first; seed < first + count; seed++) {
  const found = await troubledUsers(seed, size);
  for (const violation of found) console.log(`VIOLATED: ${violation}`);
  violations += found.length;
}
console.log(`${count} worlds of ${27 * size} sessions, ${violations} violations`);
process.exitCode = violations > 0 ? 1 : 0;
