import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, ms } from './clients.ts';

/** How queues are made, found and deleted. */
export function queues({ tasks, location, queueName, queue, pausedQueue, create }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const made = async (settings = {}) => (await tasks.getQueue({ name: await queue(settings) }))[0];
  method('CreateQueue', {
    'gives a queue that runs, with the defaults': async () => {
      const found = await made();
      assert.equal(found.state, 'RUNNING');
      assert.equal(found.rateLimits?.maxDispatchesPerSecond, 500);
      assert.equal(found.rateLimits?.maxBurstSize, 100);
      assert.equal(found.rateLimits?.maxConcurrentDispatches, 1000);
      assert.equal(found.retryConfig?.maxAttempts, 100);
      assert.equal(found.retryConfig?.maxDoublings, 16);
      assert.equal(ms(found.retryConfig?.minBackoff), 100);
      assert.equal(ms(found.retryConfig?.maxBackoff), 3_600_000);
    },
    'keeps its rate, and picks a burst size by it': async () => {
      const found = await made({ rateLimits: { maxDispatchesPerSecond: 2, maxConcurrentDispatches: 3 } });
      assert.equal(found.rateLimits?.maxDispatchesPerSecond, 2);
      assert.equal(found.rateLimits?.maxConcurrentDispatches, 3);
      assert.equal(found.rateLimits?.maxBurstSize, 10);
    },
    'keeps its retry configuration': async () => {
      const found = await made({
        retryConfig: {
          maxAttempts: 7,
          maxRetryDuration: { seconds: 90 },
          minBackoff: { seconds: 2 },
          maxBackoff: { seconds: 60 },
          maxDoublings: 4,
        },
      });
      assert.equal(found.retryConfig?.maxAttempts, 7);
      assert.equal(ms(found.retryConfig?.maxRetryDuration), 90_000);
      assert.equal(ms(found.retryConfig?.minBackoff), 2000);
      assert.equal(ms(found.retryConfig?.maxBackoff), 60_000);
      assert.equal(found.retryConfig?.maxDoublings, 4);
    },
    'lets attempts be unlimited': async () => {
      assert.equal((await made({ retryConfig: { maxAttempts: -1 } })).retryConfig?.maxAttempts, -1);
    },
    'refuses a name that is taken': async () => {
      const name = await queue();
      await fails(tasks.createQueue({ parent: location, queue: { name } }), 'ALREADY_EXISTS', /already exists/);
    },
    'refuses a name of another location': async () => {
      const name = queueName().replace(/locations\/[^/]+/, 'locations/europe-west9');
      await fails(tasks.createQueue({ parent: location, queue: { name } }), 'INVALID_ARGUMENT');
    },
    'refuses a name with other characters than letters, digits and hyphens': async () => {
      await fails(
        tasks.createQueue({ parent: location, queue: { name: `${location}/queues/a_b` } }),
        'INVALID_ARGUMENT',
      );
    },
    'refuses a name of more than 100 characters': async () => {
      const name = `${location}/queues/${'q'.repeat(101)}`;
      await fails(tasks.createQueue({ parent: location, queue: { name } }), 'INVALID_ARGUMENT');
    },
    'refuses a queue without a name': async () => {
      await fails(tasks.createQueue({ parent: location, queue: {} }), 'INVALID_ARGUMENT');
    },
    'refuses more than 500 dispatches a second': async () => {
      await fails(made({ rateLimits: { maxDispatchesPerSecond: 501 } }), 'INVALID_ARGUMENT', /axDispatchesPerSecond/);
    },
    'refuses a negative rate': async () => {
      await fails(made({ rateLimits: { maxDispatchesPerSecond: -1 } }), 'INVALID_ARGUMENT');
    },
    'refuses more than 5000 concurrent dispatches': async () => {
      await fails(
        made({ rateLimits: { maxConcurrentDispatches: 5001 } }),
        'INVALID_ARGUMENT',
        /axConcurrentDispatches/,
      );
    },
    'refuses attempts below -1': async () => {
      await fails(made({ retryConfig: { maxAttempts: -2 } }), 'INVALID_ARGUMENT', /axAttempts/);
    },
    'refuses a negative backoff': async () => {
      await fails(queue({ retryConfig: { minBackoff: { seconds: -1 } } }), 'INVALID_ARGUMENT', /minBackoff/);
    },
    'refuses a least backoff above the greatest': async () => {
      const retryConfig = { minBackoff: { seconds: 20 }, maxBackoff: { seconds: 10 } };
      await fails(made({ retryConfig }), 'INVALID_ARGUMENT', /inBackoff/);
    },
  });
  method('GetQueue', {
    'gives a queue by its name': async () => {
      const name = await queue();
      assert.equal((await tasks.getQueue({ name }))[0].name, name);
    },
    'fails for a queue that is not there': async () => {
      await fails(tasks.getQueue({ name: queueName() }), 'NOT_FOUND', /does not exist/);
    },
    'refuses a malformed name': async () => {
      await fails(tasks.getQueue({ name: `${location}/queues/` }), 'INVALID_ARGUMENT');
    },
  });
  method('ListQueues', {
    'gives the queues of the location': async () => {
      const names = [await queue(), await queue()];
      const [found] = await tasks.listQueues({ parent: location });
      const listed = new Set(found.map(({ name }) => name));
      for (const name of names) assert.ok(listed.has(name));
    },
    'gives them in pages, each once': async () => {
      for (const _ of [1, 2, 3]) await queue();
      const names: (string | null | undefined)[] = [];
      let pageToken = '';
      do {
        const [page, , answer] = await tasks.listQueues(
          { parent: location, pageSize: 2, pageToken },
          { autoPaginate: false },
        );
        assert.ok(page.length <= 2);
        names.push(...page.map(({ name }) => name));
        pageToken = answer?.nextPageToken ?? '';
      } while (pageToken && names.length < 500);
      assert.equal(new Set(names).size, names.length);
      assert.ok(names.length >= 3);
    },
    'gives only those of a state': async () => {
      const [running, paused] = [await queue(), await pausedQueue()];
      const [found] = await tasks.listQueues({ parent: location, filter: 'state: PAUSED' });
      const listed = found.map(({ name }) => name);
      assert.ok(listed.includes(paused));
      assert.ok(!listed.includes(running));
    },
    'refuses a negative page size, and a page token that it never gave': async () => {
      const list = (request: object) => tasks.listQueues({ parent: location, ...request }, { autoPaginate: false });
      await fails(list({ pageSize: -1 }), 'INVALID_ARGUMENT', /page/i);
      await fails(list({ pageToken: 'nonsense' }), 'INVALID_ARGUMENT', /page/i);
    },
    'refuses a malformed location': async () => {
      await fails(tasks.listQueues({ parent: 'projects' }), 'INVALID_ARGUMENT');
    },
  });
  method('DeleteQueue', {
    'removes a queue': async () => {
      const name = await queue();
      await tasks.deleteQueue({ name });
      await fails(tasks.getQueue({ name }), 'NOT_FOUND');
    },
    'removes its tasks with it': async () => {
      const name = await pausedQueue();
      const task = await create(name);
      await tasks.deleteQueue({ name });
      await fails(tasks.getTask({ name: task.name }), 'NOT_FOUND');
    },
    'fails for a queue that is not there': async () => {
      await fails(tasks.deleteQueue({ name: queueName() }), 'NOT_FOUND');
    },
  });
  return all;
}
