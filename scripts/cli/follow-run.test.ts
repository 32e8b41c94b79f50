import assert from 'node:assert/strict';
import { ApiError } from './api-answer.ts';
import type { ApiClient, RunView, SessionView } from './api-client.ts';
import { aSessionView } from './fake-api.testing.ts';
import { followRun } from './follow-run.ts';

const quick = { waitSeconds: 1, progressMs: 1, reportPatienceMs: 20 };
const run = (status: string, more: object = {}) => ({ id: 'run_1', status, ...more }) as RunView;
const ended = run('passed', { report: { html: 'x' } });

/** Only what following a run asks for. */
function fake(runs: (RunView | Error)[], sessions: () => Promise<SessionView[]> = async () => []) {
  const asked: (number | undefined)[] = [];
  const api = {
    listSessions: sessions,
    async readRun(_id: string, wait?: number) {
      asked.push(wait);
      const next = runs.length > 1 ? runs.shift() : runs[0];
      if (next instanceof Error) throw next;
      return next as RunView;
    },
  } as unknown as ApiClient;
  return { api, asked };
}

const silent = { show: () => {} };

describe('following a run', () => {
  const { signal } = new AbortController();

  it('asks the server to wait, again and again, until the run has ended and has its report', async () => {
    const { api, asked } = fake([run('queued'), run('running'), run('passed'), ended]);
    const { run: last } = await followRun(api, 'run_1', silent, { signal, ...quick, reportPatienceMs: 5000 });
    assert.equal(last, ended);
    assert.deepEqual(asked, [1, 1, 1, 1]);
  });

  it('does not hurry a server that answers without waiting', async () => {
    const { api } = fake([run('running'), run('running'), ended]);
    const begun = Date.now();
    await followRun(api, 'run_1', silent, { signal, ...quick, progressMs: 40 });
    assert.ok(Date.now() - begun >= 75, `${Date.now() - begun} ms`);
  });

  it('goes on without the report when it does not come in time', async () => {
    const { api } = fake([run('failed')]);
    const { run: last } = await followRun(api, 'run_1', silent, { signal, ...quick });
    assert.deepEqual([last.status, last.report], ['failed', undefined]);
  });

  it('does not wait for the report of a run that could not be planned', async () => {
    const { api, asked } = fake([run('error', { error: 'no test' })]);
    await followRun(api, 'run_1', silent, { signal, ...quick, reportPatienceMs: 60_000 });
    assert.equal(asked.length, 1);
  });

  it('shows the sessions at the end, whatever happened to the questions before', async () => {
    let questions = 0;
    const sessions = [aSessionView() as SessionView];
    const { api } = fake([run('running'), run('running'), run('running'), ended], async () => {
      if (++questions < 3) throw new Error('a passing fault');
      return sessions;
    });
    const shown: (readonly SessionView[])[] = [];
    await followRun(api, 'run_1', { show: (list) => shown.push(list) }, { signal, ...quick, progressMs: 5 });
    assert.equal(shown.at(-1), sessions);
  });

  it('outlives a trouble that passes, and no other', async () => {
    const away = new ApiError('away', 503);
    const { api } = fake([away, away, ended]);
    assert.equal((await followRun(api, 'run_1', silent, { signal, ...quick })).run, ended);
    const refused = fake([new ApiError('no', 401), ended]);
    await assert.rejects(followRun(refused.api, 'run_1', silent, { signal, ...quick }), /no/);
    const gone = fake([away]);
    await assert.rejects(followRun(gone.api, 'run_1', silent, { signal, ...quick }), /away/);
    assert.equal(gone.asked.length, 5);
  });

  it('asks where the run stands while all of its sessions wait, and not when one is begun', async () => {
    const [waiting, begun] = [aSessionView({ status: 'queued' }), aSessionView({ status: 'running' })];
    const queued = { position: 2, waitsFor: 'browser' } as const;
    const shown: (object | undefined)[] = [];
    const answers = [[waiting], [waiting, begun]];
    const end = Promise.withResolvers<RunView>();
    const api = {
      listSessions: async () => answers.shift() ?? [begun],
      readRun: (_id: string, wait?: number) =>
        wait === undefined ? Promise.resolve(run('running', { queued })) : end.promise,
    } as unknown as ApiClient;
    const view = {
      show(_sessions: unknown, place?: object) {
        if (shown.push(place) === 2) end.resolve(ended);
      },
    };
    await followRun(api, 'run_1', view, { signal, ...quick });
    assert.deepEqual(shown, [queued, undefined, undefined]);
  });

  it('asks for the sessions when there are news, and not again while there are none', async () => {
    let questions = 0;
    const runEnds = Promise.withResolvers<RunView>();
    const api = {
      async *runEvents(_id: string, { until }: { until: AbortSignal }) {
        yield { id: '1', type: 'session.started', data: '{}' };
        await new Promise((resolve) => until.addEventListener('abort', resolve));
      },
      async listSessions() {
        if (++questions === 1) setImmediate(() => setImmediate(() => runEnds.resolve(ended)));
        return [];
      },
      readRun: () => runEnds.promise,
    } as unknown as ApiClient;
    await followRun(api, 'run_1', silent, { signal, ...quick, quietMs: 60_000 });
    assert.equal(questions, 2, 'once for the news, once at the end');
  });

  it('ends with the error of a question for the run', async () => {
    const { api } = fake([new Error('gone')]);
    await assert.rejects(followRun(api, 'run_1', { show: () => {} }, { signal, ...quick }), /gone/);
  });

  it('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    const { api } = fake([run('running')]);
    const following = followRun(api, 'run_1', { show: () => {} }, { ...quick, signal: interrupted.signal });
    interrupted.abort(new Error('interrupted'));
    await assert.rejects(following);
  });
});
