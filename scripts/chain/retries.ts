import assert from 'node:assert/strict';
import { readXml } from '../../shared/reports/xml.testing.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

const testOf = (page: string) => `
name: Ready at ${page}
config: { timeout: 3000 }
steps:
  - navigate: /${page}
  - assert: Ready
`;

/** Tests that are tried again. */
export function retries(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    const ready = pageOf('<p>Ready</p>');
    const later = pageOf('<p>Not yet</p>');
    pages = await startPages({
      '/steady': () => ready,
      '/swift': () => ready,
      '/flaky': ({ number }) => (number > 1 ? ready : later),
      '/broken': () => later,
    });
  });
  after(async () => {
    await pages?.close();
  });
  const runOf = async (...names: string[]) => {
    const { upload, start, ended } = suite();
    const tests = await Promise.all(names.map((name) => upload(`${name}.yaml`, testOf(name))));
    const { id } = await start(tests, { baseUrl: pages.origin, retries: 1 });
    return ended(id);
  };

  it('passes a run whose flaky test passes at its second attempt; both are in the report', async () => {
    const run = await runOf('flaky', 'steady', 'swift');
    assert.equal(run.status, 'passed');
    assert.deepEqual(
      { ...run.totals, steps: 0 },
      { ...{ sessions: 3, passed: 3, failed: 0 }, error: 0, checkpoints: 3, steps: 0 },
    );
    const { sessionsOf, reportOf, call } = suite();
    const attempts = (await sessionsOf(run.id)).filter(({ position }) => position === 0);
    assert.deepEqual(
      attempts.map(({ attempt, status, superseded }) => [attempt, status, superseded]),
      [
        [1, 'failed', true],
        [2, 'passed', false],
      ],
    );
    const { sessions } = await reportOf(run.id);
    const told = sessions.filter(({ testName }) => testName === 'Ready at flaky');
    assert.deepEqual(
      told.map(({ attempt, status }) => [attempt, status]),
      [
        [1, 'failed'],
        [2, 'passed'],
      ],
    );
    const junit = readXml(String((await call('GET', `/v1/runs/${run.id}/report.xml`)).body));
    assert.equal(junit.attributes.failures, '0');
  });

  it('fails a run once its attempts are spent', async () => {
    const run = await runOf('broken');
    assert.equal(run.status, 'failed');
    const sessions = await suite().sessionsOf(run.id);
    assert.deepEqual(
      sessions.map(({ attempt, status }) => [attempt, status]),
      [
        [1, 'failed'],
        [2, 'failed'],
      ],
    );
    assert.equal(only(sessions.filter(({ superseded }) => !superseded)).attempt, 2);
  });
}
