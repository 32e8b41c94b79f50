import { everyTrigger } from './every-trigger.ts';
import { type SuiteCloud, startSuite } from './suite-cloud.ts';

describe('the suite on the local cloud', () => {
  let suite: SuiteCloud;
  before(async function () {
    this.timeout(120_000);
    suite = await startSuite();
  });
  after(async () => {
    await suite?.close();
  });

  describe('runs a test from its file to the warehouse, and', () => everyTrigger(() => suite));
});
