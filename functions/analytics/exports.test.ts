import assert from 'node:assert/strict';
import sinon from 'sinon';
import { exportRequest } from '../../schemas/analytics.ts';
import { exportStatement, rowsStatement } from '../../shared/analytics/export-rows.ts';
import type { ExportEntity } from '../../shared/domain/exports.ts';
import { scopesOfRole } from '../../shared/http/scopes.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { readExport, startExport } from './exports.ts';

const anExport = (given: Partial<ExportEntity> = {}): ExportEntity => ({
  ...{ id: 'exp_1', user_id: 'usr_1', status: 'pending', table: 'test_runs', format: 'csv', everybody: false },
  ...{ from: new Date('2026-03-01'), to: new Date('2026-03-02'), expires_at: new Date(NOON + 1e9) },
  ...{ created_at: new Date(NOON), updated_at: new Date(NOON) },
  ...given,
});

function bench(found: ExportEntity | undefined = anExport()) {
  const exports = {
    create: sinon.stub().callsFake(async (given) => anExport(given)),
    getOwned: sinon.stub().callsFake(async (_id, userId) => (found?.user_id === userId ? found : undefined)),
    waitForEnd: sinon.stub().resolves(anExport({ status: 'ready', rows: 2, objects: ['a', 'b'] })),
  };
  const queue = { enqueue: sinon.stub().resolves() };
  const links = {
    linkTo: sinon.stub().callsFake(async (name, seconds) => `https://signed.example/${name}/${seconds}`),
  };
  const services = withBase({ exports, queue, links } as never) as never;
  return { exports, queue, services };
}

describe('an export', () => {
  it('is noted, enqueued once under its id, and answered at once', async () => {
    const { exports, queue, services } = bench();
    const { status, headers, body } = await startExport.handle(
      aRequest({ body: { table: 'test_runs', from: '2026-03-01', to: '2026-03-01' } }),
      services,
    );
    const [made] = exports.create.firstCall.args;
    assert.deepEqual([made.user_id, made.format, made.everybody], ['usr_1', 'csv', false]);
    assert.deepEqual([made.from, made.to], [new Date('2026-03-01'), new Date('2026-03-02')]);
    const [[task]] = queue.enqueue.firstCall.args;
    assert.deepEqual(task, { to: 'export-analytics', name: made.id, payload: { export_id: made.id } });
    assert.deepEqual([status, headers?.location], [202, `/v1/analytics/exports/${made.id}`]);
    assert.equal((body as { status: string }).status, 'pending');
    assert.equal(exports.waitForEnd.callCount, 0);
  });

  it('of everybody is for administrators; of a wrong range for nobody', async () => {
    const { queue, exports, services } = bench();
    const viewer = { userId: 'usr_1', scopes: scopesOfRole.viewer, keyHash: 'h' };
    const ask = (body: object, caller = viewer) => startExport.handle(aRequest({ body, caller }), services);
    await assert.rejects(ask({ table: 'test_runs', users: 'all' }), appError('permission-denied'));
    await assert.rejects(ask({ table: 'test_runs', from: '2020-01-01' }), appError('invalid-argument'));
    assert.equal(queue.enqueue.callCount + exports.create.callCount, 0);
    await ask({ table: 'test_runs', users: 'all' }, { ...viewer, scopes: scopesOfRole.admin });
    assert.equal(exports.create.firstCall.args[0].everybody, true);
  });

  it('is waited for where that is wanted, and has links then that expire', async () => {
    const { services } = bench();
    const { body, headers } = await readExport.handle(aRequest({ params: { id: 'exp_1' }, waitSeconds: 5 }), services);
    const { status, rows, urls } = body as { status: string; rows: number; urls: string[] };
    assert.deepEqual([status, rows], ['ready', 2]);
    assert.deepEqual(urls, ['https://signed.example/a/900', 'https://signed.example/b/900']);
    assert.equal(headers?.['cache-control'], 'no-store');
  });

  it('of somebody else is as if it were not there', async () => {
    const { services } = bench(anExport({ user_id: 'usr_2' }));
    await assert.rejects(readExport.handle(aRequest({ params: { id: 'exp_1' } }), services), appError('not-found'));
  });

  it('takes a table and a format of the lists, and nothing more', () => {
    assert.deepEqual(exportRequest.problems({ table: 'test_runs', format: 'parquet', from: '2026-03-01' }), []);
    for (const wrong of [
      {},
      { table: 'users' },
      { table: 'test_runs; DROP TABLE x' },
      { table: ['test_runs'] },
      { table: 'test_runs', format: 'xlsx' },
      { table: 'test_runs', from: "2026-01-01' --" },
      { table: 'test_runs', to: 5 },
      { table: 'test_runs', users: 'usr_2' },
      { table: 'test_runs', uri: 'gs://elsewhere/x' },
    ])
      assert.notDeepEqual(exportRequest.problems(wrong), [], JSON.stringify(wrong));
  });
});

describe('the statement of an export', () => {
  it('selects the rows of one user by parameters, or those of all', () => {
    const mine = rowsStatement(anExport({ format: 'parquet' }));
    assert.match(mine, /WHERE ended_at >= @from AND ended_at < @to AND user_id = @user QUALIFY/);
    assert.doesNotMatch(rowsStatement(anExport({ everybody: true })), /@user/);
    assert.doesNotMatch(mine, /REGEXP/);
  });

  it('makes text of what spreadsheets take for formulas, in CSV', () => {
    assert.match(exportStatement(anExport(), 'gs://b/x-*.csv'), /format = 'CSV'.*REGEXP_CONTAINS\(`test_name`/);
  });
});
