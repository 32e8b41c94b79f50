import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, type IQueue, ms } from './clients.ts';

/** How queues are changed, paused, resumed and purged. */
export function queueUpdates(clients: Clients): readonly Behaviour[] {
  const { tasks, queueName, queue, pausedQueue, create } = clients;
  const { method, all } = collector();
  const settings: IQueue = {
    rateLimits: { maxDispatchesPerSecond: 5, maxConcurrentDispatches: 6 },
    retryConfig: { maxAttempts: 7, maxDoublings: 3, minBackoff: { seconds: 1 }, maxBackoff: { seconds: 9 } },
  };
  const updated = async (change: IQueue, paths?: string[]) => {
    const name = await queue(settings);
    const updateMask = paths ? { updateMask: { paths } } : {};
    return (await tasks.updateQueue({ queue: { ...change, name }, ...updateMask }))[0];
  };
  method('UpdateQueue', {
    'changes only what the mask names': async () => {
      const change = { rateLimits: { maxDispatchesPerSecond: 8, maxConcurrentDispatches: 99 } };
      const found = await updated(change, ['rate_limits.max_dispatches_per_second']);
      assert.equal(found.rateLimits?.maxDispatchesPerSecond, 8);
      assert.equal(found.rateLimits?.maxConcurrentDispatches, 6);
      assert.equal(found.retryConfig?.maxAttempts, 7);
    },
    'changes everything that is given without a mask': async () => {
      const found = await updated({ retryConfig: { maxAttempts: 2 } });
      assert.equal(found.retryConfig?.maxAttempts, 2);
      assert.equal(found.rateLimits?.maxDispatchesPerSecond, 5);
    },
    'sets what the mask names and the queue leaves out to its default': async () => {
      const found = await updated({}, ['rate_limits']);
      assert.equal(found.rateLimits?.maxDispatchesPerSecond, 500);
      assert.equal(found.rateLimits?.maxConcurrentDispatches, 1000);
    },
    'takes a mask in camel case': async () => {
      const found = await updated({ retryConfig: { maxAttempts: 3 } }, ['retryConfig.maxAttempts']);
      assert.equal(found.retryConfig?.maxAttempts, 3);
      assert.equal(found.retryConfig?.maxDoublings, 3);
    },
    'picks the burst size anew': async () => {
      const found = await updated({ rateLimits: { maxDispatchesPerSecond: 250 } }, [
        'rate_limits.max_dispatches_per_second',
      ]);
      assert.equal(found.rateLimits?.maxBurstSize, 50);
    },
    'makes a queue that is not there': async () => {
      const name = queueName();
      const [made] = await tasks.updateQueue({ queue: { name, ...settings } });
      assert.equal(made.rateLimits?.maxDispatchesPerSecond, 5);
      await tasks.deleteQueue({ name });
    },
    'leaves a paused queue paused': async () => {
      const name = await pausedQueue();
      const [found] = await tasks.updateQueue({ queue: { name, rateLimits: { maxDispatchesPerSecond: 1 } } });
      assert.equal(found.state, 'PAUSED');
    },
    'refuses a mask of what cannot be changed': async () => {
      await fails(updated({}, ['purge_time']), 'INVALID_ARGUMENT', /purge_time/);
    },
    'refuses a mask of what is no field': async () => {
      await fails(updated({}, ['speed']), 'INVALID_ARGUMENT', /speed/);
    },
    'refuses values that a new queue could not have': async () => {
      const change = { rateLimits: { maxDispatchesPerSecond: 1000 } };
      await fails(updated(change, ['rate_limits.max_dispatches_per_second']), 'INVALID_ARGUMENT');
    },
    'refuses a least backoff above the greatest that the queue has': async () => {
      const change = { retryConfig: { minBackoff: { seconds: 30 } } };
      await fails(updated(change, ['retry_config.min_backoff']), 'INVALID_ARGUMENT', /inBackoff/);
    },
  });
  method('PauseQueue', {
    'gives a queue that is paused': async () => {
      assert.equal((await tasks.pauseQueue({ name: await queue() }))[0].state, 'PAUSED');
    },
    'can be called again': async () => {
      assert.equal((await tasks.pauseQueue({ name: await pausedQueue() }))[0].state, 'PAUSED');
    },
    'still lets tasks be created': async () => {
      const task = await create(await pausedQueue());
      assert.equal((await tasks.getTask({ name: task.name }))[0].dispatchCount, 0);
    },
    'fails for a queue that is not there': async () => {
      await fails(tasks.pauseQueue({ name: queueName() }), 'NOT_FOUND');
    },
  });
  method('ResumeQueue', {
    'gives a queue that runs': async () => {
      assert.equal((await tasks.resumeQueue({ name: await pausedQueue() }))[0].state, 'RUNNING');
    },
    'fails for a queue that is not there': async () => {
      await fails(tasks.resumeQueue({ name: queueName() }), 'NOT_FOUND');
    },
  });
  method('PurgeQueue', {
    'removes the tasks of a queue and says when': async () => {
      const name = await pausedQueue();
      const task = await create(name);
      const before = (await tasks.getTask({ name: task.name }))[0];
      const [purged] = await tasks.purgeQueue({ name });
      assert.ok(ms(purged.purgeTime) >= ms(before.createTime));
      await fails(tasks.getTask({ name: task.name }), 'NOT_FOUND');
    },
    'leaves the queue as it was': async () => {
      const name = await pausedQueue(settings);
      const [purged] = await tasks.purgeQueue({ name });
      assert.equal(purged.state, 'PAUSED');
      assert.equal(purged.retryConfig?.maxAttempts, 7);
    },
    'fails for a queue that is not there': async () => {
      await fails(tasks.purgeQueue({ name: queueName() }), 'NOT_FOUND');
    },
  });
  return all;
}
