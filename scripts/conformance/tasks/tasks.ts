import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { at, type Clients, ms, NOWHERE } from './clients.ts';

const HOUR_MS = 3_600_000;
const EMAIL = 'worker@virtuoso-local.iam.gserviceaccount.com';

/** How tasks are created. */
export function taskCreations({ tasks, queueName, pausedQueue, create }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const now = () => world.clock?.now() ?? Date.now();
  const made = async (task: Parameters<Clients['create']>[1] = {}) => create(await pausedQueue(), task);
  const request = (httpRequest: object) => made({ httpRequest: { url: NOWHERE, ...httpRequest } });
  method('CreateTask', {
    'gives the task a name of digits in its queue': async () => {
      const queue = await pausedQueue();
      const { name } = await create(queue);
      assert.ok(name.startsWith(`${queue}/tasks/`));
      assert.match(name.slice(queue.length + 7), /^\d+$/);
    },
    'keeps a name that was chosen': async () => {
      const queue = await pausedQueue();
      assert.equal((await create(queue, { name: `${queue}/tasks/a-b_1` })).name, `${queue}/tasks/a-b_1`);
    },
    'schedules a task for now': async () => {
      const task = await made();
      assert.ok(Math.abs(ms(task.scheduleTime) - now()) < 60_000);
      assert.ok(Math.abs(ms(task.createTime) - now()) < 60_000);
    },
    'keeps a schedule time': async () => {
      const time = Math.floor(now() / 1000) * 1000 + HOUR_MS;
      assert.equal(ms((await made({ scheduleTime: at(time) })).scheduleTime), time);
    },
    'takes a schedule time in the past for now': async () => {
      const task = await made({ scheduleTime: at(now() - HOUR_MS) });
      assert.ok(Math.abs(ms(task.scheduleTime) - now()) < 60_000);
    },
    'refuses a schedule time in more than 30 days': async () => {
      await fails(made({ scheduleTime: at(now() + 31 * 24 * HOUR_MS) }), 'INVALID_ARGUMENT', /too far in the future/);
    },
    'lets an attempt take 10 minutes': async () => {
      assert.equal(ms((await made()).dispatchDeadline), 600_000);
    },
    'keeps a dispatch deadline': async () => {
      assert.equal(ms((await made({ dispatchDeadline: { seconds: 15 } })).dispatchDeadline), 15_000);
    },
    'refuses a dispatch deadline below 15 seconds': async () => {
      await fails(made({ dispatchDeadline: { seconds: 14 } }), 'INVALID_ARGUMENT', /ispatchDeadline/);
    },
    'refuses a dispatch deadline above 30 minutes': async () => {
      await fails(made({ dispatchDeadline: { seconds: 1801 } }), 'INVALID_ARGUMENT', /ispatchDeadline/);
    },
    'posts unless another method is set': async () => {
      assert.equal((await made()).httpRequest?.httpMethod, 'POST');
      assert.equal((await request({ httpMethod: 'PUT' })).httpRequest?.httpMethod, 'PUT');
    },
    'answers without the body': async () => {
      const task = await request({ body: Buffer.from('secret') });
      assert.equal(task.view, 'BASIC');
      assert.equal(Buffer.from((task.httpRequest?.body as Uint8Array | undefined) ?? '').length, 0);
    },
    'answers with the body in the full view': async () => {
      const [task] = await tasks.createTask({
        parent: await pausedQueue(),
        task: { httpRequest: { url: NOWHERE, body: Buffer.from('secret') } },
        responseView: 'FULL',
      });
      assert.equal(task.view, 'FULL');
      assert.equal(String(task.httpRequest?.body), 'secret');
    },
    'keeps headers': async () => {
      const task = await request({ headers: { 'X-Test': 'a', 'Content-Type': 'text/plain' } });
      assert.deepEqual(
        [task.httpRequest?.headers?.['X-Test'], task.httpRequest?.headers?.['Content-Type']],
        ['a', 'text/plain'],
      );
    },
    'takes the URL as the audience of a token': async () => {
      const task = await request({ oidcToken: { serviceAccountEmail: EMAIL } });
      assert.equal(task.httpRequest?.oidcToken?.serviceAccountEmail, EMAIL);
      assert.equal(task.httpRequest?.oidcToken?.audience, NOWHERE);
    },
    'refuses a body with GET': async () => {
      await fails(request({ httpMethod: 'GET', body: Buffer.from('a') }), 'INVALID_ARGUMENT', /body/i);
    },
    'refuses a URL that is neither http nor https': async () => {
      await fails(request({ url: 'ftp://example.com' }), 'INVALID_ARGUMENT', /url/i);
    },
    'refuses headers that HTTP cannot carry': async () => {
      await fails(request({ headers: { 'X A': '1' } }), 'INVALID_ARGUMENT', /header.*X A/i);
      await fails(request({ headers: { 'X-A': '1\n2' } }), 'INVALID_ARGUMENT', /header.*X-A/i);
    },
    'refuses a task of more than 100 KB': async () => {
      await fails(request({ body: Buffer.alloc(102_401) }), 'INVALID_ARGUMENT', /size|large/i);
    },
    'refuses a task without a request': async () => {
      await fails(tasks.createTask({ parent: await pausedQueue(), task: {} }), 'INVALID_ARGUMENT');
    },
    'refuses a name of another queue': async () => {
      const [queue, other] = [await pausedQueue(), await pausedQueue()];
      await fails(create(queue, { name: `${other}/tasks/a` }), 'INVALID_ARGUMENT');
    },
    'refuses a name with other characters than letters, digits, hyphens and underscores': async () => {
      const queue = await pausedQueue();
      await fails(create(queue, { name: `${queue}/tasks/a.b` }), 'INVALID_ARGUMENT');
    },
    'refuses a name that a task has': async () => {
      const queue = await pausedQueue();
      const { name } = await create(queue, { name: `${queue}/tasks/same` });
      await fails(create(queue, { name }), 'ALREADY_EXISTS');
    },
    'refuses a name that a task had not long ago': async () => {
      const queue = await pausedQueue();
      const { name } = await create(queue, { name: `${queue}/tasks/same` });
      await tasks.deleteTask({ name });
      await fails(create(queue, { name }), 'ALREADY_EXISTS', /too recently/);
    },
    'refuses a name that was purged not long ago': async () => {
      const queue = await pausedQueue();
      const { name } = await create(queue, { name: `${queue}/tasks/same` });
      await tasks.purgeQueue({ name: queue });
      await fails(create(queue, { name }), 'ALREADY_EXISTS');
    },
    'fails in a queue that is not there': async () => {
      await fails(create(queueName()), 'NOT_FOUND', /Queue does not exist/);
    },
  });
  const { clock } = world;
  if (clock) {
    method('CreateTask', {
      'takes a name again when an hour has passed': async () => {
        const queue = await pausedQueue();
        const { name } = await create(queue, { name: `${queue}/tasks/same` });
        await tasks.deleteTask({ name });
        clock.advance(HOUR_MS + 1000);
        assert.equal((await create(queue, { name })).name, name);
      },
    });
  }
  return all;
}
