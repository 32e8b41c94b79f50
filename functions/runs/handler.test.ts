import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity } from '../../schemas/entities.ts';
import type { RunRequest } from '../../schemas/requests.ts';
import { usedUp } from '../../shared/domain/quotas.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { anEnvironment, appError, aRequest, aRun, aSession, aSuite, aTest } from '../testing.ts';
import { cancelRun, createRun, listRunSessions, listRuns, readReport, readRun } from './handler.ts';

function bench(run: RunEntity | undefined = aRun()) {
  const runs = {
    create: sinon.stub().resolves(true),
    get: sinon.stub().resolves(run),
    getOwned: sinon.stub().resolves(run),
    list: sinon.stub().resolves([run]),
    waitForEnd: sinon.stub().resolves(undefined),
    requestCancel: sinon.stub().resolves(run && { ...run, cancel_requested_at: new Date(NOON) }),
  };
  const tests = {
    getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => aTest({ id }))),
    tagged: sinon.stub().resolves(['tst_3', 'tst_4']),
  };
  const suites = {
    get: sinon.stub().resolves(aSuite()),
    testsOf: sinon.stub().callsFake(async ({ tests }) => tests),
  };
  const environments = {
    named: sinon.stub().callsFake(async (name: string) => (name === 'staging' ? anEnvironment() : undefined)),
  };
  const sessions = { ofRun: sinon.stub().resolves([]) };
  const queuePlaces = { of: sinon.stub().resolves(undefined) };
  const progress = { ofSessions: sinon.stub().resolves(new Map()) };
  const reports = { get: sinon.stub().resolves(Buffer.from('report')) };
  const usage = { checkRun: sinon.stub().resolves() };
  const services = withBase({
    ...{ runs, tests, suites, environments, sessions, queuePlaces, usage, progress, reports },
  } as never) as never;
  const create = (body: RunRequest, more: object = {}) => createRun.handle(aRequest({ body, ...more }), services);
  return { runs, tests, suites, sessions, queuePlaces, usage, progress, reports, services, create };
}

const definition = {
  name: 'A',
  checkpoints: [{ name: 'One', steps: [{ command: 'navigate.to', url: 'https://a.example/' }] }],
};

