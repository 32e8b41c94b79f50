import assert from 'node:assert/strict';
import type { PubSub, Topic, v1 } from '@google-cloud/pubsub';
import { crash } from '../plumbing/crash.ts';
import { type Receiver, startReceiver, until } from '../plumbing/receiver.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { pubsubClient, pullOnce, subscriberClient } from './client.ts';
import { createPubsub } from './index.ts';

describe('Pub/Sub push subscriptions', () => {
  let cloud: TestCloud;
  let client: PubSub;
  let raw: v1.SubscriberClient;
  let topic: Topic;
  let receiver: Receiver;
  let statuses: number[];

  beforeEach(async () => {
    statuses = [];
    receiver = await startReceiver(() => statuses.shift() ?? 204);
    cloud = await startServices([createPubsub]);
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
    [topic] = await client.createTopic('events');
  });

  afterEach(async () => {
    await client.close();
    await raw.close();
    await cloud.close();
    await receiver.close();
  });

  const publish = (text: string, orderingKey?: string) =>
    client
      .topic('events', { messageOrdering: orderingKey !== undefined })
      .publishMessage({ data: Buffer.from(text), attributes: { a: 'b' }, ...(orderingKey ? { orderingKey } : {}) });
  const texts = () =>
    receiver.received.map(({ body }) => Buffer.from(JSON.parse(body).message.data, 'base64').toString());
  const pending = () => cloud.services[0]?.pending?.();
  const idle = () => until(() => pending() === 0);

  it('post the message with the token of the service account', async () => {
    const oidcToken = {
      serviceAccountEmail: 'push@virtuoso-local.iam.gserviceaccount.com',
      audience: 'https://fn.example',
    };
    const [subscription] = await topic.createSubscription('pusher', {
      pushConfig: { pushEndpoint: `${receiver.url}/hook?a=1`, oidcToken },
    });
    const id = await publish('hello');
    const [request] = await receiver.wait(1);
    assert.equal(request?.path, '/hook?a=1');
    assert.equal(
      request.headers.authorization,
      'Bearer token-for:https://fn.example:push@virtuoso-local.iam.gserviceaccount.com',
    );
    assert.equal(request.headers['content-type'], 'application/json');
    const body = JSON.parse(request.body);
    assert.match(body.message.publishTime, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual(body, {
      message: {
        data: Buffer.from('hello').toString('base64'),
        attributes: { a: 'b' },
        messageId: id,
        message_id: id,
        publishTime: body.message.publishTime,
        publish_time: body.message.publishTime,
      },
      subscription: subscription.name,
    });
    await idle();
    await assert.rejects(pullOnce(raw, 'pusher'), { code: 9 });
  });

  it('post again what was not acknowledged by its status', async () => {
    statuses = [500, 302, 404];
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url });
    await publish('x');
    await receiver.wait(4);
    await idle();
    assert.equal(receiver.received.length, 4);
  });

  it('wait for the backoff of the retry policy', async () => {
    statuses = [500];
    const retryPolicy = { minimumBackoff: { seconds: 20 } };
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url, retryPolicy });
    await publish('x');
    await receiver.wait(1);
    await until(() => cloud.store.get('SELECT 1 FROM pubsub_deliveries WHERE attempts = 1') !== undefined);
    cloud.clock.advance(19_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(receiver.received.length, 1);
    assert.equal(pending(), 1);
    cloud.clock.advance(1_000);
    await receiver.wait(2);
    await idle();
  });

  it('give the number of the attempt and forward to the dead letter topic', async () => {
    statuses = [500, 500, 500, 500, 500];
    const [dead] = await client.createTopic('dead');
    await dead.createSubscription('morgue');
    const deadLetterPolicy = { deadLetterTopic: dead.name, maxDeliveryAttempts: 5 };
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url, deadLetterPolicy });
    await publish('x');
    await receiver.wait(5);
    await idle();
    assert.deepEqual(
      receiver.received.map(({ body }) => JSON.parse(body).deliveryAttempt),
      [1, 2, 3, 4, 5],
    );
    assert.equal((await pullOnce(raw, 'morgue')).length, 1);
  });

  it('post messages of an ordering key one after the other, also when one fails', async () => {
    statuses = [500, 200, 503];
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url, enableMessageOrdering: true });
    for (const text of ['1', '2', '3']) await publish(text, 'key');
    await receiver.wait(5);
    await idle();
    assert.deepEqual(texts(), ['1', '1', '2', '2', '3']);
  });

  it('have a bounded number of requests under way', async () => {
    let open = 0;
    let most = 0;
    await receiver.close();
    receiver = await startReceiver(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      return 200;
    });
    await client.topic('events').publishMessage({ data: Buffer.from('before') });
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url });
    await Promise.all(Array.from({ length: 600 }, (_, index) => publish(`m${index}`)));
    await receiver.wait(600);
    await idle();
    assert.equal(receiver.received.length, 600);
    assert.ok(most > 5 && most <= 100, `${most} at once`);
  });

  it('cut a request off at the acknowledgement deadline and post again', async () => {
    await receiver.close();
    receiver = await startReceiver((_request, index) => (index > 0 ? 200 : new Promise(() => {})));
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url, ackDeadlineSeconds: 10 });
    await publish('x');
    await receiver.wait(1);
    cloud.clock.advance(10_000);
    await until(() => cloud.store.get('SELECT 1 FROM pubsub_deliveries WHERE attempts = 1') !== undefined);
    await receiver.wait(2);
    await idle();
  });

  it('become pull subscriptions and back', async () => {
    statuses = [500];
    const [subscription] = await topic.createSubscription('pusher', {
      pushEndpoint: receiver.url,
      retryPolicy: { minimumBackoff: { seconds: 60 } },
    });
    await publish('x');
    await receiver.wait(1);
    await until(() => cloud.store.get('SELECT 1 FROM pubsub_deliveries WHERE attempts = 1') !== undefined);
    await subscription.modifyPushConfig({});
    cloud.clock.advance(61_000);
    assert.equal((await pullOnce(raw, 'pusher')).length, 1);
    await subscription.modifyPushConfig({ pushEndpoint: receiver.url });
    cloud.clock.advance(11_000);
    await until(() => cloud.store.get('SELECT 1 FROM pubsub_deliveries WHERE attempts = 2') !== undefined);
    cloud.clock.advance(121_000);
    await receiver.wait(2);
    await idle();
  });

  it('post again after a crash what was under way', async () => {
    await receiver.close();
    receiver = await startReceiver((_request, index) => (index > 0 ? 200 : new Promise(() => {})));
    await topic.createSubscription('pusher', { pushEndpoint: receiver.url });
    await publish('x');
    await receiver.wait(1);
    await client.close();
    await raw.close();
    const folder = await crash(cloud);
    cloud = await startServices([createPubsub], { folder });
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
    await receiver.wait(2);
    await idle();
    assert.deepEqual(texts(), ['x', 'x']);
  });

  it('count their attempts on after a crash', async () => {
    statuses = [500, 500, 500, 500, 500];
    const [dead] = await client.createTopic('dead');
    await dead.createSubscription('morgue');
    await topic.createSubscription('pusher', {
      pushEndpoint: receiver.url,
      deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 5 },
      retryPolicy: { minimumBackoff: { seconds: 600 }, maximumBackoff: { seconds: 600 } },
    });
    await publish('x');
    for (const count of [1, 2]) {
      await until(() => cloud.store.get('SELECT 1 FROM pubsub_deliveries WHERE attempts = ?', count) !== undefined);
      if (count === 1) cloud.clock.advance(600_000);
    }
    await client.close();
    await raw.close();
    const folder = await crash(cloud);
    cloud = await startServices([createPubsub], { folder });
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
    for (const count of [3, 4]) {
      await until(() => cloud.store.get('SELECT 1 FROM pubsub_deliveries WHERE attempts = ?', count) !== undefined);
      cloud.clock.advance(600_000);
    }
    await until(async () => (await pullOnce(raw, 'morgue')).length === 1);
    assert.deepEqual(
      receiver.received.map(({ body }) => JSON.parse(body).deliveryAttempt),
      [1, 2, 3, 4, 5],
    );
  });
});
