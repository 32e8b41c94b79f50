import assert from 'node:assert/strict';
import { deliveryTask, listQuery, runRequest, sessionTask, webhookRequest } from './requests.ts';

describe('the requests', () => {
  it('to run tests are bounded', () => {
    assert.deepEqual(
      runRequest.problems({ tests: ['tst_1'], retries: 5, timeout: 1, baseUrl: 'https://a.example' }),
      [],
    );
    for (const wrong of [
      { tests: [''] },
      { tests: Array(1001).fill('tst_1') },
      { retries: 6 },
      { retries: -1 },
      { timeout: 600_001 },
      { baseUrl: 'not a url' },
      { test: [] },
    ]) {
      assert.notDeepEqual(runRequest.problems(wrong), [], JSON.stringify(wrong).slice(0, 60));
    }
  });

  it('to subscribe name event types and groups of them', () => {
    const url = 'https://a.example/hook';
    for (const events of [['*'], ['run.*'], ['run.completed', 'test.became_failing']]) {
      assert.deepEqual(webhookRequest.problems({ url, events }), []);
    }
    for (const events of [[], ['run'], ['run.'], ['*.completed'], ['Run.completed'], ['run.*.x']]) {
      assert.notDeepEqual(webhookRequest.problems({ url, events }), [], events.join());
    }
  });

  it('for lists have a size and a token', () => {
    assert.deepEqual(listQuery.problems({ pageSize: '50', pageToken: 'x' }), []);
    for (const wrong of [{ pageSize: 'x' }, { pageSize: '1000' }, { page: '1' }]) {
      assert.notDeepEqual(listQuery.problems(wrong), []);
    }
  });

  it('of tasks name what they are about', () => {
    assert.equal(sessionTask.accepts({ session_id: 'ses_1' }), true);
    assert.equal(sessionTask.accepts({}), false);
    assert.equal(deliveryTask.accepts({ delivery_id: 'dlv_1' }), true);
    assert.equal(deliveryTask.accepts({ delivery_id: 'dlv_1', attempt: 2 }), true);
    assert.equal(deliveryTask.accepts({ delivery_id: 'dlv_1', attempt: -1 }), false);
  });
});
