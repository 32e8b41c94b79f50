import assert from 'node:assert/strict';
import type { Message, protos } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, texts } from './clients.ts';

type Answer = protos.google.pubsub.v1.IStreamingPullResponse;
type Request = protos.google.pubsub.v1.IStreamingPullRequest;

/** StreamingPull, by the generated client and by the one that people use. */
export function streams(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { pubsub, subscriber, name, pair, publish, glance } = clients;
  const { method, all } = collector();
  /** A stream, what has come on it, and how it ended. */
  const open = (first: Request) => {
    const stream = subscriber.streamingPull();
    const answers: Answer[] = [];
    const errors: { code: number; message: string }[] = [];
    stream.on('data', (answer: Answer) => answers.push(answer));
    stream.on('error', (error: { code: number; message: string }) => errors.push(error));
    stream.write({ streamAckDeadlineSeconds: 10, ...first });
    const got = () => answers.flatMap(({ receivedMessages }) => receivedMessages ?? []);
    return { stream, answers, errors, got };
  };
  const failing = async (first: Request, code: keyof typeof status, words?: RegExp) => {
    const { errors } = open(first);
    await until(() => errors.length > 0);
    assert.equal(status[errors[0]?.code ?? -1], code, errors[0]?.message);
    if (words) assert.match(errors[0]?.message ?? '', words);
  };
  method('StreamingPull', {
    'brings messages as they are published': async () => {
      const { topic, subscription } = await pair();
      const { stream, got } = open({ subscription });
      await publish(topic, 'a');
      await until(() => got().length === 1);
      await publish(topic, 'b');
      await until(() => got().length === 2);
      assert.deepEqual(texts(got()), ['a', 'b']);
      stream.cancel();
    },
    'tells the properties of the subscription': async () => {
      const { topic, subscription } = await pair({ enableMessageOrdering: true });
      const { stream, answers } = open({ subscription });
      await publish(topic, 'a');
      await until(() => answers.length > 0);
      const properties = answers[0]?.subscriptionProperties;
      assert.deepEqual([properties?.messageOrderingEnabled, properties?.exactlyOnceDeliveryEnabled], [true, false]);
      stream.cancel();
    },
    'lets no more be outstanding than the client wants': async () => {
      const { topic, subscription } = await pair();
      const { stream, got } = open({ subscription, maxOutstandingMessages: 2 });
      await publish(topic, 'a', 'b', 'c');
      await until(() => got().length === 2);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(got().length, 2);
      stream.write({ ackIds: [got()[0]?.ackId ?? ''] });
      await until(() => got().length === 3);
      stream.cancel();
    },
    'lets no more bytes be outstanding than the client wants': async () => {
      const { topic, subscription } = await pair();
      const { stream, got } = open({ subscription, maxOutstandingBytes: 8 });
      await publish(topic, 'a'.repeat(8), 'b'.repeat(8));
      await until(() => got().length === 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(got().length, 1);
      stream.cancel();
    },
    'takes acknowledgements': async () => {
      const { topic, subscription } = await pair();
      const { stream, answers, got } = open({ subscription });
      await publish(topic, 'a');
      await until(() => got().length === 1);
      stream.write({ modifyDeadlineAckIds: [got()[0]?.ackId ?? ''], modifyDeadlineSeconds: [0] });
      await until(() => got().length === 2);
      const before = answers.length;
      stream.write({ ackIds: [got()[1]?.ackId ?? ''] });
      await until(() => answers.length > before);
      stream.cancel();
      assert.deepEqual(await glance(subscription), []);
    },
    'shares the messages among several streams, each with one': async () => {
      const { topic, subscription } = await pair();
      const [one, two] = [
        open({ subscription, maxOutstandingMessages: 1 }),
        open({ subscription, maxOutstandingMessages: 1 }),
      ];
      await publish(topic, 'a', 'b');
      await until(() => one.got().length + two.got().length === 2);
      assert.deepEqual([...texts(one.got()), ...texts(two.got())].sort(), ['a', 'b']);
      one.stream.cancel();
      two.stream.cancel();
    },
    'ends when the subscription is deleted': async () => {
      const { topic, subscription } = await pair();
      const { errors, got } = open({ subscription });
      await publish(topic, 'a');
      await until(() => got().length === 1);
      await subscriber.deleteSubscription({ subscription });
      await until(() => errors.length > 0);
      assert.equal(errors[0]?.code, status.NOT_FOUND);
    },
    'fails for a subscription that is not there': () => failing({ subscription: name('subscriptions') }, 'NOT_FOUND'),
    'refuses a deadline below 10 seconds': async () =>
      failing(
        { subscription: (await pair()).subscription, streamAckDeadlineSeconds: 9 },
        'INVALID_ARGUMENT',
        /deadline/,
      ),
    'refuses as many deadlines as there are no ids for': async () => {
      const { subscription } = await pair();
      await failing({ subscription, modifyDeadlineSeconds: [10] }, 'INVALID_ARGUMENT', /same number/);
    },
    'refuses a push subscription': async () => {
      const { subscription } = await pair({ pushConfig: { pushEndpoint: 'https://example.com/push' } });
      await failing({ subscription }, 'FAILED_PRECONDITION', /push/);
    },
  });
  method('subscription.on', {
    'gives each message to the listener until it is acknowledged': async () => {
      const { topic, subscription: of } = await pair();
      const subscription = pubsub.subscription(of);
      const got: string[] = [];
      subscription.on('message', (message: Message) => {
        got.push(String(message.data));
        message.ack();
      });
      await publish(topic, 'a', 'b', 'c');
      await until(() => got.length === 3);
      await subscription.close();
      assert.deepEqual(got.sort(), ['a', 'b', 'c']);
    },
    'gives a message again that the listener gave back': async () => {
      const { topic, subscription: of } = await pair();
      const subscription = pubsub.subscription(of);
      let count = 0;
      subscription.on('message', (message: Message) => (++count === 1 ? message.nack() : message.ack()));
      await publish(topic, 'a');
      await until(() => count === 2);
      await subscription.close();
    },
    'fails for a subscription that is not there': async () => {
      const subscription = pubsub.subscription(name('subscriptions'));
      const error = await new Promise<{ code?: number }>((resolve) =>
        subscription.on('error', resolve).on('message', () => {}),
      );
      assert.equal(error.code, status.NOT_FOUND);
      await subscription.close();
    },
  });
  if (!clock) return all;
  method('StreamingPull', {
    'brings a message again when the deadline of the stream has passed': async () => {
      const { topic, subscription } = await pair({ ackDeadlineSeconds: 600 });
      const { stream, got } = open({ subscription });
      await publish(topic, 'a');
      await until(() => got().length === 1);
      clock.advance(10_100);
      await until(() => got().length === 2);
      stream.cancel();
    },
    'keeps a message out whose deadline is moved': async () => {
      const { topic, subscription } = await pair();
      const { stream, answers, got } = open({ subscription });
      await publish(topic, 'a');
      await until(() => got().length === 1);
      stream.write({ modifyDeadlineAckIds: [got()[0]?.ackId ?? ''], modifyDeadlineSeconds: [60] });
      await until(() => answers.length === 2);
      clock.advance(50_000);
      assert.deepEqual(await glance(subscription), []);
      stream.cancel();
    },
  });
  return all;
}
