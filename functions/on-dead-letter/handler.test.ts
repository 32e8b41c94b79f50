import assert from 'node:assert/strict';
import sinon from 'sinon';
import { eventData } from '../../schemas/events.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { onDeadLetter } from './handler.ts';

describe('on-dead-letter', () => {
  async function alerted(attributes: Record<string, string>) {
    const events = { publish: sinon.stub().resolves() };
    const platform = testPlatform();
    const services = withBase({ events } as never, platform) as never;
    await onDeadLetter({ id: '42', attributes, data: Buffer.from('{}') }, services);
    const [[[event]]] = events.publish.args as [[[{ data: Record<string, string> }]]];
    return { event, line: platform.lines.find(({ severity }) => severity === 'ERROR') };
  }

  it('tells of an event that a subscription gave up: an error in the log, and an event', async () => {
    const { event, line } = await alerted({
      ...{ type: 'run.completed', user_id: 'usr_1', CloudPubSubDeadLetterSourceDeliveryCount: '5' },
      CloudPubSubDeadLetterSourceSubscription: 'eventarc-fan-out-webhooks',
    });
    const words = { what: 'run.completed', from: 'eventarc-fan-out-webhooks', reason: 'not taken in 5 attempts' };
    assert.deepEqual(event, {
      ...{ type: 'dead_letter.received', key: ['42'], subject: 'dead-letters/42', time: new Date(NOON) },
      data: { user_id: 'usr_1', ...words },
    });
    assert.ok(eventData['dead_letter.received'].accepts(event.data));
    assert.deepEqual(line?.dead_letter, words);
    assert.match(JSON.stringify(line), /run\.completed of eventarc-fan-out-webhooks: not taken in 5 attempts/);
  });

  it('tells of a task by its name, of an event of Google by its type, and of anything else too', async () => {
    const task = { queue: 'webhook-delivery', function: 'deliver-webhook', task: 'dlv_1-0', dead_letter_reason: 'no' };
    assert.deepEqual((await alerted(task)).event.data, {
      ...{ user_id: 'usr_bootstrap', what: 'task dlv_1-0', from: 'webhook-delivery', reason: 'no' },
    });
    const document = { 'ce-type': 'google.cloud.firestore.document.v1.updated' };
    assert.equal((await alerted(document)).event.data.what, document['ce-type']);
    assert.equal((await alerted({})).event.data.what, 'unknown');
  });

  it('cuts what is too long to be told', async () => {
    const { event } = await alerted({ dead_letter_reason: 'x'.repeat(5000) });
    assert.equal(event.data.reason?.length, 500);
  });
});
