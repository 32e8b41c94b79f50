import { liveSessions } from './live.ts';
import { liveChanges } from './live-changes.ts';
import { liveEvents } from './live-events.ts';
import { liveShop } from './live-shop.ts';
import { type SuiteCloud, startSuite, suiteOptions } from './suite-cloud.ts';
import { temporaryFolder } from './temporary.ts';

describe('a live session', () => {
  const temporary = temporaryFolder();
  let suite: SuiteCloud;
  before(async function () {
    this.timeout(120_000);
    const options = suiteOptions(temporary.path);
    suite = await startSuite({ ...options, environment: { ...options.environment, LIVE_IDLE_SECONDS: '4' } });
  });
  after(async () => {
    await suite?.close();
    temporary.remove();
  });

  liveSessions(() => suite);
  liveChanges(() => suite);
  describe('whose events', () => liveEvents(() => suite));
  describe('in a shop', () => liveShop(() => suite));
});
