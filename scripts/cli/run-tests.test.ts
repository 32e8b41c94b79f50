import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createApiClient } from './api-client.ts';
import { collectFiles } from './collect-files.ts';
import { UsageError } from './command.ts';
import { type FakeApi, startFakeApi } from './fake-api.testing.ts';
import { checkFiles } from './read-tests.ts';
import { aTerminal } from './recorded-terminal.testing.ts';
import { runTests } from './run-tests.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

const test = (name: string) => `test: ${name}\nbase: https://shop.example\ndo:\n  - nav: /\n`;

describe('a run of test files', () => {
  let api: FakeApi;
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    api = await startFakeApi();
  });
  afterEach(async () => {
    await api.close();
    await folder.remove();
  });

  async function start(options: object = {}) {
    const terminal = aTerminal();
    const { ready } = await checkFiles(await collectFiles(['.']), terminal);
    const { signal } = new AbortController();
    const all = {
      tests: ready,
      terminal,
      problems: terminal,
      signal,
      reportFolder: 'out/report',
      follow: { progressMs: 5 },
      ...options,
    };
    return { outcome: await runTests(createApiClient(api.url, 'vrt_key'), all), text: terminal.text };
  }

  const uploaded = () =>
    api.seen
      .map(({ path }) => path)
      .filter((path) => path.startsWith('/v1/tests?'))
      .sort();
  const runs = () =>
    api.seen
      .filter(({ method, path }) => method === 'POST' && path === '/v1/runs')
      .map(({ body }) => (JSON.parse(body) as { tests: string[] }).tests);

  it('uploads the file of a suite once, and runs the tests of it that are selected', async () => {
    await folder.add({ 'all.yaml': `${test('A')}---\n${test('B')}---\n${test('C')}` });
    api.script = ({ method, path }) => {
      if (method !== 'POST' || !path.startsWith('/v1/tests?')) return undefined;
      const tests = ['A', 'B', 'C'].map((name) => ({ id: `tst_${name}`, name }));
      return { status: 201, body: { id: 'sui_1', status: 'ready', tests } };
    };
    const { ready } = await checkFiles(await collectFiles(['.']), aTerminal());
    await start({ tests: ready.filter(({ definition }) => definition.name !== 'B') });
    assert.equal(uploaded().length, 1);
    const run = api.seen.find(({ method, path }) => method === 'POST' && path === '/v1/runs');
    assert.deepEqual(JSON.parse(run?.body ?? ''), { tests: ['tst_A', 'tst_C'] });
  });

  it('uploads each file under its name, and starts one run of them in order', async () => {
    await folder.add({ 'b.yaml': test('B'), 'a b/ü.yaml': test('A') });
    await start({
      baseUrl: 'http://x',
      variables: { user: 'ada' },
      retries: 1,
      timeout: 500,
      environment: 'staging',
      updateSnapshots: 'changed',
    });
    const uploads = api.seen.filter(({ path }) => path.startsWith('/v1/tests?'));
    assert.deepEqual(uploaded(), ['/v1/tests?name=a%20b%2F%C3%BC.yaml', '/v1/tests?name=b.yaml']);
    assert.deepEqual(
      uploads.map(({ headers }) => headers.prefer),
      ['wait=60', 'wait=60'],
    );
    const run = api.seen.find(({ method, path }) => method === 'POST' && path === '/v1/runs');
    assert.match(String(run?.headers['idempotency-key']), /^[\w-]{36}$/);
    assert.deepEqual(JSON.parse(run?.body ?? ''), {
      tests: ['tst_a b/ü.yaml', 'tst_b.yaml'],
      ...{
        baseUrl: 'http://x',
        variables: { user: 'ada' },
        retries: 1,
        timeout: 500,
        environment: 'staging',
        updateSnapshots: 'changed',
      },
    });
  });

  const refusal = (pointer: string) => ({
    status: 422,
    body: { detail: 'No.', errors: [{ pointer, message: 'gone' }] },
  });
  const isRun = ({ method, path }: { method: string; path: string }) => method === 'POST' && path === '/v1/runs';

  it('is started with tests that were there; with all of them uploaded when they are gone by then', async () => {
    await folder.add({ 'a.yaml': test('A'), 'b.yaml': test('B') });
    await start();
    const once = uploaded();
    await start();
    assert.deepEqual(uploaded(), once);
    let refusals = 0;
    api.script = (seen) => (isRun(seen) && refusals++ === 0 ? refusal('/tests/1') : undefined);
    const { outcome } = await start();
    assert.equal(outcome.run.status, 'passed');
    assert.deepEqual(uploaded(), [...once, ...once].sort());
    assert.equal(runs().length, 4);
    const keys = api.seen.filter(isRun).map(({ headers }) => headers['idempotency-key']);
    assert.equal(new Set(keys).size, 4);
  });

  it('is refused for good when the tests were uploaded just now, or when it is about something else', async () => {
    await folder.add({ 'a.yaml': test('A') });
    api.script = (seen) => (isRun(seen) ? refusal('/tests/0') : undefined);
    await assert.rejects(start(), /gone/);
    api.script = (seen) => (isRun(seen) ? refusal('/environment') : undefined);
    await assert.rejects(start(), /gone/);
    assert.deepEqual([runs().length, uploaded().length], [2, 1]);
    api.script = (seen) => (isRun(seen) ? refusal('/tests/0') : undefined);
    await assert.rejects(start(), /gone/);
    assert.deepEqual([runs().length, uploaded().length], [4, 2]);
  });

  it('saves the report with a manifest of it, and the JUnit file where it is wanted', async () => {
    await folder.add({ 'a.yaml': test('A') });
    const { outcome, text } = await start({ junit: 'ci/junit.xml' });
    assert.equal(outcome.run.status, 'passed');
    assert.equal(await readFile('out/report/index.html', 'utf8'), '<html/>');
    assert.equal(await readFile('ci/junit.xml', 'utf8'), '<xml/>');
    const manifest = JSON.parse(await readFile('out/report/manifest.json', 'utf8')) as { files: { name: string }[] };
    assert.deepEqual(
      manifest.files.map(({ name }) => name),
      ['index.html', 'junit.xml', 'results.json'],
    );
    assert.match(text, /^run_1: 1 test\n {2}✔ Log in 2\.5 s\n\n1 passed · .*\nReport: out\/report\/index\.html\n$/);
  });

  it('says so when the report does not come, and where it will be', async () => {
    await folder.add({ 'a.yaml': test('A') });
    api.script = ({ path }) => (path === '/v1/runs/run_1' ? { body: { id: 'run_1', status: 'failed' } } : undefined);
    const { outcome, text } = await start({ follow: { progressMs: 5, reportPatienceMs: 20 } });
    assert.equal(outcome.report, undefined);
    assert.match(
      text,
      /The run has ended \(failed\), but its report is not there: ask for http.*\/v1\/runs\/run_1\/report later\.\n$/,
    );
  });

  it('says where the report cannot be written', async () => {
    await folder.add({ 'a.yaml': test('A'), out: 'a file' });
    await assert.rejects(
      start(),
      (error) => error instanceof UsageError && /out\/report' cannot be made/.test(error.message),
    );
  });
});
