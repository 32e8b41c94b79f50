import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, texts } from './clients.ts';

/** Dead letters, and the count of attempts. */
export function deadLetters(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { publisher, subscriber, name, pair, publish, pull, glance, ack, modify } = clients;
  const { method, all } = collector();
  const doomed = async () => {
    const dead = await pair();
    const deadLetterPolicy = { deadLetterTopic: dead.topic, maxDeliveryAttempts: 5 };
    const { topic, subscription } = await pair({ deadLetterPolicy });
    return { dead, topic, subscription };
  };
  const giveUp = async (subscription: string, times: number) => {
    for (let time = 0; time < times; time++) await modify(subscription, await pull(subscription, 1), 0);
  };
  method('dead letter policy', {
    'counts the delivery attempts': async () => {
      const { topic, subscription } = await doomed();
      await publish(topic, 'a');
      for (const attempt of [1, 2, 3]) {
        const got = await pull(subscription, 1);
        assert.equal(got[0]?.deliveryAttempt, attempt);
        await modify(subscription, got, 0);
      }
    },
    'forwards a message when its attempts are spent': async () => {
      const { dead, topic, subscription } = await doomed();
      await publish(topic, { data: Buffer.from('a'), attributes: { own: 'x' } });
      await giveUp(subscription, 5);
      const [letter] = await pull(dead.subscription, 1);
      assert.equal(String(letter?.message?.data), 'a');
      assert.equal(letter?.message?.attributes?.own, 'x');
      assert.deepEqual(await glance(subscription), []);
    },
    'writes on the dead letter where it comes from': async () => {
      const { dead, topic, subscription } = await doomed();
      await publish(topic, 'a');
      await giveUp(subscription, 5);
      const attributes = (await pull(dead.subscription, 1))[0]?.message?.attributes ?? {};
      assert.equal(attributes.CloudPubSubDeadLetterSourceDeliveryCount, '5');
      assert.equal(attributes.CloudPubSubDeadLetterSourceSubscription, subscription.split('/')[3]);
      assert.equal(attributes.CloudPubSubDeadLetterSourceSubscriptionProject, subscription.split('/')[1]);
      assert.ok(Number.isFinite(Date.parse(attributes.CloudPubSubDeadLetterSourceTopicPublishTime ?? '')));
    },
    'keeps the ordering key': async () => {
      const { dead, topic, subscription } = await doomed();
      await publish(topic, { data: Buffer.from('a'), orderingKey: 'k' });
      await giveUp(subscription, 5);
      assert.equal((await pull(dead.subscription, 1))[0]?.message?.orderingKey, 'k');
    },
    'does not forward what is acknowledged at the last attempt': async () => {
      const { dead, topic, subscription } = await doomed();
      await publish(topic, 'a');
      await giveUp(subscription, 4);
      await ack(subscription, await pull(subscription, 1));
      assert.deepEqual(await glance(dead.subscription), []);
    },
    'goes on with the message when the dead letter topic was deleted': async () => {
      const { dead, topic, subscription } = await doomed();
      await publish(topic, 'a');
      await publisher.deleteTopic({ topic: dead.topic });
      await giveUp(subscription, 5);
      assert.deepEqual(texts(await pull(subscription, 1)), ['a']);
    },
    'no longer counts when it was taken away': async () => {
      const { topic, subscription } = await doomed();
      const updateMask = { paths: ['dead_letter_policy'] };
      await subscriber.updateSubscription({ subscription: { name: subscription }, updateMask });
      await publish(topic, 'a');
      await giveUp(subscription, 6);
      assert.equal((await pull(subscription, 1))[0]?.deliveryAttempt, 0);
    },
    'fails for a topic that is not there': async () => {
      await fails(pair({ deadLetterPolicy: { deadLetterTopic: name('topics') } }), 'NOT_FOUND');
    },
  });
  if (clock) {
    method('dead letter policy', {
      'counts a deadline that has passed as an attempt': async () => {
        const { topic, subscription } = await doomed();
        await publish(topic, 'a');
        await pull(subscription, 1);
        clock.advance(10_100);
        assert.equal((await pull(subscription, 1))[0]?.deliveryAttempt, 2);
      },
    });
  }
  return all;
}
