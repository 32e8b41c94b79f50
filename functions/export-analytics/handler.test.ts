import assert from 'node:assert/strict';
import sinon from 'sinon';
import { AppError } from '../../shared/platform/errors.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { exportAnalytics } from './handler.ts';

describe('export-analytics', () => {
  function bench(found: object | undefined = { id: 'exp_1', user_id: 'usr_1', status: 'pending' }) {
    const exports = { get: sinon.stub().resolves(found), end: sinon.stub().resolves() };
    const exporter = { write: sinon.stub().resolves({ rows: 3, objects: ['a'] }) };
    const services = withBase({ exports, exporter } as never, testPlatform()) as never;
    const run = (attempt = 0) => exportAnalytics({ payload: { export_id: 'exp_1' }, name: 'exp_1', attempt }, services);
    return { exports, exporter, run };
  }

  it('writes the rows and notes where they are', async () => {
    const { exports, run } = bench();
    await run();
    assert.deepEqual(exports.end.args, [['exp_1', { status: 'ready', rows: 3, objects: ['a'] }]]);
  });

  it('does nothing more for one that has ended, or is gone', async () => {
    for (const found of [{ status: 'ready' }, null]) {
      const { exporter, run } = bench(found as never);
      await run();
      assert.equal(exporter.write.callCount, 0);
    }
  });

  it('says in the export what cannot be done', async () => {
    const { exports, exporter, run } = bench();
    exporter.write.rejects(new AppError('unprocessable', 'Too much.'));
    await run();
    assert.deepEqual(exports.end.args, [['exp_1', { status: 'failed', error: 'Too much.' }]]);
  });

  it('is tried again after other failures, and tells of the last one without its words', async () => {
    const { exports, exporter, run } = bench();
    exporter.write.rejects(new Error('secret host down'));
    await assert.rejects(run(3), /down/);
    assert.equal(exports.end.callCount, 0);
    await run(4);
    assert.deepEqual(exports.end.args, [['exp_1', { status: 'failed', error: 'The warehouse did not answer.' }]]);
  });
});
