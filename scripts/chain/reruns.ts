import assert from 'node:assert/strict';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** Runs that are run again. */
export function reruns(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let mended = false;
  before(async () => {
    pages = await startPages({
      '/steady': () => pageOf('<p>Ready</p>'),
      '/mended': () => pageOf(mended ? '<p>Ready</p>' : '<p>Not yet</p>'),
      '/held': () => undefined,
    });
  });
  after(async () => {
    await pages?.close();
  });
  const source = (name: string) => `
name: Ready at {{page}}, ${name}
config: { timeout: 2000 }
data:
  - { page: steady }
  - { page: mended }
steps:
  - navigate: /{{page}}
  - assert: Ready
`;

  const changesToldBy = async (runId: string) => {
    const { docs } = await suite().google.firestore.collection(`runs/${runId}/log`).get();
    const told = docs.flatMap((document) => JSON.parse(document.get('events')) as { type: string; data: object }[]);
    return told
      .filter(({ type }) => type.startsWith('test.'))
      .map(({ type, data }) => [type, (data as { test_id: string }).test_id]);
  };

  it('run only what did not pass, where that is wanted; the report has all of it', async () => {
    const { upload, start, ended, call, sessionsOf, reportOf, cloud } = suite();
    const test = await upload('rerun.yaml', source('rows'));
    const { id } = await start([test], { baseUrl: pages.origin });
    assert.equal((await ended(id)).status, 'failed');
    assert.equal((await call('POST', '/v1/runs/run_0/rerun', {})).status, 404);

    mended = true;
    const steady = pages.visits('/steady');
    const answer = await call('POST', `/v1/runs/${id}/rerun`, { failedOnly: true }, { 'idempotency-key': 'again' });
    assert.equal(answer.status, 202);
    const { id: again } = answer.body as { id: string };
    const run = await ended(again);
    assert.deepEqual([run.status, run.totals.sessions], ['passed', 1]);
    const { rerunOf, trigger } = run as unknown as Record<string, unknown>;
    assert.deepEqual([rerunOf, trigger], [id, 'rerun']);
    assert.deepEqual(
      (await sessionsOf(again)).map(({ row, trigger: why }) => [row, why]),
      [[{ page: 'mended' }, 'rerun']],
    );
    assert.equal(pages.visits('/steady'), steady, 'what passed is not run again');
    const report = await reportOf(again);
    assert.deepEqual(
      report.sessions.map(({ row, attempt, status, runId }) => [row?.page, attempt, status, runId]),
      [
        ['steady', 1, 'passed', id],
        ['mended', 1, 'failed', id],
        ['mended', 2, 'passed', undefined],
      ],
    );
    assert.deepEqual([report.run.totals.sessions, report.run.totals.passed], [2, 2]);
    assert.equal((await call('POST', `/v1/runs/${again}/rerun`, { failedOnly: true })).status, 422);

    await cloud.settle();
    const shown = await call('GET', `/v1/tests/${test}`);
    assert.ok(!JSON.stringify(shown.body).includes('utcome'), 'how it went is no part of the test');
    assert.deepEqual(await changesToldBy(id), [['test.became_failing', test]]);
    assert.deepEqual(await changesToldBy(again), [['test.recovered', test]]);

    const whole = await call('POST', `/v1/runs/${again}/rerun`, {});
    const all = await ended((whole.body as { id: string }).id);
    assert.deepEqual([all.status, all.totals.sessions], ['passed', 2]);
  });
}
