import assert from 'node:assert/strict';
import type { Message, PubSub, Subscription, Topic, v1 } from '@google-cloud/pubsub';
import { crash } from '../plumbing/crash.ts';
import { until } from '../plumbing/receiver.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { pubsubClient, pullOnce, subscriberClient } from './client.ts';
import { createPubsub } from './index.ts';

describe('Pub/Sub pull subscriptions', () => {
  let cloud: TestCloud;
  let client: PubSub;
  let raw: v1.SubscriberClient;
  let topic: Topic;

  beforeEach(async () => {
    cloud = await startServices([createPubsub]);
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
    [topic] = await client.createTopic('events');
  });

  afterEach(async () => {
    await client.close();
    await raw.close();
    await cloud.close();
  });

  const publish = (text: string, attributes: Record<string, string> = {}) =>
    topic.publishMessage({ data: Buffer.from(text), attributes });
  const publishAll = async (...texts: string[]) => {
    for (const text of texts) await publish(text);
  };
  const texts = (messages: Awaited<ReturnType<typeof pullOnce>>) =>
    messages.map(({ message }) => String(message?.data));
  const acknowledge = async (
    subscription: Subscription,
    messages: Awaited<ReturnType<typeof pullOnce>>,
    seconds?: number,
  ) => {
    const request = { subscription: subscription.name, ackIds: messages.map(({ ackId }) => ackId ?? '') };
    if (seconds === undefined) await raw.acknowledge(request);
    else await raw.modifyAckDeadline({ ...request, ackDeadlineSeconds: seconds });
  };

  it('stream every message once to a client that acknowledges', async () => {
    const [subscription] = await topic.createSubscription('reader');
    const got: Message[] = [];
    subscription.on('message', (message: Message) => {
      got.push(message);
      message.ack();
    });
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) => publish(`m${index}`, { index: String(index) })),
    );
    assert.equal(new Set(ids).size, 200);
    await until(() => got.length >= 200);
    assert.deepEqual(new Set(got.map(({ id }) => id)), new Set(ids));
    assert.equal(got[0]?.attributes.index, got[0]?.data.toString().slice(1));
    assert.ok(Math.abs((got[0]?.publishTime.getTime() ?? 0) - cloud.clock.now()) < 60_000);
    await until(() => cloud.store.get('SELECT 1 FROM pubsub_messages') === undefined);
    await subscription.close();
    assert.equal(got.length, 200);
  });

  it('stream no more than the client lets be outstanding', async () => {
    const [subscription] = await topic.createSubscription('reader');
    await Promise.all(Array.from({ length: 20 }, (_, index) => publish(`m${index}`)));
    const limited = client.subscription('reader', {
      flowControl: { maxMessages: 3 },
      streamingOptions: { maxStreams: 1 },
    });
    const got: Message[] = [];
    limited.on('message', (message: Message) => got.push(message));
    await until(() => got.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(got.length, 3);
    got[0]?.ack();
    await until(() => got.length === 4);
    for (const message of got) message.ack();
    await limited.close();
    await subscription.close();
  });

  it('deliver again what is not acknowledged before the deadline', async () => {
    const [subscription] = await topic.createSubscription('reader', { ackDeadlineSeconds: 10 });
    await publish('x');
    const [first] = await pullOnce(raw, 'reader');
    assert.equal((await pullOnce(raw, 'reader')).length, 0);
    cloud.clock.advance(11_000);
    const again = await pullOnce(raw, 'reader');
    assert.equal(again[0]?.message?.messageId, first?.message?.messageId);
    assert.notEqual(again[0]?.ackId, first?.ackId);
    await acknowledge(subscription, again, 60);
    cloud.clock.advance(30_000);
    assert.equal((await pullOnce(raw, 'reader')).length, 0);
    await acknowledge(subscription, again);
    cloud.clock.advance(60_000);
    assert.equal((await pullOnce(raw, 'reader')).length, 0);
  });

  it('deliver again at once what is given up, and after the backoff with a retry policy', async () => {
    const [plain] = await topic.createSubscription('plain');
    const retryPolicy = { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 15 } };
    const [patient] = await topic.createSubscription('patient', { retryPolicy });
    await publish('x');
    await acknowledge(plain, await pullOnce(raw, 'plain'), 0);
    assert.equal((await pullOnce(raw, 'plain')).length, 1);
    for (const wait of [10_000, 15_000]) {
      await acknowledge(patient, await pullOnce(raw, 'patient'), 0);
      cloud.clock.advance(wait - 1_000);
      assert.equal((await pullOnce(raw, 'patient')).length, 0);
      cloud.clock.advance(1_000);
    }
    assert.equal((await pullOnce(raw, 'patient')).length, 1);
  });

  it('forward to the dead letter topic after the last attempt', async () => {
    const [dead] = await client.createTopic('dead');
    await dead.createSubscription('morgue');
    const deadLetterPolicy = { deadLetterTopic: dead.name, maxDeliveryAttempts: 5 };
    const [subscription] = await topic.createSubscription('reader', { deadLetterPolicy });
    await publish('bad', { kind: 'k' });
    for (let attempt = 1; attempt <= 5; attempt++) {
      const messages = await pullOnce(raw, 'reader');
      assert.equal(messages[0]?.deliveryAttempt, attempt);
      await acknowledge(subscription, messages, 0);
    }
    assert.equal((await pullOnce(raw, 'reader')).length, 0);
    const [buried] = await pullOnce(raw, 'morgue');
    assert.equal(String(buried?.message?.data), 'bad');
    const { CloudPubSubDeadLetterSourceTopicPublishTime: time, ...attributes } = buried?.message?.attributes ?? {};
    assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(attributes, {
      kind: 'k',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'reader',
      CloudPubSubDeadLetterSourceSubscriptionProject: 'virtuoso-local',
    });
  });

  it('deliver only what passes the filter', async () => {
    await topic.createSubscription('runs', { filter: 'hasPrefix(attributes.type, "run.") AND NOT attributes:test' });
    await publish('a', { type: 'run.started' });
    await publish('b', { type: 'session.started' });
    await publish('c', { type: 'run.ended', test: '1' });
    assert.deepEqual(texts(await pullOnce(raw, 'runs')), ['a']);
  });

  it('hold messages of an ordering key back until the ones before are acknowledged', async () => {
    const ordered = client.topic('events', { messageOrdering: true });
    const [subscription] = await topic.createSubscription('reader', { enableMessageOrdering: true });
    for (const text of ['a1', 'a2', 'b1'])
      await ordered.publishMessage({ data: Buffer.from(text), orderingKey: text.charAt(0) });
    const first = await pullOnce(raw, 'reader');
    assert.deepEqual(
      texts(first).filter((text) => text.startsWith('a')),
      ['a1', 'a2'],
    );
    await ordered.publishMessage({ data: Buffer.from('a3'), orderingKey: 'a' });
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), []);
    await acknowledge(
      subscription,
      first.filter(({ message }) => String(message?.data) === 'a1'),
      0,
    );
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), ['a1', 'a2', 'a3']);
  });

  it('still have what is not acknowledged after a crash, and only that', async () => {
    const [subscription] = await topic.createSubscription('reader');
    await publishAll('a', 'b', 'c');
    const pulled = await pullOnce(raw, 'reader', 2);
    await acknowledge(subscription, pulled.slice(0, 1));
    await client.close();
    await raw.close();
    const folder = await crash(cloud);
    cloud = await startServices([createPubsub], { folder });
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
    topic = client.topic('events');
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), ['b', 'c']);
    await acknowledge(client.subscription('reader'), pulled.slice(1));
    await publish('d');
    cloud.clock.advance(11_000);
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), ['c', 'd']);
  });

  it('let a pull wait for a message, but not for ever', async () => {
    const [subscription] = await topic.createSubscription('reader');
    const waiting = raw.pull({ subscription: subscription.name, maxMessages: 10 });
    await publish('now');
    assert.deepEqual(texts((await waiting)[0].receivedMessages ?? []), ['now']);
    let over = false;
    const empty = raw.pull({ subscription: subscription.name, maxMessages: 10 }).finally(() => {
      over = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(over, false);
    cloud.clock.advance(5_000);
    assert.deepEqual((await empty)[0].receivedMessages, []);
  });

  it('refuse ack ids that are not theirs', async () => {
    const [subscription] = await topic.createSubscription('reader');
    await topic.createSubscription('other');
    await publish('x');
    const messages = await pullOnce(raw, 'other');
    await assert.rejects(acknowledge(subscription, messages), { code: 3, details: /invalid ack ID/ });
    await assert.rejects(acknowledge(subscription, [{ ackId: 'nonsense' }]), { code: 3 });
  });

  it('forget what is older than their retention', async () => {
    await topic.createSubscription('reader', { messageRetentionDuration: { seconds: 600 } });
    await publish('old');
    cloud.clock.advance(601_000);
    await publish('new');
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), ['new']);
  });

  it('go back to a time when acknowledged messages are retained, and forward', async () => {
    const [subscription] = await topic.createSubscription('reader', { retainAckedMessages: true });
    await publish('a');
    cloud.clock.advance(60_000);
    const between = new Date(cloud.clock.now() - 30_000);
    await publish('b');
    await acknowledge(subscription, await pullOnce(raw, 'reader'));
    await subscription.seek(between);
    const again = await pullOnce(raw, 'reader');
    assert.deepEqual(texts(again), ['b']);
    await subscription.seek(new Date(cloud.clock.now() + 1_000));
    cloud.clock.advance(11_000);
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), []);
  });

  it('go back to what their topic retains', async () => {
    await topic.setMetadata({ messageRetentionDuration: { seconds: 3600 } });
    const before = new Date(cloud.clock.now() - 1_000);
    await publish('earlier');
    const [subscription] = await topic.createSubscription('late');
    assert.deepEqual(texts(await pullOnce(raw, 'late')), []);
    await subscription.seek(before);
    assert.deepEqual(texts(await pullOnce(raw, 'late')), ['earlier']);
  });

  it('go back to a snapshot', async () => {
    const [subscription] = await topic.createSubscription('reader');
    await publish('before');
    const [snapshot] = await subscription.createSnapshot('safe-point');
    await publish('after');
    await acknowledge(subscription, await pullOnce(raw, 'reader'));
    await subscription.seek(snapshot.name);
    assert.deepEqual(texts(await pullOnce(raw, 'reader')), ['before', 'after']);
    await snapshot.delete();
    await assert.rejects(subscription.seek(snapshot.name), { code: 5 });
  });

  it('end their streams when they are deleted', async () => {
    const [subscription] = await topic.createSubscription('reader');
    const failed = new Promise<{ code: number }>((resolve) => subscription.on('error', resolve));
    subscription.on('message', () => {});
    await publish('x');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.subscription('reader').delete();
    assert.equal((await failed).code, 5);
  });

  it('are deleted when they were idle for longer than their expiration policy allows', async () => {
    await topic.createSubscription('idle', { expirationPolicy: { ttl: { seconds: 86_400 } } });
    await topic.createSubscription('kept', { expirationPolicy: {} });
    const [busy] = await topic.createSubscription('busy', { expirationPolicy: { ttl: { seconds: 86_400 } } });
    cloud.clock.advance(80_000_000);
    await pullOnce(raw, 'busy');
    cloud.clock.advance(80_000_000);
    await publish('x');
    const [subscriptions] = await client.getSubscriptions();
    assert.deepEqual(
      subscriptions.map(({ name }) => name),
      [busy.name, client.subscription('kept').name],
    );
  });

  it('count kilobytes published and delivered', async () => {
    await topic.createSubscription('reader');
    await publish('x'.repeat(1500));
    await pullOnce(raw, 'reader');
    assert.equal(cloud.meter.get('pubsub.publish_kb'), 2);
    assert.equal(cloud.meter.get('pubsub.deliver_kb'), 2);
  });
});
