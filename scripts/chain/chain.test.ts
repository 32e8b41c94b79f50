import { abandoned } from './abandoned.ts';
import { badInput } from './bad-input.ts';
import { cancelling } from './cancelling.ts';
import { keepDeliveries } from './deliveries.ts';
import { environments } from './environments.ts';
import { everyTrigger } from './every-trigger.ts';
import { failFast } from './fail-fast.ts';
import { faultsOfPages } from './faults.ts';
import { healing } from './healing.ts';
import { identity } from './identity.ts';
import { askedTwice, instanceLost } from './instance-lost.ts';
import { manners } from './manners.ts';
import { nestedSteps } from './nested-steps.ts';
import { waitingRuns } from './queue.ts';
import { reruns } from './reruns.ts';
import { retries } from './retries.ts';
import { runEvents } from './run-events.ts';
import { schedules } from './schedules.ts';
import { secondDelivery } from './second-delivery.ts';
import { type SuiteCloud, startSuite } from './suite-cloud.ts';
import { suites } from './suites.ts';
import { triggers } from './triggers.ts';

describe('the suite on the local cloud', () => {
  const keeper = keepDeliveries();
  let suite: SuiteCloud;
  before(async function () {
    this.timeout(120_000);
    suite = await startSuite({ services: { keeper: keeper.create } });
  });
  after(async () => {
    await suite?.close();
  });

  describe('runs a test from its file to the warehouse, and', () => everyTrigger(() => suite));
  describe('a file that is wrong:', () => badInput(() => suite));
  describe('a file of several tests:', () => suites(() => suite));
  describe('environments', () => environments(() => suite));
  describe('users and their keys:', () => identity(() => suite));
  describe('clients that repeat themselves:', () => manners(() => suite));
  describe('steps inside steps', () => nestedSteps(() => suite));
  describe('a run that is cancelled:', () => cancelling(() => suite));
  describe('the events of a run', () => runEvents(() => suite));
  describe('an element that has changed since the last run', () => healing(() => suite));
  describe('tests with retries', () => retries(() => suite));
  describe('runs that wait', () => waitingRuns(() => suite));
  describe('a run that fails fast', () => failFast(() => suite));
  describe('schedules', () => schedules(() => suite));
  describe('triggers:', () => triggers(() => suite));
  describe('runs that are run again', () => reruns(() => suite));
  describe('an instance that is killed in the middle of a test', () => instanceLost(() => suite));
  describe('a session that two instances are asked to run', () => askedTwice(() => suite));
  describe('a session that nobody goes on with', () => abandoned(() => suite));
  describe('a second delivery', () => secondDelivery(() => suite, keeper));
  describe('a page that misbehaves:', () => faultsOfPages(() => suite));
});
