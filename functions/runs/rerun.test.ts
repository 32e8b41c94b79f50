import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity } from '../../schemas/entities.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { anEnvironment, appError, aRequest, aRun } from '../testing.ts';
import { rerunRun } from './rerun.ts';

const selection = { tests: ['tst_1'], definitions: [], variables: { user: 'ada', lang: 'en' }, retries: 2 };

describe('running a run again', () => {
  function bench(before: RunEntity | null = aRun({ status: 'failed', selection })) {
    const runs = { getOwned: sinon.stub().resolves(before ?? undefined), create: sinon.stub().resolves(true) };
    const environments = {
      named: sinon.stub().callsFake(async (name: string) => (name === 'staging' ? anEnvironment() : undefined)),
    };
    const services = withBase({ runs, usage: { checkRun: sinon.stub().resolves() }, environments } as never) as never;
    const rerun = (body: object = {}, more: object = {}) =>
      rerunRun.handle(aRequest({ params: { id: 'run_1' }, body, ...more }), services);
    return { runs, rerun, made: () => runs.create.firstCall.args[0] as RunEntity };
  }

  it('starts another run of the same selection, which says of which', async () => {
    const { rerun, made } = bench();
    const { status, headers } = await rerun();
    const { id, trigger, rerun_of, failed_only, selection: again } = made();
    assert.deepEqual([status, headers?.location], [202, `/v1/runs/${id}`]);
    assert.notEqual(id, 'run_1');
    assert.deepEqual([trigger, rerun_of, failed_only, again], ['rerun', 'run_1', undefined, selection]);
  });

  it('is of the commit that the run before was of', async () => {
    const commit = {
      sender: 'github',
      repository: 'acme/shop',
      sha: '4f1c0a9e22b7c9d0e1f2a3b4c5d6e7f8a9b0c1d2',
    } as const;
    const again = bench(aRun({ status: 'failed', selection, commit }));
    await again.rerun({ failedOnly: true });
    assert.deepEqual(again.made().commit, commit);
    const { rerun, made } = bench();
    await rerun();
    assert.equal('commit' in made(), false);
  });

  it('takes other settings, and adds variables to those before', async () => {
    const { rerun, made } = bench();
    await rerun({ environment: 'staging', retries: 0, variables: { lang: 'fr', more: 1 } });
    const { environment, retries, variables } = made().selection;
    assert.deepEqual([environment, retries, variables], ['staging', 0, { user: 'ada', lang: 'fr', more: 1 }]);
    await assert.rejects(rerun({ environment: 'stagin' }), appError('unprocessable', /no environment 'stagin'/));
  });

  it('is of what did not pass only where that is wanted, known and anything', async () => {
    const failed = bench();
    await failed.rerun({ failedOnly: true });
    assert.equal(failed.made().failed_only, true);
    for (const [status, code] of [
      ['running', 'conflict'],
      ['passed', 'unprocessable'],
    ] as const) {
      const { runs, rerun } = bench(aRun({ status }));
      await assert.rejects(rerun({ failedOnly: true }), appError(code));
      assert.equal(runs.create.callCount, 0);
      await rerun({});
      assert.equal(runs.create.callCount, 1);
    }
  });

  it('happens once for an idempotency key, which another request may not use', async () => {
    const { runs, rerun, made } = bench();
    const headers = { 'idempotency-key': 'again' };
    await rerun({}, { headers });
    runs.create.resolves(false);
    const again = aRun({ ...made(), status: 'failed' });
    runs.getOwned.callsFake(async (id: string) => (id === again.id ? again : aRun({ status: 'failed', selection })));
    await rerun({}, { headers });
    await assert.rejects(rerun({ failedOnly: true }, { headers }), appError('unprocessable', /Idempotency-Key/));
  });

  it("is refused of somebody else's", async () => {
    const { runs, rerun } = bench(null);
    await assert.rejects(rerun(), appError('not-found', /run_1/));
    assert.equal(runs.create.callCount, 0);
  });
});
