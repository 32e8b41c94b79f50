import assert from 'node:assert/strict';
import { ApiError } from './api-answer.ts';
import { createApiClient } from './api-client.ts';
import { collectFiles } from './collect-files.ts';
import { type FakeApi, type Script, startFakeApi } from './fake-api.testing.ts';
import { checkFiles } from './read-tests.ts';
import { aTerminal } from './recorded-terminal.testing.ts';
import { runTests } from './run-tests.ts';
import { RunInterrupted } from './see-run.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

describe('a run in trouble', () => {
  let api: FakeApi;
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    await folder.add({ 'a.yaml': 'test: A\ndo:\n  - nav: /\n' });
    api = await startFakeApi();
  });
  afterEach(async () => {
    await api.close();
    await folder.remove();
  });
  const run = async (script: Script, signal = new AbortController().signal) => {
    api.script = script;
    const [terminal, problems] = [aTerminal(), aTerminal()];
    const { ready } = await checkFiles(await collectFiles(['a.yaml']), problems);
    const options = { tests: ready, terminal, problems, signal, reportFolder: 'out' };
    const outcome = await runTests(createApiClient(api.url, 'vrt_key', signal), {
      ...{ ...options, follow: { progressMs: 10, reportPatienceMs: 50 } },
    });
    return { ...outcome, problems: problems.text };
  };
  const unavailable = { status: 503, body: { title: 'Service Unavailable' } };
  const asked = (path: string) => api.seen.filter((one) => one.path === path).length;

  it('outlives questions for its end and its progress that fail for a while', async () => {
    const { run: passed } = await run(({ path }) => {
      if (path === '/v1/runs/run_1' && asked(path) <= 3) return unavailable;
      if (path === '/v1/runs/run_1/sessions' && asked(path) <= 2) return unavailable;
      return undefined;
    });
    assert.equal(passed.status, 'passed');
    assert.equal(asked('/v1/runs/run_1'), 4);
  });

  it('is given up when they go on failing, in the words of the API', async () => {
    await assert.rejects(
      run(({ path }) => (path === '/v1/runs/run_1' ? unavailable : undefined)),
      (error) =>
        error instanceof ApiError && /\/v1\/runs\/run_1 answered 503: Service Unavailable$/.test(error.message),
    );
  });

  it('is given up at once when it is not there', async () => {
    const gone = { status: 404, body: { detail: "There is no run 'run_1'." } };
    await assert.rejects(
      run(({ path }) => (path === '/v1/runs/run_1' ? gone : undefined)),
      /There is no run 'run_1'\./,
    );
    assert.equal(asked('/v1/runs/run_1'), 1);
  });

  it('that could not be planned says why, also where nothing else is said', async () => {
    const failed = { body: { id: 'run_1', status: 'error', error: "There is no variable 'user'." } };
    const { report, problems } = await run(({ path }) => (path === '/v1/runs/run_1' ? failed : undefined));
    assert.equal(report, undefined);
    assert.match(problems, /The run could not be planned: There is no variable 'user'\.\n$/);
  });

  it('is not started when a file is refused', async () => {
    await assert.rejects(
      run(({ path }) => (path.startsWith('/v1/tests') ? { status: 413, body: { detail: 'Too large.' } } : undefined)),
      (error) => error instanceof ApiError && error.message === 'Too large.',
    );
    assert.equal(asked('/v1/runs'), 0);
  });

  const running = { body: { id: 'run_1', status: 'running' } };
  const waits: Record<string, Script> = {
    'a lookup': ({ path }) => (path === '/v1/tests/lookup' ? 'hang' : undefined),
    'an upload': ({ path }) => (path.startsWith('/v1/tests?') ? 'hang' : undefined),
    'its start': ({ path }) => (path === '/v1/runs' ? 'hang' : undefined),
    'its end': ({ path }) => (path === '/v1/runs/run_1' ? 'hang' : undefined),
    'the next question': ({ path }) => (path === '/v1/runs/run_1' ? running : undefined),
    'its progress': ({ path }) => {
      if (path === '/v1/runs/run_1') return running;
      return path === '/v1/runs/run_1/sessions' ? 'hang' : undefined;
    },
    'its report': ({ path }) => (path === '/v1/runs/run_1/report.html' ? 'hang' : undefined),
  };
  for (const [what, script] of Object.entries(waits))
    it(`ends at once when it is interrupted while it waits for ${what}`, async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('interrupted')), 100);
      const begun = Date.now();
      await assert.rejects(run(script, controller.signal), /interrupted$/);
      assert.ok(Date.now() - begun < 3000);
    });

  it('is cancelled when it is interrupted after it was started', async () => {
    const controller = new AbortController();
    const hanging: Script = ({ path }) => {
      if (path !== '/v1/runs/run_1') return path.endsWith('/cancel') ? { status: 202 } : undefined;
      setImmediate(() => controller.abort(new Error('interrupted')));
      return 'hang';
    };
    await assert.rejects(
      run(hanging, controller.signal),
      (error) => error instanceof RunInterrupted && error.cancelled,
    );
    assert.equal(asked('/v1/runs/run_1/cancel'), 1);
  });

  it('is told to go on when it cannot be cancelled', async () => {
    const controller = new AbortController();
    const hanging: Script = ({ path }) => {
      if (path !== '/v1/runs/run_1') return path.endsWith('/cancel') ? { status: 503 } : undefined;
      setImmediate(() => controller.abort(new Error('interrupted')));
      return 'hang';
    };
    await assert.rejects(
      run(hanging, controller.signal),
      (error) => error instanceof RunInterrupted && !error.cancelled,
    );
  });
});
