import assert from 'node:assert/strict';
import { PubSub } from '@google-cloud/pubsub';
import { type Receiver, startReceiver } from '../plumbing/receiver.ts';
import type { Change } from '../plumbing/service.ts';
import { tasksClient } from '../tasks/client.ts';
import type { Controls } from './control.ts';
import { startFixtures } from './fixtures/cloud.ts';
import { fixtures } from './fixtures/functions.ts';

const TIME = '2030-01-02T03:04:05.678Z';
const document: Change = {
  kind: 'document',
  type: 'created',
  path: 'things/thing_1',
  database: '(default)',
  data: Buffer.from([10, 2, 8, 1]),
  time: TIME,
};
const object: Change = {
  kind: 'object',
  type: 'finalized',
  bucket: 'files',
  name: 'a folder/ä.txt',
  resource: { bucket: 'files', name: 'a folder/ä.txt', size: '3' },
  time: TIME,
};

describe('the host', () => {
  let receiver: Receiver;
  let cloud: Awaited<ReturnType<typeof startFixtures>>;
  const told = (index = -1) => JSON.parse(receiver.received.at(index)?.body ?? 'null');

  before(async () => {
    receiver = await startReceiver((request) =>
      request.path === '/web' && request.body.includes('teapot') ? 418 : 200,
    );
    cloud = await startFixtures(receiver.url);
  });
  beforeEach(() => receiver.received.splice(0));
  after(async () => {
    await cloud.close();
    await receiver.close();
  });

  it('reaches a function by name, without the prefix', async () => {
    const answer = await fetch(`${cloud.origin}/functions/web/some/path?a=1`, { method: 'POST', body: 'hello' });
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { url: '/some/path?a=1', pid: told().pid, body: 'hello' });
    assert.equal(told().headers['x-forwarded-proto'], 'http');
  });

  it('reaches functions by the paths of their routes, the most literal first', async () => {
    for (const [path, name] of [
      ['/v1/things/7?x=y', 'web'],
      ['/v1/things', 'web'],
      ['/v1/things/special', 'other'],
    ]) {
      await (await fetch(`${cloud.origin}${path}`)).json();
      assert.equal(receiver.received.at(-1)?.path, `/${name}`);
      assert.equal(told().url, path);
    }
  });

  it('hands on status and stream as they come', async () => {
    assert.equal((await fetch(`${cloud.origin}/functions/web/teapot`)).status, 418);
    const stream = await fetch(`${cloud.origin}/functions/web/stream`);
    const chunks: string[] = [];
    for await (const chunk of stream.body ?? []) chunks.push(Buffer.from(chunk).toString());
    assert.deepEqual(chunks, ['one\n', 'two\n']);
  });

  it("hands what is nobody's to the function that has it behind the load balancer", async () => {
    const health = 'health';
    const own = await startFixtures(receiver.url, { functions: [fixtures.web, { ...fixtures.web, name: health }] });
    try {
      for (const path of ['/nowhere?x=1', '/v1/things/', '/v1/v1/things']) {
        const answer = await fetch(`${own.origin}${path}`);
        assert.deepEqual([answer.status, ((await answer.json()) as { url: string }).url], [200, path]);
        assert.equal(receiver.received.at(-1)?.path, `/${health}`);
      }
    } finally {
      await own.close();
    }
  });

  it("answers what is nobody's with a problem document", async () => {
    for (const path of ['/nowhere', '/functions/nobody', '/_local/nothing']) {
      const answer = await fetch(`${cloud.origin}${path}`);
      assert.equal(answer.status, 404);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      await answer.text();
    }
  });

  it('tells functions what Cloud Run tells them, and where the services are', async () => {
    const environment = (await (await fetch(`${cloud.origin}/functions/web/environment`)).json()) as Record<
      string,
      string
    >;
    assert.equal(environment.K_SERVICE, 'web');
    assert.equal(environment.K_REVISION, 'web-local');
    assert.equal(environment.K_CONFIGURATION, 'web');
    assert.equal(environment.FUNCTION_TARGET, 'web');
    assert.equal(environment.FUNCTION_SIGNATURE_TYPE, 'http');
    assert.match(environment.PORT ?? '', /^[1-9]\d+$/);
    assert.equal(environment.NODE_OPTIONS, '--max-old-space-size=256', 'half of its 512Mi, as in a container');
    assert.equal(environment.FUNCTIONS_URL, `${cloud.origin}/functions`);
    const own = new URL(cloud.servicesFor('web')).host;
    assert.notEqual(own, `127.0.0.1:${cloud.port}`);
    assert.equal(environment.PUBSUB_EMULATOR_HOST, own);
    assert.equal(environment.BIGQUERY_DATA_TRANSFER_EMULATOR_HOST, own);
    assert.equal(environment.NODE_CHANNEL_FD, undefined);
  });

  it("dispatches tasks of Google's client to a function", async () => {
    const client = tasksClient(cloud.port);
    await client.createTask({
      parent: 'projects/virtuoso-local/locations/us-central1/queues/work',
      task: {
        httpRequest: {
          url: `${cloud.origin}/functions/worker`,
          httpMethod: 'POST',
          headers: { 'content-type': 'application/json' },
          body: Buffer.from('{"n":1}').toString('base64'),
          oidcToken: { serviceAccountEmail: 'virtuoso-invoker@virtuoso-local.iam.gserviceaccount.com' },
        },
      },
    });
    await cloud.settle();
    await client.close();
    assert.equal(told().body, '{"n":1}');
    assert.equal(told().headers['x-cloudtasks-queuename'], 'work');
    assert.match(told().headers.authorization, /^Bearer ey/);
  });

  it('brings published messages of the wanted types to a function, as Eventarc does', async () => {
    process.env.PUBSUB_EMULATOR_HOST = `127.0.0.1:${cloud.port}`;
    const pubsub = new PubSub({ projectId: 'virtuoso-local' });
    delete process.env.PUBSUB_EMULATOR_HOST;
    const topic = pubsub.topic('events');
    await topic.publishMessage({ json: { n: 1 }, attributes: { type: 'thing.ignored' } });
    const id = await topic.publishMessage({ json: { n: 2 }, attributes: { type: 'thing.lost' } });
    await cloud.settle();
    await pubsub.close();
    assert.equal(receiver.received.length, 1);
    const { event, data } = told();
    assert.equal(event.type, 'google.cloud.pubsub.topic.v1.messagePublished');
    assert.equal(event.source, '//pubsub.googleapis.com/projects/virtuoso-local/topics/events');
    assert.equal(event.id, id);
    assert.equal(Buffer.from(data.message.data, 'base64').toString(), '{"n":2}');
    assert.deepEqual(data.message.attributes, { type: 'thing.lost' });
    assert.equal(data.subscription, 'projects/virtuoso-local/subscriptions/eventarc-listener');
  });

  it('tells of changed documents of the collection itself, as Eventarc does', async () => {
    cloud.emit({ ...document, path: 'things/thing_1/parts/part_1' });
    cloud.emit({ ...document, path: 'others/thing_1' });
    cloud.emit(document);
    await cloud.settle();
    assert.equal(receiver.received.length, 1);
    const { event, data } = told();
    const { id, traceparent, ...attributes } = event;
    assert.match(traceparent, /^00-/);
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(attributes, {
      specversion: '1.0',
      type: 'google.cloud.firestore.document.v1.written',
      source: '//firestore.googleapis.com/projects/virtuoso-local/databases/(default)',
      subject: 'documents/things/thing_1',
      time: TIME,
      dataschema:
        'https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto',
      database: '(default)',
      document: 'things/thing_1',
      project: 'virtuoso-local',
      namespace: '(default)',
      location: 'us-central1',
    });
    assert.equal(data.base64, Buffer.from(document.data).toString('base64'));
  });

  it('tells of objects, as Eventarc does', async () => {
    cloud.emit({ ...object, type: 'deleted' });
    cloud.emit(object);
    await cloud.settle();
    assert.equal(receiver.received.length, 1);
    const { event, data } = told();
    assert.equal(event.type, 'google.cloud.storage.object.v1.finalized');
    assert.equal(event.source, '//storage.googleapis.com/projects/_/buckets/files');
    assert.equal(decodeURIComponent(event.subject), 'objects/a folder/ä.txt');
    assert.deepEqual(data, object.resource);
  });

  it('runs schedules when their time comes, and when told to', async () => {
    const due = new Date(Math.ceil((cloud.clock.now() + 1) / 3_600_000) * 3_600_000);
    cloud.clock.advance(due.getTime() - cloud.clock.now());
    await cloud.settle();
    assert.equal(receiver.received.length, 1);
    assert.equal(told().body, '{}');
    assert.equal(told().headers['x-cloudscheduler-jobname'], 'hourly');
    assert.equal(told().headers['x-cloudscheduler-scheduletime'], due.toISOString());
    assert.match(told().headers.authorization, /^Bearer ey/);
    assert.equal(await cloud.runSchedule('hourly'), 200);
    assert.equal(receiver.received.length, 2);
    await assert.rejects(async () => cloud.runSchedule('daily'), /no schedule 'daily'/);
  });

  it('says what is still pending when it does not settle', async () => {
    cloud.emit({ ...object, name: 'refused' });
    await assert.rejects(cloud.settle({ timeoutMs: 0 }), /not settled within 0 ms; still pending: .*events: 1/);
    await cloud.settle();
  });

  it('makes an API key and counts what is billable, each function by itself', () => {
    assert.match(cloud.apiKey, /^vrt_[0-9A-Za-z]{40}$/);
    assert.ok((cloud.meter.get('run.request/web') ?? 0) > 0);
    const ms = cloud.meter.get('run.vcpu_ms/web') ?? 0;
    assert.ok(ms > 0 && ms % 100 === 0, String(ms));
    assert.equal(cloud.meter.get('run.mib_ms/web'), ms * 512);
  });

  it('refuses to advance its time by what is no number of milliseconds that a clock could show', async () => {
    for (const ms of [-1, 0.5, 1e18, '5', null]) {
      const body = JSON.stringify({ ms });
      const answer = await fetch(`${cloud.origin}/_local/clock/advance`, { method: 'POST', body });
      assert.equal(answer.status, 400);
      assert.match(((await answer.json()) as { detail: string }).detail, /whole number of milliseconds/);
    }
  });

  it('is controlled over HTTP', async () => {
    const post = async (path: string, body: object) =>
      (await fetch(`${cloud.origin}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
    assert.deepEqual(await post('schedules/hourly:run', {}), { status: 200 });
    const before = cloud.clock.now();
    await post('clock/advance', { ms: 5000 });
    assert.ok(cloud.clock.now() - before >= 5000);
    const status = (await post('settle', { timeoutMs: 5000 })) as Pick<
      ReturnType<Controls['status']>,
      'instances' | 'coldStarts' | 'usd' | 'meter'
    >;
    assert.ok(status.instances.length > 0 && status.coldStarts > 0);
    assert.ok(status.usd > 0 && status.meter['run.request/hourly'] === cloud.meter.get('run.request/hourly'));
  });
});
