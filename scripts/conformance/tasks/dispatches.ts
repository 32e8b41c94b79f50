import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { at, type Clients, ms } from './clients.ts';

const EMAIL = 'worker@virtuoso-local.iam.gserviceaccount.com';

/** How tasks arrive at a server on this machine. */
export function dispatches(clients: Clients, world: World): readonly Behaviour[] {
  const { tasks, queue, pausedQueue, create, receiver, gone, attempted } = clients;
  const { method, all } = collector();
  if (world.endpoint === undefined) return all;
  const sent = async (httpRequest: object = {}, task: object = {}) => {
    const to = await receiver();
    const made = await create(await queue(), { ...task, httpRequest: { url: `${to.url}/work?a=1`, ...httpRequest } });
    const [got] = await to.wait(1);
    assert.ok(got);
    return { got, made };
  };
  const slow = { retryConfig: { minBackoff: { seconds: 60 }, maxBackoff: { seconds: 600 } } };
  method('dispatch', {
    'posts to the URL of the task, with its query': async () => {
      const { got } = await sent();
      assert.deepEqual([got.method, got.path], ['POST', '/work?a=1']);
    },
    'sends the body and headers of the task': async () => {
      const { got } = await sent({
        body: Buffer.from('{"a":1}'),
        headers: { 'Content-Type': 'application/json', 'X-Own': 'b' },
      });
      assert.deepEqual(
        [got.body, got.headers['content-type'], got.headers['x-own']],
        ['{"a":1}', 'application/json', 'b'],
      );
    },
    'sends with the method of the task': async () => {
      assert.equal((await sent({ httpMethod: 'DELETE' })).got.method, 'DELETE');
    },
    'says which task of which queue it is': async () => {
      const { got, made } = await sent();
      const [, , , , , queueId, , taskId] = made.name.split('/');
      assert.equal(got.headers['x-cloudtasks-queuename'], queueId);
      assert.equal(got.headers['x-cloudtasks-taskname'], taskId);
    },
    'counts no retries and no executions at first': async () => {
      const { headers } = (await sent()).got;
      assert.deepEqual(
        [headers['x-cloudtasks-taskretrycount'], headers['x-cloudtasks-taskexecutioncount']],
        ['0', '0'],
      );
      assert.equal(headers['x-cloudtasks-taskpreviousresponse'], undefined);
    },
    'tells the schedule time in seconds': async () => {
      const { got, made } = await sent();
      assert.ok(Math.abs(Number(got.headers['x-cloudtasks-tasketa']) * 1000 - ms(made.scheduleTime)) < 1);
    },
    'calls itself Google-Cloud-Tasks, whatever the task says': async () => {
      assert.equal((await sent({ headers: { 'User-Agent': 'me' } })).got.headers['user-agent'], 'Google-Cloud-Tasks');
    },
    'lets no task set headers that are its own': async () => {
      const { headers } = (await sent({ headers: { 'X-CloudTasks-TaskRetryCount': '7' } })).got;
      assert.equal(headers['x-cloudtasks-taskretrycount'], '0');
    },
    'sends no token unless asked': async () => {
      assert.equal((await sent()).got.headers.authorization, undefined);
    },
    'sends a token of the service account for the audience': async () => {
      const { got } = await sent({ oidcToken: { serviceAccountEmail: EMAIL, audience: 'https://aud.example' } });
      assert.match(got.headers.authorization ?? '', /^Bearer \S+/);
      const [, payload = ''] = (got.headers.authorization ?? '').split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as Record<string, unknown>;
      assert.deepEqual([claims.aud, claims.email], ['https://aud.example', EMAIL]);
    },
    'removes a task that was answered with 2xx': async () => {
      const to = await receiver(() => 204);
      const { name } = await create(await queue(), { httpRequest: { url: to.url } });
      await gone(name);
      assert.equal(to.received.length, 1);
    },
    'keeps the name of a task that is done for a while': async () => {
      const [to, parent] = [await receiver(), await queue()];
      const name = `${parent}/tasks/done`;
      await create(parent, { name, httpRequest: { url: to.url } });
      await gone(name);
      await fails(create(parent, { name }), 'ALREADY_EXISTS', /too recently/);
    },
    'records an attempt that failed': async () => {
      const to = await receiver(() => 503);
      const { name } = await create(await queue(slow), { httpRequest: { url: to.url } });
      const task = await attempted(name, 1);
      assert.deepEqual([task.dispatchCount, task.responseCount], [1, 1]);
      assert.equal(task.lastAttempt?.responseStatus?.code, 14);
      assert.match(task.lastAttempt?.responseStatus?.message ?? '', /503/);
      assert.ok(ms(task.firstAttempt?.dispatchTime) > 0);
    },
    'counts an attempt without an answer as a dispatch, not as a response': async () => {
      const to = await receiver((_request, _index, response) => void response.destroy());
      const { name } = await create(await queue(slow), { httpRequest: { url: to.url } });
      const task = await attempted(name, 1);
      assert.deepEqual([task.dispatchCount, task.responseCount], [1, 0]);
    },
    'moves the schedule time of a failed task by its backoff': async () => {
      const to = await receiver(() => 500);
      const { name } = await create(await queue(slow), { httpRequest: { url: to.url } });
      const task = await attempted(name, 1);
      const wait = ms(task.scheduleTime) - ms(task.lastAttempt?.dispatchTime);
      assert.ok(wait >= 60_000 && wait < 70_000, `${wait} ms`);
    },
    'waits as long as Retry-After asks': async () => {
      const to = await receiver(
        (_request, _index, response) => void response.writeHead(503, { 'retry-after': '300' }).end(),
      );
      const { name } = await create(await queue(slow), { httpRequest: { url: to.url } });
      const task = await attempted(name, 1);
      assert.ok(ms(task.scheduleTime) - ms(task.lastAttempt?.dispatchTime) >= 300_000);
    },
    'tries again by the backoff until it succeeds': async () => {
      const to = await receiver((_request, index) => (index < 2 ? 500 : 200));
      const retryConfig = { minBackoff: { nanos: 1_000_000 }, maxBackoff: { nanos: 2_000_000 } };
      const { name } = await create(await queue({ retryConfig }), { httpRequest: { url: to.url } });
      await gone(name);
      const counts = to.received.map(({ headers }) => headers['x-cloudtasks-taskretrycount']);
      assert.deepEqual(counts, ['0', '1', '2']);
      assert.equal(to.received[2]?.headers['x-cloudtasks-taskpreviousresponse'], '500');
    },
    'gives up when the attempts are spent': async () => {
      const to = await receiver(() => 500);
      const retryConfig = { maxAttempts: 3, minBackoff: { nanos: 1_000_000 }, maxBackoff: { nanos: 2_000_000 } };
      const { name } = await create(await queue({ retryConfig }), { httpRequest: { url: to.url } });
      await gone(name);
      assert.equal(to.received.length, 3);
    },
    'sends nothing of a paused queue until it is resumed': async () => {
      const [to, parent] = [await receiver(), await pausedQueue()];
      const { name } = await create(parent, { httpRequest: { url: to.url } });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(to.received.length, 0);
      await tasks.resumeQueue({ name: parent });
      await gone(name);
      assert.equal(to.received.length, 1);
    },
    'sends nothing before its schedule time': async () => {
      const to = await receiver();
      const scheduleTime = at((world.clock?.now() ?? Date.now()) + 3_600_000);
      await create(await queue(), { scheduleTime, httpRequest: { url: to.url } });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(to.received.length, 0);
    },
  });
  method('RunTask', {
    'sends a task now, although its time is far away': async () => {
      const to = await receiver();
      const scheduleTime = at((world.clock?.now() ?? Date.now()) + 3_600_000);
      const { name } = await create(await queue(), { scheduleTime, httpRequest: { url: to.url } });
      await tasks.runTask({ name });
      await gone(name);
      assert.equal(to.received.length, 1);
    },
    'sends a task although its queue is paused': async () => {
      const to = await receiver();
      const { name } = await create(await pausedQueue(), { httpRequest: { url: to.url } });
      assert.equal((await tasks.runTask({ name }))[0].name, name);
      await gone(name);
    },
    'leaves a task that failed to be tried again': async () => {
      const to = await receiver(() => 500);
      const { name } = await create(await pausedQueue(slow), { httpRequest: { url: to.url } });
      await tasks.runTask({ name });
      assert.equal((await attempted(name, 1)).responseCount, 1);
    },
    'answers in the view that is asked for': async () => {
      const to = await receiver();
      const { name } = await create(await pausedQueue(), { httpRequest: { url: to.url, body: Buffer.from('b') } });
      const [task] = await tasks.runTask({ name, responseView: 'FULL' });
      assert.equal(String(task.httpRequest?.body), 'b');
    },
    'fails for a task that is not there': async () => {
      await fails(tasks.runTask({ name: `${await pausedQueue()}/tasks/none` }), 'NOT_FOUND');
    },
  });
  return all;
}
