/** Many live sessions at once on few browsers: `npm run live-load -- --help`. */
import { startSuite, suiteOptions } from '../chain/suite-cloud.ts';
import { temporaryFolder } from '../chain/temporary.ts';
import { runWithNumbers, tellViolations } from '../whole-numbers.ts';
import { liveLoad } from './load.ts';

const usage = `npm run live-load -- [--sessions N] [--browsers N] [--clients N] [--commands N]

Opens live sessions on a local cloud, all at once, and sends them commands over HTTP: none may be lost, done twice or out of
order. What does not fit waits, and says so.
  --sessions N  50 when absent
  --browsers N  browsers that the machine may run at a time; 2 when absent
  --clients N   clients of each session; 1 when absent
  --commands N  commands of each client; 5 when absent
`;
const least = { sessions: 1, browsers: 1, clients: 1, commands: 1 };

await runWithNumbers(
  { name: 'live-load', usage, least },
  async ({ sessions = 50, browsers = 2, clients = 1, commands = 5 }) => {
    const temporary = temporaryFolder();
    const limits = { 'run-session': { maxInstances: browsers } };
    const suite = await startSuite({ ...suiteOptions(temporary.path), limits });
    try {
      const startedAt = performance.now();
      const { violations, ...counts } = await liveLoad(suite, { sessions, clients, commands });
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      return tellViolations({ ...counts, seconds }, violations);
    } finally {
      await suite.close();
      temporary.remove();
    }
  },
);
