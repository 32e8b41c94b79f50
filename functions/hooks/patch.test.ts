import assert from 'node:assert/strict';
import { FieldValue } from '@google-cloud/firestore';
import sinon from 'sinon';
import type { HookEntity } from '../../schemas/entities.ts';
import { hookPatch } from '../../schemas/hooks.ts';
import { etagOf } from '../../shared/http/etags.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { aHook, anEnvironment, appError, aRequest, aSuite, aTest } from '../testing.ts';
import { patchHook } from './patch.ts';
import { view } from './services.ts';

describe('changing a hook', () => {
  const GONE = FieldValue.delete();
  function bench(given: Partial<HookEntity> = {}) {
    const hook = aHook(given);
    let patch: Partial<HookEntity> | undefined;
    const hooks = {
      getOwned: sinon.stub().resolves(hook),
      change: sinon.stub().callsFake(async (_id: string, change: (current: HookEntity) => object) => {
        patch = change(hook);
        return hook;
      }),
    };
    const tests = {
      getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => (id === 'tst_2' ? undefined : aTest()))),
    };
    const suites = { get: sinon.stub().callsFake(async (id: string) => (id === 'sui_1' ? aSuite() : undefined)) };
    const environments = { named: sinon.stub().resolves(anEnvironment()) };
    const services = withBase({ hooks, tests, suites, environments } as never) as never;
    const change = async (body: object, headers = {}) => {
      assert.ok(hookPatch.accepts(body), JSON.stringify(hookPatch.problems(body)));
      const answer = await patchHook.handle(aRequest({ params: { id: 'hok_1' }, body, headers }) as never, services);
      return { answer, patch };
    };
    return { hooks, hook, change };
  }

  it('changes what is named', async () => {
    const { change } = bench();
    const { answer, patch } = await change({ name: 'B', active: false, events: ['push'] });
    assert.equal(answer.status, 200);
    assert.deepEqual(patch, { name: 'B', active: false, events: ['push'] });
  });

  it('takes away what is null', async () => {
    const { patch } = await bench().change({ events: null, environment: null, baseUrl: null });
    assert.deepEqual(patch, { events: [], environment: GONE, base_url: GONE });
  });

  it('puts a suite in the place of tests, and tests in that of a suite', async () => {
    assert.deepEqual((await bench().change({ suite: 'sui_1' })).patch, { suite: 'sui_1', tests: [] });
    const { patch } = await bench({ suite: 'sui_1', tests: [] }).change({ tests: ['tst_1'] });
    assert.deepEqual(patch, { tests: ['tst_1'], suite: GONE });
  });

  it('is refused when what is to be run is not there, or is both', async () => {
    await assert.rejects(bench().change({ tests: ['tst_2'] }), appError('unprocessable'));
    await assert.rejects(bench().change({ suite: 'sui_2' }), appError('unprocessable'));
    await assert.rejects(bench().change({ tests: ['tst_1'], suite: 'sui_1' }), appError('invalid-argument'));
  });

  it('is refused when the hook is not any more what the client knows', async () => {
    const { change, hook } = bench();
    const known = { 'if-match': etagOf(JSON.stringify(view(hook))) };
    await change({ name: 'B' }, known);
    await assert.rejects(change({ name: 'B' }, { 'if-match': '"other"' }), appError('precondition-failed'));
  });

  it('of one that is gone, or is somebody else’s, says so', async () => {
    const { hooks, change } = bench();
    hooks.change.resolves(undefined);
    await assert.rejects(change({ name: 'B' }), appError('not-found'));
    hooks.getOwned.resolves(undefined);
    await assert.rejects(change({ name: 'B' }), appError('not-found'));
  });

  it('takes no field that it does not know, no sender and not nothing', () => {
    for (const body of [{}, { sender: 'github' }, { secret: 'x' }, { name: '' }, { tests: [] }, { suite: null }])
      assert.ok(!hookPatch.accepts(body), JSON.stringify(body));
  });
});
