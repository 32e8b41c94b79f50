import assert from 'node:assert/strict';
import type { PubSub, v1 } from '@google-cloud/pubsub';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { pubsubClient, pullOnce, subscriberClient } from './client.ts';
import { createPubsub } from './index.ts';

describe('Pub/Sub topics and subscriptions', () => {
  let cloud: TestCloud;
  let client: PubSub;
  let raw: v1.SubscriberClient;

  beforeEach(async () => {
    cloud = await startServices([createPubsub]);
    client = pubsubClient(cloud.port);
    raw = subscriberClient(cloud.port);
  });

  afterEach(async () => {
    await client.close();
    await raw.close();
    await cloud.close();
  });

  it('are created, found, listed and deleted', async () => {
    const [topic] = await client.createTopic('events');
    assert.equal(topic.name, 'projects/virtuoso-local/topics/events');
    const [subscription] = await topic.createSubscription('reader', { ackDeadlineSeconds: 30, labels: { a: 'b' } });
    assert.deepEqual(await topic.exists(), [true]);
    assert.deepEqual(await client.topic('none').exists(), [false]);
    const [metadata] = await subscription.getMetadata();
    assert.equal(metadata.topic, topic.name);
    assert.equal(metadata.ackDeadlineSeconds, 30);
    assert.equal(Number(metadata.messageRetentionDuration?.seconds), 604_800);
    assert.deepEqual(
      (await topic.getSubscriptions())[0].map(({ name }) => name),
      [subscription.name],
    );
    assert.equal((await client.getTopics())[0].length, 1);
    assert.equal((await client.getSubscriptions())[0].length, 1);
    await subscription.delete();
    await topic.delete();
    assert.equal((await client.getTopics())[0].length, 0);
    assert.equal((await client.getSubscriptions())[0].length, 0);
  });

  it('answer with the error codes and words of Pub/Sub', async () => {
    const [topic] = await client.createTopic('events');
    await topic.createSubscription('reader');
    await assert.rejects(client.createTopic('events'), {
      code: 6,
      details: 'Resource already exists in the project (resource=events).',
    });
    await assert.rejects(topic.createSubscription('reader'), { code: 6 });
    await assert.rejects(client.topic('none').getMetadata(), {
      code: 5,
      details: 'Resource not found (resource=none).',
    });
    await assert.rejects(client.topic('none').publishMessage({ data: Buffer.from('x') }), { code: 5 });
    await assert.rejects(client.topic('none').createSubscription('other'), { code: 5 });
    await assert.rejects(client.createTopic('x'), { code: 3, details: /Invalid resource name/ });
    await assert.rejects(client.createTopic('google-topic'), { code: 3 });
    await assert.rejects(topic.publishMessage({ data: Buffer.alloc(0) }), { code: 3, details: /empty/ });
    await assert.rejects(topic.createSubscription('short', { ackDeadlineSeconds: 5 }), { code: 3 });
    await assert.rejects(topic.createSubscription('bad', { filter: 'attributes.' }), { code: 3 });
    const deadLetterPolicy = { deadLetterTopic: 'projects/virtuoso-local/topics/none', maxDeliveryAttempts: 5 };
    await assert.rejects(topic.createSubscription('dead', { deadLetterPolicy }), { code: 5 });
  });

  it('refuse what is not supported by name', async () => {
    const [topic] = await client.createTopic('events');
    await assert.rejects(topic.createSubscription('table', { bigqueryConfig: { table: 'a.b.c' } }), {
      code: 12,
      details: /bigqueryConfig/,
    });
    await assert.rejects(client.createSchema('schema', 'PROTOCOL_BUFFER', 'x'), {
      code: 12,
      details: /PROTOCOL_BUFFER/,
    });
  });

  it('are updated by mask, but not in what is fixed', async () => {
    const [topic] = await client.createTopic('events');
    const [subscription] = await topic.createSubscription('reader', { ackDeadlineSeconds: 30, labels: { a: 'b' } });
    const [updated] = await subscription.setMetadata({ ackDeadlineSeconds: 60 });
    assert.equal(updated.ackDeadlineSeconds, 60);
    assert.deepEqual(updated.labels, { a: 'b' });
    await assert.rejects(subscription.setMetadata({ filter: 'attributes:a' }), { code: 3 });
    const retryPolicy = { minimumBackoff: { seconds: 5 }, maximumBackoff: { seconds: 20 } };
    await subscription.setMetadata({ retryPolicy });
    const partly = (paths: string[]) => ({
      subscription: { name: subscription.name, retryPolicy: { minimumBackoff: { seconds: 7 } } },
      updateMask: { paths },
    });
    const [mixed] = await raw.updateSubscription(partly(['retry_policy.minimum_backoff']));
    assert.equal(Number(mixed.retryPolicy?.minimumBackoff?.seconds), 7);
    assert.equal(Number(mixed.retryPolicy?.maximumBackoff?.seconds), 20);
    await assert.rejects(raw.updateSubscription(partly(['retry_policy.jitter'])), { code: 3, details: /jitter/ });
    await topic.setMetadata({ labels: { team: 'qa' } });
    assert.deepEqual((await topic.getMetadata())[0].labels, { team: 'qa' });
  });

  it('go on with what they have when their topic is deleted', async () => {
    const [topic] = await client.createTopic('events');
    const [subscription] = await topic.createSubscription('reader');
    await topic.publishMessage({ data: Buffer.from('last words') });
    await topic.delete();
    assert.equal((await subscription.getMetadata())[0].topic, '_deleted-topic_');
    const [message] = await pullOnce(raw, 'reader');
    assert.equal(String(message?.message?.data), 'last words');
    const [again] = await client.createTopic('events');
    await again.publishMessage({ data: Buffer.from('not for it') });
    assert.equal((await pullOnce(raw, 'reader')).length, 0);
  });

  it('are detached for good', async () => {
    const [topic] = await client.createTopic('events');
    const [subscription] = await topic.createSubscription('reader');
    await topic.publishMessage({ data: Buffer.from('x') });
    await client.detachSubscription('reader');
    assert.deepEqual(await subscription.detached(), [true]);
    await assert.rejects(pullOnce(raw, 'reader'), { code: 9 });
  });
});
