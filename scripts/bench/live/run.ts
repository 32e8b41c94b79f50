/** What live sessions take, beside the same calls of playwright-core in the same minute: `npm run bench:live -- [ROUNDS]`. */
import { startSuite, suiteOptions } from '../../chain/suite-cloud.ts';
import { temporaryFolder } from '../../chain/temporary.ts';
import { startSite } from '../flows/site.ts';
import { compareCommands } from './commands.ts';
import { measureLives } from './lives.ts';
import { measureResumption } from './resumption.ts';

const rounds = Number(process.argv[2] ?? 15);
const temporary = temporaryFolder();
const options = suiteOptions(temporary.path);
// A short rest is all that the time to go on after one needs.
const environment = { ...options.environment, LIVE_IDLE_SECONDS: '2' };
const suite = await startSuite({ ...options, environment });
const site = await startSite();
try {
  await compareCommands(suite, site.origin, rounds);
  await measureLives(suite, site.origin, rounds);
  await measureResumption(suite, site.origin, Math.ceil(rounds / 3));
} finally {
  await site.close();
  await suite.close();
  temporary.remove();
}
