import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients, ISubscription } from './clients.ts';

/** How subscriptions are changed. */
export function subscriptionUpdates({ subscriber, topic, pair, name }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const updated = async (first: ISubscription, change: ISubscription, paths: string[]) => {
    const { subscription } = await pair(first);
    const request = { subscription: { ...change, name: subscription }, updateMask: { paths } };
    return (await subscriber.updateSubscription(request))[0];
  };
  method('UpdateSubscription', {
    'changes what the mask names, and nothing else': async () => {
      const change = { ackDeadlineSeconds: 60, labels: { not: 'this' } };
      const found = await updated({ ackDeadlineSeconds: 20, labels: { a: 'b' } }, change, ['ack_deadline_seconds']);
      assert.deepEqual([found.ackDeadlineSeconds, found.labels], [60, { a: 'b' }]);
    },
    'changes the labels as a whole': async () => {
      assert.deepEqual((await updated({ labels: { a: 'b' } }, { labels: { c: 'd' } }, ['labels'])).labels, { c: 'd' });
    },
    'changes the retention of messages': async () => {
      const change = { retainAckedMessages: true, messageRetentionDuration: { seconds: 1800 } };
      const found = await updated({}, change, ['retain_acked_messages', 'message_retention_duration']);
      assert.deepEqual([found.retainAckedMessages, Number(found.messageRetentionDuration?.seconds)], [true, 1800]);
    },
    'changes one part of the retry policy': async () => {
      const first = { retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 9 } } };
      const change = { retryPolicy: { maximumBackoff: { seconds: 8 } } };
      const { retryPolicy } = await updated(first, change, ['retry_policy.maximum_backoff']);
      assert.equal(Number(retryPolicy?.minimumBackoff?.seconds), 1);
      assert.equal(Number(retryPolicy?.maximumBackoff?.seconds), 8);
    },
    'takes the retry policy away that the mask names and the subscription leaves out': async () => {
      assert.equal((await updated({ retryPolicy: {} }, {}, ['retry_policy'])).retryPolicy ?? null, null);
    },
    'sets a dead letter policy, and takes it away': async () => {
      const deadLetterPolicy = { deadLetterTopic: await topic(), maxDeliveryAttempts: 9 };
      const set = await updated({}, { deadLetterPolicy }, ['dead_letter_policy']);
      assert.equal(set.deadLetterPolicy?.maxDeliveryAttempts, 9);
      assert.equal((await updated({ deadLetterPolicy }, {}, ['dead_letter_policy'])).deadLetterPolicy ?? null, null);
    },
    'changes when the subscription expires': async () => {
      const change = { expirationPolicy: { ttl: { seconds: 172_800 } } };
      const found = await updated({}, change, ['expiration_policy']);
      assert.equal(Number(found.expirationPolicy?.ttl?.seconds), 172_800);
    },
    'switches exactly-once delivery on': async () => {
      const found = await updated({}, { enableExactlyOnceDelivery: true }, ['enable_exactly_once_delivery']);
      assert.equal(found.enableExactlyOnceDelivery, true);
    },
    'turns a pull subscription into one that pushes': async () => {
      const pushConfig = { pushEndpoint: 'https://example.com/push' };
      assert.equal(
        (await updated({}, { pushConfig }, ['push_config'])).pushConfig?.pushEndpoint,
        pushConfig.pushEndpoint,
      );
    },
    'refuses to change the filter': async () => {
      await fails(updated({}, { filter: 'attributes:a' }, ['filter']), 'INVALID_ARGUMENT', /filter/);
    },
    'refuses to change the topic': async () => {
      await fails(updated({}, { topic: await topic() }, ['topic']), 'INVALID_ARGUMENT', /topic/);
    },
    'refuses a mask of what is no field': async () => {
      await fails(updated({}, {}, ['speed']), 'INVALID_ARGUMENT', /speed/);
    },
    'refuses an empty mask': async () => {
      await fails(updated({}, {}, []), 'INVALID_ARGUMENT', /update_mask/);
    },
    'refuses values that a new subscription could not have': async () => {
      await fails(updated({}, { ackDeadlineSeconds: 5 }, ['ack_deadline_seconds']), 'INVALID_ARGUMENT', /deadline/);
    },
    'fails for a dead letter topic that is not there': async () => {
      const deadLetterPolicy = { deadLetterTopic: name('topics') };
      await fails(updated({}, { deadLetterPolicy }, ['dead_letter_policy']), 'NOT_FOUND');
    },
    'fails for a subscription that is not there': async () => {
      const subscription = { name: name('subscriptions') };
      await fails(subscriber.updateSubscription({ subscription, updateMask: { paths: ['labels'] } }), 'NOT_FOUND');
    },
  });
  method('ModifyPushConfig', {
    'turns a pull subscription into one that pushes, and back': async () => {
      const { subscription } = await pair();
      const endpointOf = async () =>
        (await subscriber.getSubscription({ subscription }))[0].pushConfig?.pushEndpoint ?? '';
      await subscriber.modifyPushConfig({ subscription, pushConfig: { pushEndpoint: 'https://example.com/push' } });
      assert.equal(await endpointOf(), 'https://example.com/push');
      await subscriber.modifyPushConfig({ subscription, pushConfig: {} });
      assert.equal(await endpointOf(), '');
    },
    'fails for a subscription that is not there': async () => {
      const subscription = name('subscriptions');
      await fails(subscriber.modifyPushConfig({ subscription, pushConfig: {} }), 'NOT_FOUND');
    },
  });
  return all;
}
