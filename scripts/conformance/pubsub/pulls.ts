import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, texts } from './clients.ts';

/** Pull, and what becomes of what was pulled. */
export function pulls(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { subscriber, name, pair, publish, pull, glance, ack, modify } = clients;
  const { method, all } = collector();
  method('Pull', {
    'gives no more messages than are asked for': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a', 'b', 'c');
      const [answer] = await subscriber.pull({ subscription, maxMessages: 2 });
      assert.ok((answer.receivedMessages ?? []).length <= 2);
    },
    'waits for a message to come': async () => {
      const { topic, subscription } = await pair();
      const waiting = pull(subscription, 1);
      await publish(topic, 'a');
      assert.deepEqual(texts(await waiting), ['a']);
    },
    'gives nothing at once if it is not to wait': async () => {
      assert.deepEqual(await glance((await pair()).subscription), []);
    },
    'holds back what is out already': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      await pull(subscription, 1);
      assert.deepEqual(await glance(subscription), []);
    },
    'counts no delivery attempts without a dead letter policy': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      assert.equal((await pull(subscription, 1))[0]?.deliveryAttempt, 0);
    },
    'refuses to give nothing': async () => {
      const { subscription } = await pair();
      await fails(subscriber.pull({ subscription, maxMessages: 0 }), 'INVALID_ARGUMENT', /max_messages/);
    },
    'refuses a push subscription': async () => {
      const { subscription } = await pair({ pushConfig: { pushEndpoint: 'https://example.com/push' } });
      await fails(subscriber.pull({ subscription, maxMessages: 1 }), 'FAILED_PRECONDITION', /push/);
    },
    'fails for a subscription that is not there': async () => {
      await fails(subscriber.pull({ subscription: name('subscriptions'), maxMessages: 1 }), 'NOT_FOUND');
    },
  });
  method('Acknowledge', {
    'ends a message for its subscription': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      const got = await pull(subscription, 1);
      await ack(subscription, got);
      await fails(modify(subscription, [], 0), 'INVALID_ARGUMENT');
      assert.deepEqual(await glance(subscription), []);
    },
    'leaves the message to other subscriptions': async () => {
      const { topic, subscription } = await pair();
      const other = await clients.subscription(topic);
      await publish(topic, 'a');
      await ack(subscription, await pull(subscription, 1));
      assert.deepEqual(texts(await pull(other, 1)), ['a']);
    },
    'can be called again with the same ids': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      const got = await pull(subscription, 1);
      await ack(subscription, got);
      await ack(subscription, got);
    },
    'refuses ids that are none': async () => {
      const { subscription } = await pair();
      await fails(subscriber.acknowledge({ subscription, ackIds: ['nonsense'] }), 'INVALID_ARGUMENT', /ack ID/i);
    },
    'refuses a request without ids': async () => {
      await fails(ack((await pair()).subscription, []), 'INVALID_ARGUMENT');
    },
    'fails for a subscription that is not there': async () => {
      await fails(subscriber.acknowledge({ subscription: name('subscriptions'), ackIds: ['a'] }), 'NOT_FOUND');
    },
  });
  method('ModifyAckDeadline', {
    'gives a message up at once with 0': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      await modify(subscription, await pull(subscription, 1), 0);
      assert.deepEqual(texts(await pull(subscription, 1)), ['a']);
    },
    'refuses a deadline above 600 seconds': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      await fails(modify(subscription, await pull(subscription, 1), 601), 'INVALID_ARGUMENT', /deadline/);
    },
    'refuses a negative deadline': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      await fails(modify(subscription, await pull(subscription, 1), -1), 'INVALID_ARGUMENT', /deadline/);
    },
    'refuses ids that are none': async () => {
      const { subscription } = await pair();
      const call = subscriber.modifyAckDeadline({ subscription, ackIds: ['nonsense'], ackDeadlineSeconds: 10 });
      await fails(call, 'INVALID_ARGUMENT', /ack ID/i);
    },
    'fails for a subscription that is not there': async () => {
      const request = { subscription: name('subscriptions'), ackIds: ['a'], ackDeadlineSeconds: 10 };
      await fails(subscriber.modifyAckDeadline(request), 'NOT_FOUND');
    },
  });
  if (!clock) return all;
  method('ack deadline', {
    'brings a message again when it has passed': async () => {
      const { topic, subscription } = await pair({ ackDeadlineSeconds: 20 });
      await publish(topic, 'a');
      await pull(subscription, 1);
      clock.advance(19_000);
      assert.deepEqual(await glance(subscription), []);
      clock.advance(1100);
      assert.deepEqual(texts(await pull(subscription, 1)), ['a']);
    },
    'is moved by ModifyAckDeadline, from now on': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      await modify(subscription, await pull(subscription, 1), 100);
      clock.advance(99_000);
      assert.deepEqual(await glance(subscription), []);
      clock.advance(1100);
      assert.deepEqual(texts(await pull(subscription, 1)), ['a']);
    },
    'does not keep a late acknowledgement from counting': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      const got = await pull(subscription, 1);
      clock.advance(11_000);
      await ack(subscription, got);
      assert.deepEqual(await glance(subscription), []);
    },
  });
  method('retry policy', {
    'holds a message back that was given up': async () => {
      const { topic, subscription } = await pair({ retryPolicy: { minimumBackoff: { seconds: 30 } } });
      await publish(topic, 'a');
      await modify(subscription, await pull(subscription, 1), 0);
      assert.deepEqual(await glance(subscription), []);
      clock.advance(31_000);
      assert.deepEqual(texts(await pull(subscription, 1)), ['a']);
    },
    'holds it back longer each time, up to the greatest backoff': async () => {
      const retryPolicy = { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 25 } };
      const { topic, subscription } = await pair({ retryPolicy });
      await publish(topic, 'a');
      for (const seconds of [10, 20, 25]) {
        await modify(subscription, await pull(subscription, 1), 0);
        clock.advance((seconds - 2) * 1000);
        assert.deepEqual(await glance(subscription), [], `before ${seconds} s`);
        clock.advance(2100);
      }
      assert.deepEqual(texts(await pull(subscription, 1)), ['a']);
    },
    'lets others pass': async () => {
      const { topic, subscription } = await pair({ retryPolicy: { minimumBackoff: { seconds: 30 } } });
      await publish(topic, 'a');
      await modify(subscription, await pull(subscription, 1), 0);
      await publish(topic, 'b');
      assert.deepEqual(texts(await pull(subscription, 1)), ['b']);
    },
  });
  method('retention', {
    'drops what a subscription has not acknowledged for that long': async () => {
      const { topic, subscription } = await pair({ messageRetentionDuration: { seconds: 600 } });
      await publish(topic, 'old');
      clock.advance(601_000);
      await publish(topic, 'new');
      assert.deepEqual(texts(await pull(subscription, 1)), ['new']);
      assert.deepEqual(await glance(subscription), []);
    },
  });
  return all;
}
