import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aWebhook } from '../testing.ts';
import { fanOutWebhooks } from './handler.ts';

describe('fan-out-webhooks', () => {
  const event = {
    id: 'evt_1',
    type: 'run.completed',
    source: 'virtuoso',
    subject: 'runs/run_1',
    time: '2026-03-04T12:00:00.000Z',
    data: { user_id: 'usr_1', run_id: 'run_1', status: 'passed' },
  };
  function bench(...subscribed: ReturnType<typeof aWebhook>[]) {
    const webhooks = {
      subscribedTo: sinon.stub().resolves(subscribed),
      getOwned: sinon.stub().resolves(undefined),
    };
    const deliveries = { create: sinon.stub().resolves(true) };
    const queue = { enqueue: sinon.stub().resolves() };
    const run = (given = event) => fanOutWebhooks(given, withBase({ webhooks, deliveries, queue } as never) as never);
    return { webhooks, deliveries, queue, run };
  }

  it('writes a delivery for every endpoint that is subscribed, and a task for each', async () => {
    const { webhooks, deliveries, queue, run } = bench(aWebhook(), aWebhook({ id: 'whk_2' }));
    await run();
    assert.deepEqual(webhooks.subscribedTo.args, [['usr_1', 'run.completed']]);
    const [one, two] = deliveries.create.args.map(([delivery]) => delivery);
    assert.notEqual(one.id, two.id);
    assert.deepEqual([one.webhook_id, two.webhook_id], ['whk_1', 'whk_2']);
    assert.deepEqual([one.status, one.event_id, one.next_attempt_at], ['pending', 'evt_1', new Date(NOON)]);
    assert.deepEqual(
      queue.enqueue.args.flatMap(([tasks]) => tasks),
      [one, two].map(({ id }) => ({
        to: 'deliver-webhook',
        name: `${id}-0`,
        payload: { delivery_id: id, attempt: 0 },
      })),
    );
  });

  it('sends type, time and data, without whose they are', async () => {
    const { deliveries, run } = bench(aWebhook());
    await run();
    assert.deepEqual(JSON.parse(deliveries.create.firstCall.args[0].body), {
      type: 'run.completed',
      timestamp: event.time,
      data: { run_id: 'run_1', status: 'passed' },
      links: { run: '/v1/runs/run_1' },
    });
  });

  it('writes the message that the endpoint takes', async () => {
    const { deliveries, run } = bench(aWebhook({ format: 'slack' }), aWebhook({ payload: 'thin' }));
    await run();
    const [slack, thin] = deliveries.create.args.map(([delivery]) => JSON.parse(delivery.body));
    assert.equal(slack.text, 'Run completed: passed');
    assert.deepEqual(thin.data, { run_id: 'run_1' });
  });

  it('sends a ping to the endpoint alone that is to be looked at, whatever that is subscribed to', async () => {
    const { webhooks, deliveries, run } = bench(aWebhook({ id: 'whk_2' }));
    webhooks.getOwned.withArgs('whk_1', 'usr_1').resolves(aWebhook({ events: ['run.*'] }));
    const data = { user_id: 'usr_1', webhook_id: 'whk_1' } as never;
    await run({ ...event, type: 'webhook.ping', data });
    assert.deepEqual(
      deliveries.create.args.map(([delivery]) => [delivery.webhook_id, delivery.type]),
      [['whk_1', 'webhook.ping']],
    );
    assert.equal(webhooks.subscribedTo.callCount, 0);
  });

  it('makes the same delivery and task when the event comes again, also when the first time ended between them', async () => {
    const { deliveries, queue, run } = bench(aWebhook());
    queue.enqueue.onFirstCall().rejects(new Error('down'));
    await assert.rejects(run(), /down/);
    deliveries.create.resolves(false);
    await run();
    const [first, second] = deliveries.create.args.map(([delivery]) => delivery);
    assert.deepEqual(first, second);
    assert.deepEqual(queue.enqueue.args[0], queue.enqueue.args[1]);
  });

  it('does nothing where nobody is subscribed', async () => {
    const { deliveries, queue, run } = bench();
    await run();
    assert.equal(deliveries.create.callCount + queue.enqueue.callCount, 0);
  });
});
