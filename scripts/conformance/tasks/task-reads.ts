import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, NOWHERE } from './clients.ts';

/** How tasks are found and deleted. */
export function taskReads({ tasks, queueName, pausedQueue, create }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const withBody = { httpRequest: { url: NOWHERE, body: Buffer.from('secret') } };
  method('GetTask', {
    'gives a task that has not been attempted': async () => {
      const { name } = await create(await pausedQueue());
      const [task] = await tasks.getTask({ name });
      assert.deepEqual([task.name, task.dispatchCount, task.responseCount], [name, 0, 0]);
      assert.equal(task.firstAttempt ?? null, null);
    },
    'leaves the body out': async () => {
      const { name } = await create(await pausedQueue(), withBody);
      const [task] = await tasks.getTask({ name });
      assert.deepEqual([task.view, String(task.httpRequest?.body ?? '')], ['BASIC', '']);
    },
    'gives the body in the full view': async () => {
      const { name } = await create(await pausedQueue(), withBody);
      const [task] = await tasks.getTask({ name, responseView: 'FULL' });
      assert.deepEqual([task.view, String(task.httpRequest?.body)], ['FULL', 'secret']);
    },
    'fails for a task that is not there': async () => {
      await fails(tasks.getTask({ name: `${await pausedQueue()}/tasks/none` }), 'NOT_FOUND', /does not exist/);
    },
    'fails for a task of a queue that is not there': async () => {
      await fails(tasks.getTask({ name: `${queueName()}/tasks/none` }), 'NOT_FOUND');
    },
    'refuses a malformed name': async () => {
      await fails(tasks.getTask({ name: `${await pausedQueue()}/tasks/a b` }), 'INVALID_ARGUMENT');
    },
  });
  method('ListTasks', {
    'gives the tasks of a queue, and no others': async () => {
      const [queue, other] = [await pausedQueue(), await pausedQueue()];
      const names = [(await create(queue)).name, (await create(queue)).name];
      await create(other);
      const [found] = await tasks.listTasks({ parent: queue });
      assert.deepEqual(new Set(found.map(({ name }) => name)), new Set(names));
    },
    'gives them in pages, each once': async () => {
      const queue = await pausedQueue();
      for (let count = 0; count < 5; count++) await create(queue);
      const seen = new Set<unknown>();
      const sizes: number[] = [];
      let pageToken = '';
      do {
        const request = { parent: queue, pageSize: 2, pageToken };
        const [page, , answer] = await tasks.listTasks(request, { autoPaginate: false });
        sizes.push(page.length);
        for (const { name } of page) seen.add(name);
        pageToken = answer?.nextPageToken ?? '';
      } while (pageToken);
      assert.deepEqual(sizes, [2, 2, 1]);
      assert.equal(seen.size, 5);
    },
    'gives nothing of an empty queue': async () => {
      assert.deepEqual((await tasks.listTasks({ parent: await pausedQueue() }))[0], []);
    },
    'leaves the bodies out': async () => {
      const queue = await pausedQueue();
      await create(queue, withBody);
      const [[task]] = await tasks.listTasks({ parent: queue });
      assert.equal(String(task?.httpRequest?.body ?? ''), '');
    },
    'gives the bodies in the full view': async () => {
      const queue = await pausedQueue();
      await create(queue, withBody);
      const [[task]] = await tasks.listTasks({ parent: queue, responseView: 'FULL' });
      assert.equal(String(task?.httpRequest?.body), 'secret');
    },
    'refuses a negative page size': async () => {
      const request = { parent: await pausedQueue(), pageSize: -1 };
      await fails(tasks.listTasks(request, { autoPaginate: false }), 'INVALID_ARGUMENT', /page/i);
    },
    'refuses a page token that it never gave': async () => {
      await fails(tasks.listTasks({ parent: await pausedQueue(), pageToken: 'nonsense' }), 'INVALID_ARGUMENT');
    },
    'fails for a queue that is not there': async () => {
      await fails(tasks.listTasks({ parent: queueName() }), 'NOT_FOUND');
    },
  });
  method('DeleteTask', {
    'removes a task': async () => {
      const { name } = await create(await pausedQueue());
      await tasks.deleteTask({ name });
      await fails(tasks.getTask({ name }), 'NOT_FOUND');
    },
    'fails for a task that is not there': async () => {
      await fails(tasks.deleteTask({ name: `${await pausedQueue()}/tasks/none` }), 'NOT_FOUND');
    },
  });
  return all;
}
