import assert from 'node:assert/strict';
import sinon from 'sinon';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON } from '../../shared/platform/testing.ts';
import { aDelivery, appError } from '../testing.ts';
import { attempts, bench } from './bench.testing.ts';

describe('an attempt of a delivery', () => {
  it('puts an attempt off while the endpoint has got as much as it takes', async () => {
    const { buckets, deliveries, egress, queue, run } = bench({ webhook: { rate_limit: 0.5 } });
    buckets.lease.resolves({ granted: 0, left: 0.25 });
    await run(0);
    assert.deepEqual(buckets.lease.args, [['webhook whk_1', { capacity: 1, perSecond: 0.5 }, 1]]);
    assert.equal(egress.send.callCount + deliveries.recordAttempt.callCount, 0);
    const at = new Date(NOON + 1500);
    const [[[task]]] = queue.enqueue.args as [[[object]]];
    assert.deepEqual(task, {
      ...{ to: 'deliver-webhook', name: `dlv_1-0-at-${at.getTime()}`, at },
      payload: { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 0 },
    });
    assert.deepEqual(deliveries.handOn.args, [[aDelivery(), `dlv_1-0-at-${at.getTime()}`, at]]);
    assert.ok(deliveries.handOn.calledBefore(queue.enqueue));
    buckets.lease.resolves({ granted: 1, left: 0 });
    await run(0);
    assert.equal(egress.send.callCount, 1);
  });

  it('puts an attempt off while others are under way to a slow endpoint, and then goes on', async () => {
    const { deliveries, egress, queue, run } = bench();
    let answered: (answer: object) => void = () => {};
    egress.send.returns(new Promise((resolve) => (answered = resolve)));
    const first = run(0);
    await run(0);
    const at = new Date(NOON + 1000);
    assert.deepEqual(queue.enqueue.args[0]?.[0][0].at, at);
    assert.equal(deliveries.handOn.callCount, 1);
    answered({ status: 200, headers: {}, body: Buffer.alloc(0) });
    await first;
    assert.equal(egress.send.callCount, 1);
    for (let i = 0; i < 2; i++) await run(0);
    assert.equal(egress.send.callCount, 3);
  });

  it('has its place free again also when something breaks', async () => {
    const { buckets, deliveries, egress, run } = bench({ webhook: { rate_limit: 1 } });
    buckets.lease.onFirstCall().rejects(new AppError('unavailable', 'no buckets'));
    deliveries.recordAttempt.onFirstCall().rejects(new AppError('unavailable', 'no documents'));
    await assert.rejects(run(0), appError('unavailable'));
    await assert.rejects(run(0), appError('unavailable'));
    await run(0);
    assert.equal(egress.send.callCount, 2);
  });

  it('asks nobody whether it may send where no rate is set', async () => {
    const { buckets, run } = bench();
    await run(0);
    assert.equal(buckets.lease.callCount, 0);
  });

  it('hands on to the backlog what is more than a user may have under way', async () => {
    const { egress, queue, queues, run } = bench();
    egress.send.returns(new Promise(() => {}));
    for (let i = 0; i < 2; i++) void run(0);
    await run(0);
    assert.deepEqual(queues.of.args.at(-1), ['usr_1', 'backlog']);
    assert.deepEqual(queue.enqueue.lastCall.args[0], [
      {
        ...{ to: 'deliver-webhook', name: 'dlv_1-0-backlog', at: new Date(NOON) },
        payload: { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 0 },
      },
    ]);
  });

  it('takes a place that all instances share where an endpoint has so many, and gives it back', async () => {
    const { egress, queue, shared, run } = bench({ webhook: { concurrency: 3 } });
    const back = sinon.stub().resolves();
    shared.take.resolves(back);
    await run(0);
    assert.deepEqual(shared.take.args, [['whk_1', 3, 'dlv_1-0']]);
    assert.deepEqual([egress.send.callCount, back.callCount], [1, 1]);
    shared.take.resolves(undefined);
    await run(0);
    assert.deepEqual([egress.send.callCount, queue.enqueue.callCount], [1, 1]);
  });

  it('leaves an attempt to the task that it was handed on to, and sees to it that there is that task', async () => {
    const at = new Date(NOON + 3000);
    const { egress, queue, run } = bench({ delivery: { handed_to: 'dlv_1-0-at-9', next_attempt_at: at } });
    await run(0);
    assert.equal(egress.send.callCount, 0);
    assert.deepEqual(
      queue.enqueue.args.map(([[task]]) => [task.name, task.at]),
      [['dlv_1-0-at-9', at]],
    );
    const handed = bench({ delivery: { handed_to: 't', next_attempt_at: at } });
    await handed.run(0);
    assert.equal(handed.egress.send.callCount, 1);
  });

  it('hands nothing on that somebody else is at', async () => {
    const { deliveries, queue, shared, run } = bench({ webhook: { concurrency: 1 } });
    shared.take.resolves(undefined);
    deliveries.handOn.resolves(false);
    await run(0);
    assert.equal(queue.enqueue.callCount, 0);
  });

  describe('of an endpoint that wants order', () => {
    const order = { key: 'whk_1 run_1', place: '2' };

    it('waits for the one before', async () => {
      const { deliveries, egress, queue, run } = bench({ delivery: { order } });
      deliveries.firstInOrder.resolves(aDelivery({ id: 'dlv_0' }));
      await run(0);
      assert.deepEqual(deliveries.firstInOrder.args, [['whk_1 run_1']]);
      assert.deepEqual(deliveries.postpone.args, [['dlv_1', 0, new Date(NOON + 3_600_000)]]);
      assert.equal(egress.send.callCount + queue.enqueue.callCount, 0);
    });

    it('is sent when it is the first, and wakes the next when it is over', async () => {
      const { deliveries, egress, queue, run } = bench({ delivery: { order } });
      deliveries.firstInOrder.onFirstCall().resolves(aDelivery({ order }));
      deliveries.firstInOrder.onSecondCall().resolves(aDelivery({ id: 'dlv_2', attempts: attempts(1) }));
      await run(0);
      assert.equal(egress.send.callCount, 1);
      assert.ok(deliveries.recordAttempt.calledBefore(queue.enqueue));
      assert.deepEqual(queue.enqueue.args, [
        [
          [
            {
              ...{ to: 'deliver-webhook', name: 'dlv_2-1-after-dlv_1-0', at: new Date(NOON) },
              payload: { delivery_id: 'dlv_2', webhook_id: 'whk_1', attempt: 1 },
            },
          ],
        ],
      ]);
    });

    it('wakes nobody while it is to be tried again', async () => {
      const { deliveries, queue, run, answer } = bench({ delivery: { order } });
      deliveries.firstInOrder.resolves(aDelivery({ order }));
      answer(500);
      await run(0);
      assert.deepEqual(
        queue.enqueue.args.map(([[task]]) => task.name),
        ['dlv_1-1'],
      );
    });

    it('wakes the next also when the instance had ended before it did', async () => {
      const { deliveries, egress, queue, run } = bench({ delivery: { order, status: 'delivered' } });
      deliveries.firstInOrder.resolves(aDelivery({ id: 'dlv_2' }));
      await run(0);
      assert.equal(egress.send.callCount, 0);
      assert.equal(queue.enqueue.firstCall.args[0][0].name, 'dlv_2-0-after-dlv_1-0');
    });
  });
});
