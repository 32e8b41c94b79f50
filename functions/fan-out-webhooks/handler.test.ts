import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { NewDelivery } from '../../shared/domain/deliveries.ts';
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
    const deliveries = { createAll: sinon.stub().callsFake(async (list) => list) };
    const queue = { enqueue: sinon.stub().resolves() };
    const queues = { of: sinon.stub().returns(queue) };
    const shares = { take: sinon.stub().callsFake((_user: string, wanted: number) => wanted) };
    const services = withBase({ webhooks, deliveries, queues, shares } as never) as never;
    const run = (given = event) => fanOutWebhooks(given, services);
    const created = () => deliveries.createAll.args.flatMap(([list]) => list as NewDelivery[]);
    return { webhooks, deliveries, queue, queues, shares, run, created };
  }

  it('writes a delivery for every endpoint that is subscribed, and a task for each', async () => {
    const { webhooks, queue, queues, run, created } = bench(aWebhook(), aWebhook({ id: 'whk_2' }));
    await run();
    assert.deepEqual(webhooks.subscribedTo.args, [['usr_1', 'run.completed']]);
    const [one, two] = created() as [NewDelivery, NewDelivery];
    assert.deepEqual(queues.of.args, [['usr_1', 'prompt']]);
    assert.notEqual(one.id, two.id);
    assert.deepEqual([one.webhook_id, two.webhook_id], ['whk_1', 'whk_2']);
    assert.deepEqual([one.status, one.event_id, one.next_attempt_at], ['pending', 'evt_1', new Date(NOON)]);
    assert.deepEqual(
      queue.enqueue.args.flatMap(([tasks]) => tasks),
      [one, two].map(({ id, webhook_id }) => ({
        to: 'deliver-webhook',
        name: `${id}-0`,
        payload: { delivery_id: id, webhook_id, attempt: 0 },
      })),
    );
  });

  it('sends type, time and data, without whose they are', async () => {
    const { run, created } = bench(aWebhook());
    await run();
    assert.deepEqual(JSON.parse(created()[0]?.body ?? ''), {
      type: 'run.completed',
      timestamp: event.time,
      data: { run_id: 'run_1', status: 'passed' },
      links: { run: '/v1/runs/run_1' },
    });
  });

  it('writes the message that the endpoint takes', async () => {
    const { run, created } = bench(aWebhook({ format: 'slack' }), aWebhook({ payload: 'thin' }));
    await run();
    const [slack, thin] = created().map(({ body }) => JSON.parse(body));
    assert.equal(slack.text, 'Run completed: passed');
    assert.deepEqual(thin.data, { run_id: 'run_1' });
  });

  it('sends a ping to the endpoint alone that is to be looked at, whatever that is subscribed to', async () => {
    const { webhooks, run, created } = bench(aWebhook({ id: 'whk_2' }));
    webhooks.getOwned.withArgs('whk_1', 'usr_1').resolves(aWebhook({ events: ['run.*'] }));
    const data = { user_id: 'usr_1', webhook_id: 'whk_1' } as never;
    await run({ ...event, type: 'webhook.ping', data });
    assert.deepEqual(
      created().map(({ webhook_id, type }) => [webhook_id, type]),
      [['whk_1', 'webhook.ping']],
    );
    assert.equal(webhooks.subscribedTo.callCount, 0);
  });

  it('makes the same delivery and task when the event comes again, also when the first time ended between them', async () => {
    const { queue, run, created } = bench(aWebhook());
    queue.enqueue.onFirstCall().rejects(new Error('down'));
    await assert.rejects(run(), /down/);
    await run();
    const [first, second] = created();
    assert.deepEqual(first, second);
    assert.deepEqual(queue.enqueue.args[0], queue.enqueue.args[1]);
  });

  it('does nothing where nobody is subscribed', async () => {
    const { deliveries, queue, run } = bench();
    await run();
    assert.equal(deliveries.createAll.callCount + queue.enqueue.callCount, 0);
  });

  it('puts what is more than a share of the user into the backlog', async () => {
    const { queue, queues, shares, run } = bench(aWebhook(), aWebhook({ id: 'whk_2' }), aWebhook({ id: 'whk_3' }));
    shares.take.onFirstCall().returns(1);
    await run();
    assert.deepEqual(shares.take.args, [['usr_1', 3]]);
    assert.deepEqual(queues.of.args, [
      ['usr_1', 'prompt'],
      ['usr_1', 'backlog'],
    ]);
    assert.deepEqual(
      queue.enqueue.args.map(([tasks]) => tasks.map(({ payload }: { payload: NewDelivery }) => payload.webhook_id)),
      [['whk_1'], ['whk_2', 'whk_3']],
    );
  });

  it('leaves a delivery that is there already on the queue of the first time', async () => {
    const { deliveries, queues, run, created } = bench(aWebhook());
    deliveries.createAll.callsFake(async (list: NewDelivery[]) => list.map((one) => ({ ...one, lane: 'backlog' })));
    await run();
    assert.equal(created()[0]?.lane, 'prompt');
    assert.deepEqual(queues.of.args, [['usr_1', 'backlog']]);
  });

  it('gives deliveries their place where an endpoint wants order, and waits for what is still to come', async () => {
    const { queue, run, created } = bench(aWebhook({ ordered: true }), aWebhook({ id: 'whk_2' }));
    await run();
    await run({ ...event, id: 'evt_0', type: 'session.started' });
    const [completed, unordered, started] = created();
    assert.equal(unordered?.order, undefined);
    assert.equal(completed?.order?.key, 'whk_1 run_1');
    assert.equal(started?.order?.key, completed.order.key);
    assert.ok((started?.order?.place ?? '') < completed.order.place);
    const [first, second] = queue.enqueue.firstCall.args[0];
    assert.deepEqual([first.at, second.at], [new Date(NOON + 2000), undefined]);
  });
});
