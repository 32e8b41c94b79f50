import assert from 'node:assert/strict';
import type { CloudTasksClient } from '@google-cloud/tasks';
import { type Receiver, startReceiver, until } from '../plumbing/receiver.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { LOCATION, tasksClient } from './client.ts';
import { createTasks } from './index.ts';

const QUEUE = `${LOCATION}/queues/work`;

describe('Cloud Tasks', () => {
  let cloud: TestCloud;
  let client: CloudTasksClient;
  let receiver: Receiver;
  let statuses: number[];

  beforeEach(async () => {
    statuses = [];
    receiver = await startReceiver(() => statuses.shift() ?? 200);
    cloud = await startServices([createTasks]);
    client = tasksClient(cloud.port);
    await client.createQueue({
      parent: LOCATION,
      queue: { name: QUEUE, retryConfig: { maxAttempts: 3, minBackoff: { seconds: 10 } } },
    });
  });

  afterEach(async () => {
    await client.close();
    await cloud.close();
    await receiver.close();
  });

  const create = async (task: Record<string, unknown> = {}) => {
    const httpRequest = { url: `${receiver.url}/do`, ...(task.httpRequest as object) };
    const [made] = await client.createTask({ parent: QUEUE, task: { ...task, httpRequest } });
    return made;
  };
  const gone = (name: string | null | undefined) =>
    until(() =>
      client.getTask({ name: name ?? '' }).then(
        () => false,
        (error: { code: number }) => error.code === 5,
      ),
    );

  it('dispatches a task at once with the headers of Cloud Tasks', async () => {
    const task = await create({
      httpRequest: {
        headers: { 'Content-Type': 'application/json', 'User-Agent': 'mine', 'X-Trace': 't1' },
        body: Buffer.from('{"a":1}'),
        oidcToken: { serviceAccountEmail: 'runner@virtuoso-local.iam.gserviceaccount.com' },
      },
    });
    const [request] = await receiver.wait(1);
    assert.equal(request?.method, 'POST');
    assert.equal(request.body, '{"a":1}');
    assert.equal(request.headers['x-cloudtasks-queuename'], 'work');
    assert.equal(request.headers['x-cloudtasks-taskname'], task.name?.split('/').at(-1));
    assert.equal(request.headers['x-cloudtasks-taskretrycount'], '0');
    assert.equal(request.headers['x-cloudtasks-taskexecutioncount'], '0');
    assert.match(String(request.headers['x-cloudtasks-tasketa']), /^\d{10}\.\d{6}$/);
    assert.equal(request.headers['user-agent'], 'Google-Cloud-Tasks');
    assert.equal(request.headers['x-trace'], 't1');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(
      request.headers.authorization,
      `Bearer token-for:${receiver.url}/do:runner@virtuoso-local.iam.gserviceaccount.com`,
    );
    await gone(task.name);
    assert.equal(cloud.services[0]?.pending?.(), 0);
  });

  it('takes the audience of the token from the task', async () => {
    await create({ httpRequest: { oidcToken: { serviceAccountEmail: 'a@b', audience: 'https://fn.example' } } });
    const [request] = await receiver.wait(1);
    assert.equal(request?.headers.authorization, 'Bearer token-for:https://fn.example:a@b');
  });

  it('waits for the schedule time', async () => {
    const at = Math.floor(cloud.clock.now() / 1000) + 600;
    const task = await create({ scheduleTime: { seconds: at } });
    assert.equal(Number(task.scheduleTime?.seconds), at);
    assert.equal(cloud.services[0]?.pending?.(), 1);
    assert.equal(receiver.received.length, 0);
    cloud.clock.advance(601_000);
    const [request] = await receiver.wait(1);
    assert.equal(request?.headers['x-cloudtasks-tasketa'], `${at}.000000`);
  });

  it('does not count what is scheduled for later than fifteen minutes as pending', async () => {
    await create({ scheduleTime: { seconds: Math.floor(cloud.clock.now() / 1000) + 3600 } });
    assert.equal(cloud.services[0]?.pending?.(), 0);
  });

  it('retries what failed after the backoff, and says why', async () => {
    statuses = [500, 503];
    const task = await create();
    await receiver.wait(1);
    await until(async () => Number((await client.getTask({ name: task.name ?? '' }))[0].responseCount) === 1);
    const [waiting] = await client.getTask({ name: task.name ?? '' });
    assert.equal(waiting.dispatchCount, 1);
    assert.equal(waiting.lastAttempt?.responseStatus?.message, 'INTERNAL(13): HTTP status code 500');
    cloud.clock.advance(9_000);
    assert.equal(receiver.received.length, 1);
    cloud.clock.advance(2_000);
    const second = (await receiver.wait(2))[1];
    assert.equal(second?.headers['x-cloudtasks-taskretrycount'], '1');
    assert.equal(second.headers['x-cloudtasks-taskexecutioncount'], '1');
    assert.equal(second.headers['x-cloudtasks-taskpreviousresponse'], '500');
    assert.equal(second.headers['x-cloudtasks-taskretryreason'], 'INTERNAL(13): HTTP status code 500');
    await until(async () => Number((await client.getTask({ name: task.name ?? '' }))[0].responseCount) === 2);
    cloud.clock.advance(21_000);
    await receiver.wait(3);
    await gone(task.name);
  });

  it('gives a task up when its attempts are spent and keeps it among the dead', async () => {
    statuses = [500, 500, 418];
    const task = await create({ name: `${QUEUE}/tasks/doomed` });
    for (const attempt of [1, 2]) {
      await receiver.wait(attempt);
      await until(async () => Number((await client.getTask({ name: task.name ?? '' }))[0].responseCount) === attempt);
      cloud.clock.advance(60_000);
    }
    await gone(task.name);
    assert.equal(receiver.received.length, 3);
    const dead = cloud.store.get('SELECT name, status, response, dispatches FROM tasks_dead');
    assert.deepEqual({ ...dead }, { name: task.name, status: 418, response: 'answered 418', dispatches: 3 });
  });

  it('forgets used names after an hour, and what failed or waited after 31 days', async () => {
    await client.pauseQueue({ name: QUEUE });
    const task = (name: string) => ({ name: `${QUEUE}/tasks/${name}`, httpRequest: { url: receiver.url } });
    await client.createTask({ parent: QUEUE, task: task('used') });
    await client.deleteTask({ name: `${QUEUE}/tasks/used` });
    await client.createTask({ parent: QUEUE, task: task('waits') });
    cloud.store.run(
      "INSERT INTO tasks_dead (name, queue, request, created, died, dispatches) VALUES ('a', 'b', '{}', 0, ?, 1)",
      cloud.clock.now(),
    );
    const count = (table: string) => cloud.store.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
    cloud.clock.advance(2 * 3_600_000);
    assert.deepEqual(['tasks_tombstones', 'tasks_dead', 'tasks_tasks'].map(count), [0, 1, 1]);
    cloud.clock.advance(31 * 24 * 3_600_000);
    assert.deepEqual(['tasks_tombstones', 'tasks_dead', 'tasks_tasks'].map(count), [0, 0, 0]);
  });

  it('counts a cut connection as a failed attempt', async () => {
    await receiver.close();
    receiver = await startReceiver((_request, index, response) => {
      if (index > 0) return 200;
      response.destroy();
      return undefined;
    });
    const task = await create();
    await receiver.wait(1);
    await until(async () => (await client.getTask({ name: task.name ?? '' }))[0].lastAttempt !== null);
    const [waiting] = await client.getTask({ name: task.name ?? '' });
    assert.equal(waiting.responseCount, 0);
    cloud.clock.advance(11_000);
    await receiver.wait(2);
    await gone(task.name);
  });

  it('cuts an attempt off at its dispatch deadline', async () => {
    await receiver.close();
    receiver = await startReceiver((_request, index) => (index > 0 ? 200 : new Promise(() => {})));
    const task = await create({ dispatchDeadline: { seconds: 15 } });
    await receiver.wait(1);
    cloud.clock.advance(16_000);
    await until(async () => (await client.getTask({ name: task.name ?? '' }))[0].lastAttempt !== null);
    cloud.clock.advance(11_000);
    await receiver.wait(2);
  });

  it('refuses a name while the task exists and for an hour after it ended', async () => {
    const name = `${QUEUE}/tasks/once`;
    await client.pauseQueue({ name: QUEUE });
    await create({ name });
    await assert.rejects(create({ name }), { code: 6 });
    await client.resumeQueue({ name: QUEUE });
    await gone(name);
    cloud.clock.advance(59 * 60_000);
    await assert.rejects(create({ name }), { code: 6, message: /too recently/ });
    cloud.clock.advance(2 * 60_000);
    await create({ name });
    await receiver.wait(2);
  });

  it('keeps the name of a deleted task taken', async () => {
    const name = `${QUEUE}/tasks/deleted`;
    await client.pauseQueue({ name: QUEUE });
    await create({ name });
    await client.deleteTask({ name });
    await assert.rejects(client.getTask({ name }), { code: 5 });
    await assert.rejects(create({ name }), { code: 6 });
  });

  it('runs a task at once when asked to, even in a paused queue', async () => {
    await client.pauseQueue({ name: QUEUE });
    const task = await create({ scheduleTime: { seconds: Math.floor(cloud.clock.now() / 1000) + 3600 } });
    const [run] = await client.runTask({ name: task.name ?? '' });
    assert.equal(run.dispatchCount, 1);
    await receiver.wait(1);
    await gone(task.name);
  });

  it('lists tasks in pages and shows bodies in the full view alone', async () => {
    await client.pauseQueue({ name: QUEUE });
    for (const id of ['a', 'b', 'c'])
      await create({ name: `${QUEUE}/tasks/${id}`, httpRequest: { body: Buffer.from(id) } });
    const [first, , page] = await client.listTasks({ parent: QUEUE, pageSize: 2 }, { autoPaginate: false });
    assert.deepEqual(
      first.map((task) => task.name?.at(-1)),
      ['a', 'b'],
    );
    assert.equal(first[0]?.httpRequest?.body?.length, 0);
    assert.ok(page?.nextPageToken);
    const [all] = await client.listTasks({ parent: QUEUE, responseView: 'FULL', pageSize: 2 });
    assert.deepEqual(
      all.map((task) => String(task.httpRequest?.body)),
      ['a', 'b', 'c'],
    );
  });

  it('refuses what is not valid or not supported by name', async () => {
    const parent = QUEUE;
    const url = receiver.url;
    await assert.rejects(client.createTask({ parent: `${LOCATION}/queues/none`, task: { httpRequest: { url } } }), {
      code: 5,
    });
    await assert.rejects(client.createTask({ parent, task: { httpRequest: { url: 'ftp://x' } } }), { code: 3 });
    await assert.rejects(client.createTask({ parent, task: {} }), { code: 3 });
    await assert.rejects(create({ dispatchDeadline: { seconds: 10 } }), { code: 3, message: /dispatchDeadline/ });
    await assert.rejects(create({ httpRequest: { httpMethod: 'GET', body: Buffer.from('x') } }), { code: 3 });
    await assert.rejects(create({ httpRequest: { body: Buffer.alloc(200_000) } }), { code: 3, message: /size/ });
    await assert.rejects(create({ name: `${LOCATION}/queues/other/tasks/a` }), { code: 3 });
    await assert.rejects(client.createTask({ parent, task: { appEngineHttpRequest: { relativeUri: '/' } } }), {
      code: 12,
      message: /app_engine_http_request/,
    });
    await assert.rejects(client.getIamPolicy({ resource: QUEUE }), { code: 12, message: /GetIamPolicy/ });
  });

  it('counts an operation for each call and each attempt', async () => {
    const before = cloud.meter.get('tasks.operation') ?? 0;
    await create();
    await receiver.wait(1);
    assert.equal(cloud.meter.get('tasks.operation'), before + 2);
  });

  it('counts an operation for each 32 kB of a task, and for each task of a list', async () => {
    const counted = () => cloud.meter.get('tasks.operation') ?? 0;
    const before = counted();
    await create({ httpRequest: { body: Buffer.alloc(40_000) } });
    await receiver.wait(1);
    assert.equal(counted(), before + 4);
    await client.pauseQueue({ name: QUEUE });
    for (const _ of [1, 2, 3]) await create();
    const listed = counted();
    assert.equal((await client.listTasks({ parent: QUEUE }))[0].length, 3);
    assert.equal(counted(), listed + 3);
  });
});
