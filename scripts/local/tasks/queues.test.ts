import assert from 'node:assert/strict';
import type { CloudTasksClient } from '@google-cloud/tasks';
import { crash } from '../plumbing/crash.ts';
import { type Receiver, startReceiver, until } from '../plumbing/receiver.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { LOCATION, tasksClient } from './client.ts';
import { createTasks } from './index.ts';

const QUEUE = `${LOCATION}/queues/work`;

describe('Cloud Tasks queues', () => {
  let cloud: TestCloud;
  let client: CloudTasksClient;
  let receiver: Receiver;
  let hold: { release: () => void; promise: Promise<void> };

  beforeEach(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = { promise, release: resolve };
    cloud = await startServices([createTasks]);
    client = tasksClient(cloud.port);
    receiver = await startReceiver();
  });

  afterEach(async () => {
    hold.release();
    await client.close();
    await cloud.close();
    await receiver.close();
  });

  const slowReceiver = async () => {
    await receiver.close();
    receiver = await startReceiver(async () => {
      await hold.promise;
      return 200;
    });
  };
  const createMany = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        client.createTask({ parent: QUEUE, task: { httpRequest: { url: receiver.url } } }),
      ),
    );
  /** Lets everything that is due now be sent. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

  it('gives a new queue the defaults of Cloud Tasks', async () => {
    const [queue] = await client.createQueue({ parent: LOCATION, queue: { name: QUEUE } });
    assert.equal(queue.state, 'RUNNING');
    assert.equal(queue.rateLimits?.maxDispatchesPerSecond, 500);
    assert.equal(queue.rateLimits?.maxBurstSize, 100);
    assert.equal(queue.rateLimits?.maxConcurrentDispatches, 1000);
    assert.equal(queue.retryConfig?.maxAttempts, 100);
    assert.equal(queue.retryConfig?.minBackoff?.nanos, 100_000_000);
    assert.equal(Number(queue.retryConfig?.maxBackoff?.seconds), 3600);
    assert.equal(queue.retryConfig?.maxDoublings, 16);
  });

  it('lists, updates by mask, and deletes queues', async () => {
    for (const id of ['a', 'b', 'c'])
      await client.createQueue({ parent: LOCATION, queue: { name: `${LOCATION}/queues/${id}` } });
    const [queues] = await client.listQueues({ parent: LOCATION, pageSize: 2 });
    assert.deepEqual(
      queues.map((queue) => queue.name?.at(-1)),
      ['a', 'b', 'c'],
    );
    const name = `${LOCATION}/queues/a`;
    const [updated] = await client.updateQueue({
      queue: {
        name,
        rateLimits: { maxDispatchesPerSecond: 5, maxConcurrentDispatches: 7 },
        retryConfig: { maxAttempts: 9 },
      },
      updateMask: { paths: ['rate_limits.max_dispatches_per_second', 'retry_config.max_attempts'] },
    });
    assert.equal(updated.rateLimits?.maxDispatchesPerSecond, 5);
    assert.equal(updated.rateLimits?.maxConcurrentDispatches, 1000);
    assert.equal(updated.retryConfig?.maxAttempts, 9);
    await client.deleteQueue({ name });
    await assert.rejects(client.getQueue({ name }), { code: 5 });
  });

  it('answers with the error codes of Cloud Tasks', async () => {
    await client.createQueue({ parent: LOCATION, queue: { name: QUEUE } });
    await assert.rejects(client.createQueue({ parent: LOCATION, queue: { name: QUEUE } }), { code: 6 });
    await assert.rejects(client.createQueue({ parent: LOCATION, queue: { name: `${LOCATION}/queues/a_b` } }), {
      code: 3,
    });
    await assert.rejects(client.pauseQueue({ name: `${LOCATION}/queues/none` }), { code: 5 });
    await assert.rejects(client.listTasks({ parent: `${LOCATION}/queues/none` }), { code: 5 });
    const queue = { name: QUEUE, rateLimits: { maxDispatchesPerSecond: 501 } };
    await assert.rejects(client.updateQueue({ queue }), { code: 3, message: /maxDispatchesPerSecond/ });
    await assert.rejects(client.updateQueue({ queue, updateMask: { paths: ['state'] } }), {
      code: 3,
      message: /state/,
    });
  });

  it('holds tasks while it is paused', async () => {
    await client.createQueue({ parent: LOCATION, queue: { name: QUEUE } });
    const [paused] = await client.pauseQueue({ name: QUEUE });
    assert.equal(paused.state, 'PAUSED');
    await createMany(3);
    await settle();
    assert.equal(receiver.received.length, 0);
    assert.equal(cloud.services[0]?.pending?.(), 0);
    await client.resumeQueue({ name: QUEUE });
    await receiver.wait(3);
  });

  it('forgets the tasks of a purged queue', async () => {
    await client.createQueue({ parent: LOCATION, queue: { name: QUEUE } });
    await client.pauseQueue({ name: QUEUE });
    await createMany(3);
    const [purged] = await client.purgeQueue({ name: QUEUE });
    assert.ok(purged.purgeTime);
    const [tasks] = await client.listTasks({ parent: QUEUE });
    assert.equal(tasks.length, 0);
  });

  it('runs no more tasks side by side than its limit, which can be raised in flight', async () => {
    await slowReceiver();
    const queue = { name: QUEUE, rateLimits: { maxConcurrentDispatches: 2 } };
    await client.createQueue({ parent: LOCATION, queue });
    await createMany(6);
    await receiver.wait(2);
    await settle();
    assert.equal(receiver.received.length, 2);
    await client.updateQueue({ queue: { ...queue, rateLimits: { maxConcurrentDispatches: 4 } } });
    await receiver.wait(4);
    await settle();
    assert.equal(receiver.received.length, 4);
    hold.release();
    await receiver.wait(6);
  });

  it('dispatches a burst and then no faster than its rate', async () => {
    const queue = { name: QUEUE, rateLimits: { maxDispatchesPerSecond: 0.5 } };
    await client.createQueue({ parent: LOCATION, queue });
    await createMany(12);
    await receiver.wait(10);
    await settle();
    assert.equal(receiver.received.length, 10);
    cloud.clock.advance(2_000);
    await receiver.wait(11);
    await settle();
    assert.equal(receiver.received.length, 11);
    cloud.clock.advance(2_000);
    await receiver.wait(12);
  });

  it('dispatches again what was under way when the process was killed', async () => {
    await slowReceiver();
    await client.createQueue({ parent: LOCATION, queue: { name: QUEUE } });
    await client.pauseQueue({ name: `${QUEUE}` });
    await createMany(2);
    await client.resumeQueue({ name: QUEUE });
    await receiver.wait(2);
    await client.close();
    const folder = await crash(cloud);
    hold.release();
    cloud = await startServices([createTasks], { folder });
    client = tasksClient(cloud.port);
    const requests = await receiver.wait(4);
    assert.equal(requests[3]?.headers['x-cloudtasks-taskretrycount'], '1');
    await until(async () => (await client.listTasks({ parent: QUEUE }))[0].length === 0);
  });
});