describe('starting a run', () => {
  it('points to what cannot be kept where the request has it', async () => {
    const { create, runs } = bench();
    const refusal = await create({ tests: ['tst_1'], variables: { __bad__: 1 } }).then(
      () => assert.fail('it was taken'),
      (error: AppError) => error,
    );
    assert.deepEqual([refusal.code, refusal.details[0]?.pointer], ['unprocessable', '/variables/__bad__']);
    assert.equal(runs.create.callCount, 0);
  });

  it('writes it as queued and says where it is', async () => {
    const { runs, create } = bench();
    const { status, headers, body } = await create({
      tests: ['tst_1', 'tst_1'],
      retries: 2,
      timeout: 5,
      variables: { a: 1 },
      baseUrl: 'https://b.example',
    });
    const [run] = runs.create.firstCall.args as [RunEntity];
    assert.equal(status, 202);
    assert.equal(headers?.location, `/v1/runs/${run.id}`);
    assert.deepEqual([run.status, run.trigger, run.user_id], ['queued', 'api', 'usr_1']);
    const expected = {
      tests: ['tst_1'],
      definitions: [],
      variables: { a: 1 },
      retries: 2,
      timeout: 5,
      baseUrl: 'https://b.example',
    };
    assert.deepEqual(run.selection, expected);
    const { id, status: shown, totals } = body as RunEntity;
    assert.deepEqual([id, shown, totals.sessions], [run.id, 'queued', 0]);
  });

  it('keeps the environment and what baselines it may write', async () => {
    const { runs, create } = bench();
    await create({ tests: ['tst_1'], environment: 'staging', updateSnapshots: 'changed' });
    const { environment, updateSnapshots } = runs.create.firstCall.args[0].selection;
    assert.deepEqual([environment, updateSnapshots], ['staging', 'changed']);
    assert.doesNotMatch(JSON.stringify(runs.create.args), /hunter2|sealed/);
  });

  it('refuses it when a quota of the user is used up, and names it', async () => {
    const { runs, usage, create } = bench();
    usage.checkRun.rejects(usedUp('runs_a_day', 5, NOON));
    await assert.rejects(create({ tests: ['tst_1'] }), (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual([error.status, error.retryAfter], [429, 12 * 3600]);
      assert.match(error.message, /'runsADay' of 5 is used up: it starts anew at 2026-03-05T00:00:00/);
      assert.equal(error.headers['ratelimit-policy'], '"runsADay";q=5;w=86400');
      return true;
    });
    assert.equal(runs.create.callCount, 0);
  });

  it('refuses an environment that does not exist', async () => {
    const { runs, create } = bench();
    await assert.rejects(create({ tests: ['tst_1'], environment: 'stagin' }), (error) => {
      assert.ok(appError('unprocessable', /no environment 'stagin'/)(error));
      assert.equal((error as AppError).details[0]?.pointer, '/environment');
      return true;
    });
    assert.equal(runs.create.callCount, 0);
  });

  it('takes a definition that is sent along', async () => {
    const { runs, create } = bench();
    await create({ definition });
    const [{ selection }] = runs.create.firstCall.args as [RunEntity];
    assert.deepEqual([selection.tests, selection.definitions[0]?.name], [[], 'A']);
  });

  it('takes all tests of a suite', async () => {
    const { runs, suites, create } = bench();
    await create({ suite: 'sui_1' });
    const [{ selection }] = runs.create.firstCall.args as [RunEntity];
    assert.deepEqual([selection.tests, selection.suite], [['tst_1', 'tst_2'], 'sui_1']);
    assert.deepEqual(suites.get.args, [['sui_1', 'usr_1']]);
  });

  it('takes all tests that have one of the tags, and refuses tags that none has', async () => {
    const { runs, tests, create } = bench();
    await create({ tags: ['smoke', 'shop'] });
    const [{ selection }] = runs.create.firstCall.args as [RunEntity];
    assert.deepEqual(
      [selection.tests, selection.tags],
      [
        ['tst_3', 'tst_4'],
        ['smoke', 'shop'],
      ],
    );
    assert.deepEqual(tests.tagged.args, [[['smoke', 'shop'], 'usr_1']]);
    tests.tagged.resolves([]);
    await assert.rejects(create({ tags: ['smok'] }), appError('unprocessable', /No test has the tag smok/));
  });

  it('refuses a suite that is not there, and a definition that is a suite', async () => {
    const { suites, create } = bench();
    suites.get.resolves(undefined);
    await assert.rejects(create({ suite: 'sui_2' }), appError('unprocessable', /no suite 'sui_2'/));
    const suite = { metadata: { name: 'All' }, tests: [definition] };
    await assert.rejects(create({ definition: suite }), appError('unprocessable', /is a suite/));
  });

  it('waits for its end where that is wanted', async () => {
    const { runs, create } = bench();
    runs.waitForEnd.resolves(aRun({ status: 'passed', settled_by: 'ses_1' }));
    const { status, body } = await create({ tests: ['tst_1'] }, { waitSeconds: 30 });
    assert.equal(runs.waitForEnd.firstCall.args[1], 30_000);
    const shown = body as Record<string, unknown>;
    assert.deepEqual([status, shown.status, shown.settledBy], [202, 'passed', undefined]);
  });

  for (const [what, body] of Object.entries({
    'neither tests nor a definition': {},
    'both tests and a definition': { tests: ['tst_1'], definition },
    'both tests and a suite': { tests: ['tst_1'], suite: 'sui_1' },
    'both tests and tags': { tests: ['tst_1'], tags: ['smoke'] },
    'no test at all': { tests: [] },
  })) {
    it(`refuses ${what}`, async () => {
      const { runs, create } = bench();
      await assert.rejects(create(body), appError('invalid-argument'));
      assert.equal(runs.create.callCount, 0);
    });
  }

  it('names every test that cannot be run', async () => {
    const { runs, tests, create } = bench();
    tests.getAll.resolves([aTest(), undefined, aTest({ status: 'invalid', definition: null })]);
    await assert.rejects(create({ tests: ['tst_1', 'tst_1', 'tst_2', 'tst_3'] }), (error) => {
      assert.ok(appError('unprocessable')(error));
      assert.deepEqual(
        (error as AppError).details.map(({ pointer, message }) => [pointer, message]),
        [
          ['/tests/2', "there is no test 'tst_2'"],
          ['/tests/3', "the test 'tst_3' is invalid"],
        ],
      );
      return true;
    });
    assert.equal(runs.create.callCount, 0);
  });

  it('refuses a wrong definition with its diagnostics', async () => {
    const { create } = bench();
    const wrong = { ...definition, checkpoints: [{ name: 'One', steps: [{ command: 'navigate.too' }] }] };
    await assert.rejects(create({ definition: wrong }), (error) => {
      assert.ok(appError('unprocessable')(error));
      assert.ok((error as AppError).details.length > 0);
      return true;
    });
  });

  describe('with an idempotency key', () => {
    const headers = { 'idempotency-key': 'build-17' };
    const body = { definition, variables: { b: 1, a: [1] } };

    it('happens once: the same request gets the same run', async () => {
      const { runs, create } = bench();
      await create(body, { headers });
      const [first] = runs.create.firstCall.args as [RunEntity];
      runs.create.resolves(false);
      runs.getOwned.resolves(
        aRun({ ...first, status: 'passed', selection: { ...first.selection, variables: { a: [1], b: 1 } } }),
      );
      const reply = await create(body, { headers });
      assert.deepEqual([reply.status, reply.headers?.location], [202, `/v1/runs/${first.id}`]);
      assert.equal((reply.body as RunEntity).id, first.id);
    });

    it('is refused when the key was used for something else', async () => {
      const { runs, create } = bench();
      runs.create.resolves(false);
      await assert.rejects(create(body, { headers }), appError('unprocessable', /Idempotency-Key/));
    });

    it('is refused when the key is too long', async () => {
      const { create } = bench();
      const long = { 'idempotency-key': 'x'.repeat(256) };
      await assert.rejects(create(body, { headers: long }), appError('invalid-argument'));
    });

    it('is kept apart by user', async () => {
      const { runs, create } = bench();
      await create(body, { headers });
      await create(body, { headers, caller: { userId: 'usr_2', scopes: ['*'] } });
      const [one, two] = runs.create.args.map(([{ id }]) => id);
      assert.notEqual(one, two);
    });
  });
});

