import assert from 'node:assert/strict';
import type { SuiteCloud } from './suite-cloud.ts';

/** Deployed, functions on topics are sent messages by Pub/Sub itself; the local cloud's Eventarc wraps them first. */
export function pushedMessages(suite: () => SuiteCloud): void {
  it('reach their function as they are', async () => {
    const { origin } = suite().cloud;
    const event = {
      specversion: '1.0',
      id: 'evt_pushed',
      type: 'run.completed',
      source: '//virtuoso/runs',
      time: new Date().toISOString(),
    };
    const message = {
      data: Buffer.from(JSON.stringify(event)).toString('base64'),
      attributes: { type: 'run.completed' },
      messageId: '4711',
      publishTime: new Date().toISOString(),
    };
    const answer = await fetch(`${origin}/functions/build-report/projects/virtuoso-local/topics/test-events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message, subscription: 'projects/virtuoso-local/subscriptions/build-report' }),
    });
    assert.equal(answer.status, 204, await answer.text());
    const told = await suite().logged((line) => (line as { message_id?: string }).message_id === '4711');
    assert.match(told.message, /an event was refused and dead-lettered/);
  });
}
