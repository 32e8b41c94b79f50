import assert from 'node:assert/strict';
import type { RunEntity } from '../../schemas/entities.ts';
import type { ReportedStep } from '../../schemas/report.ts';
import { type PageServer, startPages } from './page-server.ts';
import type { SuiteCloud } from './suite-cloud.ts';

const SECRET = 's3cr3t-of-staging';

/** An environment with a secret, from its making to the report of a run that uses it; files and baselines beside it. */
export function environments(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let looks = 'teal';
  before(async () => {
    pages = await startPages({
      '/': () =>
        `<title>Home</title><label>Key <input id="key"></label><label>CV <input type="file"></label>
<a href="/list" download="list.csv">List</a><div style="width:400px;height:400px;background:${looks}"></div>
<script>console.error(location.search)</script>`,
      '/list': (_visit, response) => void response.end('tea,3'),
      '/api': (_visit, response) => void response.setHeader('content-type', 'application/json').end('{"n":7}'),
    });
  });
  after(() => pages?.close());

  async function run(lines: readonly string[], more: Record<string, unknown> = {}) {
    const { upload, start, ended, reportOf, run: read } = suite();
    const id = await upload(
      'environment.yaml',
      `test: Environment\nenv: staging\ndo:\n${lines.map((line) => `  - ${line}\n`).join('')}`,
    );
    const started = await start([id], more);
    await ended(started.id);
    const report = await reportOf(started.id);
    const shown = report.sessions[0]?.checkpoints[0]?.steps ?? [];
    return { id: started.id, entity: (await read(started.id)) as RunEntity, report, shown, testId: id };
  }
  const kinds = (step: ReportedStep | undefined) => (step?.artifacts ?? []).map(({ kind }) => kind);

  it('are stored with their secrets encrypted, and never tell them', async () => {
    const { call, google } = suite();
    const made = await call('POST', '/v1/environments', {
      name: 'staging',
      variables: { ORIGIN: pages.origin },
      secrets: { KEY: SECRET },
      files: { cv: 'docs/cv.pdf' },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { id } = made.body as { id: string };
    const document = (await google.firestore.doc(`environments/${id}`).get()).data();
    const listed = await call('GET', '/v1/environments');
    assert.doesNotMatch(JSON.stringify([document, made.body, listed.body]), new RegExp(SECRET));
    assert.equal((await call('POST', '/v1/environments', { name: 'staging' })).status, 409);
    const unknown = await call('POST', '/v1/runs', { tests: ['tst_x'], environment: 'stagin' });
    assert.equal(unknown.status, 422);
  });

  it('give steps what they need, and no record, event, report, log or trace their secrets', async function () {
    this.timeout(180_000);
    const { google, lines, checkpointsOf, sessionsOf } = suite();
    const bucket = google.storage.bucket('virtuoso-tests');
    await bucket.file('tests/usr_bootstrap/docs/cv.pdf').save('%PDF');
    const { id, report } = await run([
      `nav: ${'$'}{ENV:ORIGIN}/?key=${'$'}{ENV:KEY}`,
      `t: {Key: '${'$'}{ENV:KEY}'}`,
      `{command: file.upload, target: CV, artifact: cv}`,
      `request: {url: '${'$'}{ENV:ORIGIN}/api?key=${'$'}{ENV:KEY}', status: 200, store: {n: $.n}}`,
      'download: {List: list}',
      '{command: assert.exists, target: Nowhere, timeoutMs: 1500}',
    ]);
    const statuses = report.sessions[0]?.checkpoints[0]?.steps.map(({ result }) => result?.status);
    assert.deepEqual(statuses, ['passed', 'passed', 'passed', 'passed', 'passed', 'failed'], JSON.stringify(report));
    const sessions = await sessionsOf(id);
    const checkpoints = await checkpointsOf(sessions[0]?.id ?? '');
    const [html] = await google.storage.bucket('virtuoso-reports').file(`${id}/index.html`).download();
    const told = JSON.stringify([report, sessions, checkpoints, lines, html.toString()]);
    assert.doesNotMatch(told, new RegExp(SECRET));
    const artifacts = google.storage.bucket('virtuoso-artifacts');
    const [files] = await artifacts.getFiles({ prefix: `${sessions[0]?.id}/` });
    assert.ok(
      files.some(({ name }) => name.endsWith('list.csv')) && files.some(({ name }) => name.endsWith('trace.zip')),
    );
    for (const file of files) assert.ok(!(await file.download())[0].includes(SECRET), file.name);
  });

  it('and baselines stay with the test from run to run, until they are to be written again', async () => {
    const lines = [`nav: ${pages.origin}/`, 'snapshot: home'];
    const first = await run(lines);
    assert.deepEqual([first.entity.status, kinds(first.shown[1])], ['passed', ['actual']]);
    looks = 'red';
    const second = await run(lines);
    assert.deepEqual([second.entity.status, kinds(second.shown[1])], ['failed', ['expected', 'actual', 'diff']]);
    const third = await run(lines, { updateSnapshots: 'changed' });
    const fourth = await run(lines, { updateSnapshots: 'none' });
    assert.deepEqual([third.entity.status, fourth.entity.status], ['passed', 'passed']);
    const [files] = await suite().google.storage.bucket('virtuoso-tests').getFiles({ prefix: 'baselines/' });
    const theirs = files.map(({ name }) => name).filter((name) => name.includes(first.testId));
    assert.deepEqual(theirs, [`baselines/usr_bootstrap/${first.testId}/home-chromium-1280x720.png`]);
  });
}
