import assert from 'node:assert/strict';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage, Told } from './stage.ts';

/** What functions on a topic get of its messages. */
export function messages({ cloud, google, mark, told, heard, answers }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const topic = google.pubsub.topic('events');
  const publish = (word: string, type: string | undefined = 'thing.made') =>
    topic.publishMessage({ json: { word }, attributes: { own: word, ...(type === '' ? {} : { type }) } });
  const messageOf = ({ data }: Told) => data.message as Record<string, unknown> & { attributes: object; data: string };
  method('message', {
    'is told with its data, attributes and subscription': async () => {
      const word = mark();
      const id = await publish(word);
      const got = (await heard(word, 'on-message'))[0] ?? assert.fail();
      const message = messageOf(got);
      assert.equal(Buffer.from(message.data, 'base64').toString(), JSON.stringify({ word }));
      assert.deepEqual(message.attributes, { own: word, type: 'thing.made' });
      assert.deepEqual([message.messageId, message.message_id], [id, id]);
      assert.equal(message.publishTime, message.publish_time);
      assert.equal(got.data.subscription, 'projects/virtuoso-local/subscriptions/eventarc-on-message');
    },
    'is a CloudEvent with the attributes of Pub/Sub': async () => {
      const word = mark();
      const id = await publish(word);
      const { event, data } = (await heard(word, 'on-message'))[0] ?? assert.fail();
      assert.deepEqual(
        [event.specversion, event.id, event.type, event.source],
        [
          ...['1.0', id, 'google.cloud.pubsub.topic.v1.messagePublished'],
          '//pubsub.googleapis.com/projects/virtuoso-local/topics/events',
        ],
      );
      assert.equal(event.time, (data.message as { publishTime: string }).publishTime);
    },
    'of every wanted type is told': async () => {
      const word = mark();
      await publish(word, 'thing.lost');
      await publish(word, 'thing.made');
      const got = await heard(word, 'on-message', 2);
      assert.deepEqual(got.map((each) => (messageOf(each).attributes as { type: string }).type).sort(), [
        'thing.lost',
        'thing.made',
      ]);
    },
    'of another type is not told, nor one without': async () => {
      const word = mark();
      await publish(word, 'thing.kept');
      await publish(word, '');
      await cloud.settle();
      assert.deepEqual(told(word), []);
    },
    'that is not taken comes again after ten seconds, under its id, with its attempt': async () => {
      const word = mark();
      answers(word, 500);
      await publish(word);
      await heard(word, 'on-message');
      await until(() => cloud.instances().every(({ active }) => active === 0));
      await advanceUntil(cloud, () => told(word).length === 2);
      const [first, second] = told(word);
      assert.equal(second?.event.id, first?.event.id);
      assert.deepEqual([first?.data.deliveryAttempt, second?.data.deliveryAttempt], [1, 2]);
      await cloud.settle();
      assert.equal(told(word).length, 2);
    },
    'that is never taken is a dead letter after five attempts': async () => {
      const word = mark();
      const [subscription] = await google.pubsub.topic('dead-letters').createSubscription(mark());
      answers(word, ...Array.from({ length: 10 }, () => 503));
      await publish(word);
      await advanceUntil(cloud, () => told(word).length === 5);
      const attributes = await new Promise<Record<string, string>>((resolve) => {
        subscription.on('message', (message) => {
          message.ack();
          if (message.attributes.own === word) resolve(message.attributes);
        });
      });
      await subscription.close();
      assert.equal(attributes.CloudPubSubDeadLetterSourceDeliveryCount, '5');
      await cloud.settle();
      assert.equal(told(word).length, 5);
      answers(word);
    },
  });
  return all;
}

/** Advances the clock past each backoff until the condition holds. */
async function advanceUntil(cloud: Stage['cloud'], holds: () => boolean): Promise<void> {
  await until(() => {
    if (!holds() && cloud.instances().every(({ active }) => active === 0)) cloud.clock.advance(10_000);
    return holds();
  });
}
