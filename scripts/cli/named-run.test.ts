import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import sinon from 'sinon';
import { type FakeApi, startFakeApi } from './fake-api.testing.ts';
import { main } from './main.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

describe('a run that is named', () => {
  let api: FakeApi;
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    api = await startFakeApi();
  });
  afterEach(async () => {
    sinon.restore();
    await api.close();
    await folder.remove();
  });
  const virtuoso = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const stubs = (['stdout', 'stderr'] as const).map((name) =>
      sinon.stub(process[name], 'write').callsFake((text) => {
        said[name === 'stdout' ? 'out' : 'err'] += text;
        return true;
      }),
    );
    try {
      return { code: await main([...args, '--url', api.url, '--api-key', 'vrt_key']), ...said };
    } finally {
      for (const stub of stubs) stub.restore();
    }
  };
  const events =
    'id: 1\nevent: run.started\ndata: {"id":"evt_1"}\n\nid: 2\nevent: report.ready\ndata: {"id":"evt_2"}\n\n';

  it('is watched to its end, and its report saved', async () => {
    api.verdict = 'failed';
    const { code, out } = await virtuoso('watch', 'run_1', '--report', 'seen');
    assert.equal(code, 1);
    assert.match(out, /✘ Log in[\s\S]*1 failed[\s\S]*Report: seen\/index\.html\n$/);
    assert.equal(await readFile('seen/index.html', 'utf8'), '<html/>');
  });

  it('is watched as lines of JSON', async () => {
    api.script = ({ path }) => (path === '/v1/runs/run_1/events' ? { body: events } : undefined);
    assert.deepEqual(await virtuoso('watch', 'run_1', '--json'), {
      ...{ code: 0, out: '{"id":"evt_1"}\n{"id":"evt_2"}\n', err: '' },
    });
  });

  it('is run again, all of it or what did not pass, and watched', async () => {
    api.script = ({ path }) =>
      path === '/v1/runs/run_0/rerun' ? { status: 202, body: { id: 'run_1', status: 'queued' } } : undefined;
    const { code, out } = await virtuoso('rerun', 'run_0', '--failed', '--environment', 'staging', '--report', 'seen');
    assert.deepEqual([code, out.startsWith('run_1: again what did not pass of run_0\n')], [0, true]);
    assert.match(out, /1 passed[\s\S]*Report: seen\/index\.html\n$/);
    await virtuoso('rerun', 'run_0');
    const asked = api.seen.filter(({ path }) => path === '/v1/runs/run_0/rerun');
    assert.deepEqual(
      asked.map(({ body }) => JSON.parse(body)),
      [{ failedOnly: true, environment: 'staging' }, {}],
    );
    assert.match(String(asked[0]?.headers['idempotency-key']), /^[\w-]{36}$/);
  });

  it('is started so that it fails fast', async () => {
    await folder.add({ 'a.yaml': 'test: A\ndo:\n  - nav: /\n' });
    for (const flag of ['-x', '--fail-fast']) await virtuoso('run', 'a.yaml', flag);
    await virtuoso('run', 'a.yaml');
    const asked = api.seen.filter(({ method, path }) => method === 'POST' && path === '/v1/runs');
    assert.deepEqual(
      asked.map(({ body }) => JSON.parse(body).failFast),
      [true, true, undefined],
    );
  });

  it('is started with a priority, a time limit and so many browsers at most', async () => {
    await folder.add({ 'a.yaml': 'test: A\ndo:\n  - nav: /\n' });
    await virtuoso('run', 'a.yaml', '--priority', 'high', '--time-limit', '10m', '--parallel', '3');
    const asked = api.seen.find(({ method, path }) => method === 'POST' && path === '/v1/runs');
    const { priority, runTimeout, parallel } = JSON.parse(asked?.body ?? '{}');
    assert.deepEqual([priority, runTimeout, parallel], ['high', 600_000, 3]);
  });

  it('is cancelled; one that has ended is not', async () => {
    api.script = ({ path }) => (path === '/v1/runs/run_1/cancel' ? { status: 202, body: { id: 'run_1' } } : undefined);
    assert.deepEqual(await virtuoso('cancel', 'run_1'), { code: 0, out: 'run_1 is being cancelled.\n', err: '' });
    api.script = () => ({ body: { id: 'run_1', status: 'passed' } });
    assert.match((await virtuoso('cancel', 'run_1')).out, /has ended already: passed/);
  });

  for (const foreign of ['null', '[]', '"ok"', '{}', '{"status":"ok"}', '{"id":7,"status":"passed"}'])
    it(`is no run where something else than the API answers: ${foreign}`, async () => {
      api.script = () => ({ body: foreign });
      await folder.add({ 'a.yaml': 'test: A\ndo:\n  - nav: /\n' });
      const commands = [
        ['watch', 'run_1'],
        ['watch', 'run_1', '--json'],
        ['rerun', 'run_1'],
        ['run', 'a.yaml'],
      ];
      for (const args of commands) {
        const { code, err } = await virtuoso(...args);
        assert.equal(code, 2);
        assert.match(
          err,
          /^virtuoso: http\S+ answered with JSON that is not this API's: is that the address of a Virt/,
        );
      }
    });

  it('has no report where its report is something else', async () => {
    api.script = ({ path }) => (path.endsWith('/report.json') ? { body: 'null' } : undefined);
    const { code, err } = await virtuoso('watch', 'run_1');
    assert.deepEqual([code, /report\.json answered with JSON that is not this API's/.test(err)], [2, true]);
  });

  it('is told of in a sentence when it is not there', async () => {
    for (const command of ['watch', 'cancel', 'rerun']) {
      const { code, err } = await virtuoso(command, 'run_2');
      assert.equal(code, 2);
      assert.match(err, /^virtuoso: There is no (GET|POST) \/v1\/runs\/run_2/);
    }
  });
});
