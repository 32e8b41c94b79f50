import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Webhook } from 'standardwebhooks';
import type { HookEntity } from '../../schemas/entities.ts';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aHook, anEnvironment, appError, aRequest, aRun, aSuite, aTest } from '../testing.ts';
import { createHook, deleteHook, listHooks, readHook } from './handler.ts';
import { takeHook } from './take-hook.ts';

const secret = newWebhookSecret();

function bench(given: Partial<HookEntity> = {}) {
  const hook = aHook(given);
  const hooks = {
    get: sinon.stub().resolves(hook),
    getOwned: sinon.stub().resolves(hook),
    list: sinon.stub().resolves([hook]),
    create: sinon.stub().callsFake(async (made) => aHook(made)),
    delete: sinon.stub().resolves(),
  };
  const runs = { get: sinon.stub().resolves(undefined), create: sinon.stub().resolves(true) };
  const tests = {
    getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => (id === 'tst_1' ? aTest() : undefined))),
  };
  const suites = {
    get: sinon.stub().resolves(aSuite()),
    testsOf: sinon.stub().callsFake(async ({ tests }) => tests),
  };
  const environments = { named: sinon.stub().resolves(anEnvironment()) };
  const users = { get: sinon.stub().resolves({ disabled: false }) };
  const buckets = { lease: sinon.stub().resolves({ granted: 1, left: 0 }) };
  const cipher = {
    encrypt: async (plain: string) => `sealed:${plain}`,
    decrypt: async () => Buffer.from(secret),
  };
  const services = withBase({ hooks, runs, tests, suites, environments, users, buckets, cipher } as never) as never;
  const create = (body: object) => createHook.handle(aRequest({ body }) as never, services);
  const take = (body = '{"type":"deployed"}', id = 'msg_1', key = secret) => {
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(NOON / 1000),
      'webhook-signature': new Webhook(key).sign(id, new Date(NOON), body),
    };
    return takeHook.handle(aRequest({ params: { id: 'hok_1' }, body: Buffer.from(body), headers }) as never, services);
  };
  return { hooks, runs, suites, users, buckets, services, create, take };
}

describe('hooks', () => {
  it('are made with a secret, shown once and stored encrypted', async () => {
    const { hooks, create } = bench();
    const { status, body } = await create({ name: 'CI', sender: 'github', events: ['push'], tests: ['tst_1'] });
    const { secret: shown, ...rest } = body as { secret: string };
    assert.equal(status, 201);
    assert.match(shown, /^whsec_/);
    assert.equal(hooks.create.firstCall.args[0].secret, `sealed:${shown}`);
    assert.ok(!JSON.stringify(rest).includes('whsec_'));
  });

  it('are of tests or a suite that are there', async () => {
    const { create, suites, hooks } = bench();
    const about = { name: 'CI', sender: 'generic' };
    await assert.rejects(create(about), appError('invalid-argument'));
    await assert.rejects(create({ ...about, tests: ['tst_1'], suite: 'sui_1' }), appError('invalid-argument'));
    await assert.rejects(create({ ...about, tests: ['tst_1', 'tst_9'] }), appError('unprocessable'));
    suites.get.resolves(undefined);
    await assert.rejects(create({ ...about, suite: 'sui_9' }), appError('unprocessable'));
    assert.equal(hooks.create.callCount, 0);
  });

  it('are listed, read and deleted by their owner, without their secrets', async () => {
    const { hooks, services } = bench();
    const request = aRequest({ params: { id: 'hok_1' } });
    const shown = [await listHooks.handle(aRequest(), services), await readHook.handle(request, services)];
    assert.ok(!JSON.stringify(shown).includes('sealed'));
    await deleteHook.handle(request, services);
    assert.deepEqual(
      hooks.delete.args.map(([id]) => id),
      ['hok_1'],
    );
    hooks.getOwned.resolves(undefined);
    for (const route of [readHook, deleteHook])
      await assert.rejects(route.handle(request, services), appError('not-found'));
  });
});

describe('a request of a sender', () => {
  it('starts a run of what the hook is for', async () => {
    const { runs, take } = bench({ environment: 'staging', base_url: 'https://a.example', variables: { A: '1' } });
    const { status, headers, body } = await take();
    const run = runs.create.firstCall.args[0];
    assert.deepEqual([status, body, headers?.location], [202, { started: true, runId: run.id }, `/v1/runs/${run.id}`]);
    assert.deepEqual([run.user_id, run.status, run.trigger], ['usr_1', 'queued', 'event']);
    assert.deepEqual(run.selection, {
      ...{ tests: ['tst_1'], definitions: [], variables: { A: '1' } },
      ...{ environment: 'staging', baseUrl: 'https://a.example' },
    });
  });

  it('starts the tests that the suite has by then', async () => {
    const { runs, suites, take } = bench({ suite: 'sui_1', tests: [] });
    await take();
    assert.deepEqual(runs.create.firstCall.args[0].selection.tests, ['tst_1', 'tst_2']);
    suites.get.resolves(undefined);
    await assert.rejects(take(), appError('conflict', /gone/));
  });

  it('that comes again starts nothing, and is told the run that it started', async () => {
    const { runs, take, buckets } = bench();
    const first = (await take()).body as { runId: string };
    runs.get.withArgs(first.runId).resolves(aRun({ id: first.runId }));
    assert.deepEqual(await take(), { status: 200, body: { started: false, runId: first.runId } });
    assert.equal(runs.create.callCount + buckets.lease.callCount, 2);
    runs.get.resolves(undefined);
    runs.create.resolves(false);
    assert.deepEqual(await take(), { status: 200, body: { started: false, runId: first.runId } });
    runs.create.resolves(true);
    assert.notEqual(((await take(undefined, 'msg_2')).body as { runId: string }).runId, first.runId);
  });

  it('whose event the hook is not for starts nothing', async () => {
    const { runs, take } = bench({ events: ['released'] });
    assert.deepEqual(await take(), { status: 200, body: { started: false } });
    assert.equal(runs.create.callCount, 0);
    assert.equal((await take('{"type":"released"}')).status, 202);
  });

  it('that tells of a deleted branch starts nothing: there is nothing left to test', async () => {
    const { runs, take } = bench();
    const answer = await take(JSON.stringify({ type: 'push', after: '0'.repeat(40) }));
    assert.deepEqual([answer.status, answer.body], [200, { started: false }]);
    assert.equal(runs.create.callCount, 0);
  });

  it('is refused as if there were no hook when it is not signed for it, or its owner is disabled', async () => {
    const refused = appError('not-found', /no hook 'hok_1' that the request is signed for/);
    const { runs, take, users, hooks } = bench();
    await assert.rejects(take(undefined, undefined, newWebhookSecret()), refused);
    users.get.resolves({ disabled: true });
    await assert.rejects(take(), refused);
    hooks.get.resolves(undefined);
    await assert.rejects(take(), refused);
    await assert.rejects(bench({ active: false }).take(), refused);
    assert.equal(runs.create.callCount, 0);
  });

  it('waits when the hook has started many', async () => {
    const { runs, buckets, take } = bench();
    buckets.lease.resolves({ granted: 0, left: 0.5 });
    await assert.rejects(take(), appError('rate-limited'));
    assert.equal(runs.create.callCount, 0);
  });
});
