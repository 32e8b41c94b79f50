import assert from 'node:assert/strict';
import type { Message, PubSub, Subscription, Topic, v1 } from '@google-cloud/pubsub';
import { until } from '../plumbing/receiver.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { pubsubClient, pullOnce, subscriberClient } from './client.ts';
import { createPubsub } from './index.ts';

describe('Pub/Sub exactly-once delivery', () => {
  let cloud: TestCloud;
  let client: PubSub;
  let raw: v1.SubscriberClient;
  let topic: Topic;
  let once: Subscription;

  beforeEach(async () => {
    cloud = await startServices([createPubsub]);
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
    [topic] = await client.createTopic('events');
    [once] = await topic.createSubscription('once', { enableExactlyOnceDelivery: true });
  });

  afterEach(async () => {
    await once.close();
    await client.close();
    await raw.close();
    await cloud.close();
  });

  const publish = (text: string) => topic.publishMessage({ data: Buffer.from(text) });
  const acknowledge = (...ackIds: string[]) => raw.acknowledge({ subscription: once.name, ackIds });
  const pullId = async () => (await pullOnce(raw, 'once', 1))[0]?.ackId ?? '';
  const refusing = (...ids: string[]) => ({
    code: 9,
    errorInfoMetadata: Object.fromEntries(ids.map((id) => [id, 'PERMANENT_FAILURE_INVALID_ACK_ID'])),
  });

  it('confirms what is acknowledged and refuses it a second time', async () => {
    await publish('a');
    const id = await pullId();
    await acknowledge(id);
    await assert.rejects(acknowledge(id), refusing(id));
  });

  it('refuses the id of a delivery whose deadline has passed', async () => {
    await publish('a');
    const first = await pullId();
    cloud.clock.advance(10_001);
    await assert.rejects(acknowledge(first), refusing(first));
    const second = await pullId();
    await assert.rejects(acknowledge(first), refusing(first));
    await acknowledge(second);
    assert.equal(cloud.store.get('SELECT 1 FROM pubsub_messages'), undefined);
  });

  it('acknowledges the valid ids of a request of which some are refused', async () => {
    await publish('a');
    const id = await pullId();
    await assert.rejects(acknowledge(id, 'nonsense'), refusing('nonsense'));
    cloud.clock.advance(10_001);
    assert.equal(await pullId(), '');
  });

  it('refuses to extend a delivery that is over', async () => {
    await publish('a');
    const id = await pullId();
    const modify = (ackDeadlineSeconds: number) =>
      raw.modifyAckDeadline({ subscription: once.name, ackIds: [id], ackDeadlineSeconds });
    await modify(30);
    cloud.clock.advance(20_000);
    await modify(0);
    await assert.rejects(modify(30), refusing(id));
  });

  it('tells the client whether its acknowledgements have succeeded, and gives it again what was too late', async () => {
    const got: Message[] = [];
    once.on('message', (message: Message) => got.push(message));
    await publish('a');
    await publish('b');
    await until(() => got.length === 2);
    assert.equal(await got[0]?.ackWithResponse(), 'SUCCESS');
    cloud.clock.advance(600_000);
    await assert.rejects(got[1]?.ackWithResponse() ?? Promise.resolve(), { errorCode: 'INVALID' });
    await until(() => got.length === 3);
    assert.equal(await got[2]?.ackWithResponse(), 'SUCCESS');
  });

  it('confirms on a stream what is acknowledged there', async () => {
    await publish('a');
    const stream = raw.streamingPull();
    const answers: { acknowledgeConfirmation?: { ackIds: string[]; invalidAckIds: string[] } }[] = [];
    stream.on('data', (answer) => answers.push(answer));
    stream.on('error', () => {});
    stream.write({ subscription: once.name, streamAckDeadlineSeconds: 10 });
    await until(() => answers.length === 1);
    const [{ receivedMessages = [] } = {}] = answers as { receivedMessages?: { ackId: string }[] }[];
    const id = receivedMessages[0]?.ackId ?? '';
    stream.write({ ackIds: [id, 'nonsense'] });
    await until(() => answers.length === 2);
    assert.deepEqual(answers[1]?.acknowledgeConfirmation?.ackIds, [id]);
    assert.deepEqual(answers[1]?.acknowledgeConfirmation?.invalidAckIds, ['nonsense']);
    stream.cancel();
  });

  it('is switched on and off by an update, and is not for push subscriptions', async () => {
    await once.setMetadata({ enableExactlyOnceDelivery: false });
    await publish('a');
    const id = await pullId();
    await acknowledge(id);
    await acknowledge(id);
    const pushConfig = { pushEndpoint: 'http://127.0.0.1:9/' };
    await assert.rejects(topic.createSubscription('push', { enableExactlyOnceDelivery: true, pushConfig }), {
      code: 3,
      details: /pull subscriptions/,
    });
  });

  it('forgets what is past its retention without anything being published', async () => {
    await topic.createSubscription('short', { messageRetentionDuration: { seconds: 600 } });
    await once.delete();
    await publish('a');
    cloud.clock.advance(20 * 60_000);
    assert.equal(cloud.store.get('SELECT 1 FROM pubsub_messages'), undefined);
  });
});