describe('runs', () => {
  it('are listed', async () => {
    const { runs, services } = bench();
    const { body } = await listRuns.handle(aRequest(), services);
    assert.deepEqual(runs.list.firstCall.args, ['usr_1', { size: 50, after: undefined }]);
    assert.equal((body as { items: unknown[] }).items.length, 1);
  });

  it('are read as they are, or when they have ended', async () => {
    const { runs, services } = bench();
    const params = { id: 'run_1' };
    assert.equal(((await readRun.handle(aRequest({ params }), services)).body as RunEntity).status, 'running');
    assert.equal(runs.waitForEnd.callCount, 0);
    runs.waitForEnd.resolves(aRun({ status: 'failed' }));
    const { body } = await readRun.handle(aRequest({ params, waitSeconds: 5 }), services);
    assert.equal((body as RunEntity).status, 'failed');
  });

  it('tell their place in the queue while they wait', async () => {
    const params = { id: 'run_1' };
    const waiting = bench();
    waiting.queuePlaces.of.resolves({ position: 3, waits_for: 'slot', estimated_wait_ms: 1500 });
    const { body } = await readRun.handle(aRequest({ params }), waiting.services);
    assert.deepEqual((body as { queued?: object }).queued, {
      ...{ position: 3, waitsFor: 'slot', estimatedWaitMs: 1500 },
    });
    assert.equal(waiting.queuePlaces.of.firstCall.args[0].id, 'run_1');
    const over = bench(aRun({ status: 'passed' }));
    assert.ok(!('queued' in ((await readRun.handle(aRequest({ params }), over.services)).body as object)));
    assert.equal(over.queuePlaces.of.callCount, 0);
  });

  it('keep what they were asked to execute as it was written', async () => {
    const selection = { tests: [], definitions: [], variables: { user_name: 'a' } };
    const { body } = await readRun.handle(aRequest({ params: { id: 'run_1' } }), bench(aRun({ selection })).services);
    assert.deepEqual((body as RunEntity).selection, selection);
  });

  it('have sessions, and what the running ones are doing', async () => {
    const { sessions, progress, services } = bench();
    const lease = { owner: 'o', expires_at: new Date(NOON) };
    sessions.ofRun.resolves([
      aSession({ status: 'passed', variables: { password: 'secret' } }),
      aSession({ id: 'ses_2', lease }),
    ]);
    const doing = { checkpoint: 'One', step: 'interact.click', done: 1, total: 2 };
    progress.ofSessions.resolves(new Map([['ses_2', doing]]));
    const { body } = await listRunSessions.handle(aRequest({ params: { id: 'run_1' } }), services);
    const { items } = body as { items: Record<string, unknown>[] };
    assert.deepEqual(progress.ofSessions.args, [[['ses_2']]]);
    assert.deepEqual(
      items.map((item) => item.progress),
      [undefined, doing],
    );
    for (const hidden of ['lease', 'variables', 'awaited'])
      assert.ok(
        items.every((item) => !(hidden in item)),
        hidden,
      );
  });

  for (const [file, object, type] of [
    ['report', 'index.html', 'text/html; charset=utf-8'],
    ['report.html', 'index.html', 'text/html; charset=utf-8'],
    ['report.json', 'results.json', 'application/json'],
    ['report.xml', 'junit.xml', 'application/xml'],
  ] as const) {
    it(`have a ${file} of type ${type}, which may reach nothing`, async () => {
      const { reports, services } = bench(aRun({ report: { html: '' } }));
      const reply = await readReport.handle(aRequest({ params: { id: 'run_1', file } }), services);
      assert.equal(Buffer.from(reply.body as Uint8Array).toString(), 'report');
      assert.equal(reply.headers?.['content-type'], type);
      assert.match(reply.headers?.['content-security-policy'] ?? '', /^default-src 'none'/);
      assert.deepEqual(reports.get.args, [[`run_1/${object}`]]);
    });
  }

  it('have no report before it is complete', async () => {
    const { reports, services } = bench();
    const request = aRequest({ params: { id: 'run_1', file: 'report' } });
    await assert.rejects(readReport.handle(request, services), appError('not-found', /no report yet/));
    assert.equal(reports.get.callCount, 0);
  });

  it('of somebody else are as if they were not there', async () => {
    const { runs, sessions, services } = bench();
    runs.getOwned.resolves(undefined);
    for (const route of [readRun, listRunSessions, readReport]) {
      await assert.rejects(
        route.handle(aRequest({ params: { id: 'run_2', file: 'report' }, waitSeconds: 5 }), services),
        appError('not-found', /There is no run 'run_2'/),
      );
    }
    assert.equal(runs.waitForEnd.callCount + sessions.ofRun.callCount, 0);
  });
});

