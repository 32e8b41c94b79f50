import assert from 'node:assert/strict';
import sinon from 'sinon';
import { testPlatform } from '../platform/testing.ts';
import { userActivity } from '../resources/tables.ts';
import { deleteRows } from './rows.ts';

describe("deleting a user's rows", () => {
  function bench() {
    const job = {
      getQueryResults: sinon.stub().resolves([[]]),
      getMetadata: sinon.stub().resolves([{ statistics: { query: { numDmlAffectedRows: '7' } } }, {}]),
    };
    const createQueryJob = sinon.stub().resolves([job]);
    const platform = testPlatform({ clients: { bigquery: async () => ({ createQueryJob }) } });
    return { job, createQueryJob, run: () => deleteRows("usr_1' OR TRUE", userActivity, platform) };
  }

  it('tells how many there were, and passes the id as a parameter', async () => {
    const { createQueryJob, run } = bench();
    assert.equal(await run(), 7);
    const [{ query, params }] = createQueryJob.firstCall.args;
    assert.equal(query, 'DELETE FROM `analytics.user_activity` WHERE user_id = @user');
    assert.deepEqual(params, { user: "usr_1' OR TRUE" });
  });

  for (const failing of ['createQueryJob', 'getQueryResults'] as const) {
    it(`waits for rows that were just streamed in, which BigQuery says by ${failing}`, async () => {
      const { job, createQueryJob, run } = bench();
      const words =
        'UPDATE or DELETE statement over table p.analytics.user_activity would affect rows in the streaming buffer, which is not supported';
      (failing === 'createQueryJob' ? createQueryJob : job.getQueryResults).rejects(new Error(words));
      assert.equal(await run(), undefined);
    });
  }

  it('fails for every other reason', async () => {
    const { createQueryJob, run } = bench();
    createQueryJob.rejects(new Error('Access Denied'));
    await assert.rejects(run(), /Access Denied/);
  });
});