describe('cancelling a run', () => {
  const cancel = ({ services }: ReturnType<typeof bench>, more: object = {}) =>
    cancelRun.handle(aRequest({ params: { id: 'run_1' }, ...more }), services);

  it('asks for its end, which comes soon', async () => {
    const all = bench();
    const { status, headers } = await cancel(all);
    assert.deepEqual([status, headers?.location], [202, '/v1/runs/run_1']);
    assert.deepEqual(all.runs.requestCancel.args, [['run_1']]);
  });

  it('waits for it where that is wanted', async () => {
    const all = bench();
    all.runs.waitForEnd.resolves(aRun({ status: 'cancelled' }));
    const { body } = await cancel(all, { waitSeconds: 5 });
    assert.equal((body as RunEntity).status, 'cancelled');
  });

  it('that has ended changes nothing', async () => {
    const all = bench();
    all.runs.requestCancel.resolves(aRun({ status: 'passed' }));
    const { status, body } = await cancel(all);
    assert.deepEqual([status, (body as RunEntity).status], [200, 'passed']);
  });

  it("of somebody else's is as if it were not there", async () => {
    const all = bench(null as never);
    await assert.rejects(cancel(all), appError('not-found', /run_1/));
    assert.equal(all.runs.requestCancel.callCount, 0);
  });
});
