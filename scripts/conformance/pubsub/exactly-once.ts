import assert from 'node:assert/strict';
import type { Message } from '@google-cloud/pubsub';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import type { Clients, IReceivedMessage } from './clients.ts';

/** Exactly-once delivery. */
export function exactlyOnce(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { pubsub, subscriber, pair, publish, pull, glance, ack, modify } = clients;
  const { method, all } = collector();
  const once = () => pair({ enableExactlyOnceDelivery: true });
  const pulled = async () => {
    const { topic, subscription } = await once();
    await publish(topic, 'a');
    return { topic, subscription, got: await pull(subscription, 1) };
  };
  /** What the high-level client is given: one message until now. */
  const streamed = async () => {
    const { topic, subscription: of } = await once();
    const subscription = pubsub.subscription(of);
    const got: Message[] = [];
    subscription.on('message', (message: Message) => got.push(message));
    await publish(topic, 'a');
    await until(() => got.length === 1);
    return { subscription, got };
  };
  /** Asserts that a call refuses these deliveries, and names no others. */
  const refuses = async (call: Promise<unknown>, messages: readonly IReceivedMessage[]) => {
    const wanted = Object.fromEntries(messages.map(({ ackId }) => [ackId, 'PERMANENT_FAILURE_INVALID_ACK_ID']));
    await assert.rejects(call, (error: { errorInfoMetadata?: object; code?: number }) => {
      assert.deepEqual({ ...error.errorInfoMetadata }, wanted);
      return true;
    });
  };
  method('exactly-once delivery', {
    'confirms an acknowledgement': async () => {
      const { subscription, got } = await pulled();
      await ack(subscription, got);
      assert.deepEqual(await glance(subscription), []);
    },
    'confirms that a deadline is moved': async () => {
      const { subscription, got } = await pulled();
      await modify(subscription, got, 60);
      await ack(subscription, got);
    },
    'refuses to acknowledge what was given up': async () => {
      const { subscription, got } = await pulled();
      await modify(subscription, got, 0);
      await refuses(ack(subscription, got), got);
    },
    'refuses the id of a delivery that was superseded, and takes the latest': async () => {
      const { subscription, got: first } = await pulled();
      await modify(subscription, first, 0);
      const second = await pull(subscription, 1);
      await refuses(ack(subscription, first), first);
      await ack(subscription, second);
    },
    'refuses to move the deadline of a delivery that is over': async () => {
      const { subscription, got } = await pulled();
      await ack(subscription, got);
      await refuses(modify(subscription, got, 60), got);
    },
    'refuses ids that are none': async () => {
      const { subscription } = await once();
      await refuses(subscriber.acknowledge({ subscription, ackIds: ['nonsense'] }), [{ ackId: 'nonsense' }]);
    },
    'acknowledges the others of a request of which one is refused': async () => {
      const { topic, subscription, got } = await pulled();
      await publish(topic, 'b');
      const other = await pull(subscription, 1);
      await modify(subscription, got, 0);
      await refuses(ack(subscription, [...got, ...other]), got);
      await refuses(ack(subscription, other), other);
    },
    'answers the client that asks with SUCCESS': async () => {
      const { subscription, got } = await streamed();
      assert.equal(await got[0]?.ackWithResponse(), 'SUCCESS');
      await subscription.close();
    },
    'answers the client that gives a message back with SUCCESS': async () => {
      const { subscription, got } = await streamed();
      assert.equal(await got[0]?.nackWithResponse(), 'SUCCESS');
      await until(() => got.length === 2);
      await got[1]?.ackWithResponse();
      await subscription.close();
    },
    'holds in the order of a key, too': async () => {
      const { topic, subscription } = await pair({ enableExactlyOnceDelivery: true, enableMessageOrdering: true });
      await publish(topic, { data: Buffer.from('1'), orderingKey: 'k' }, { data: Buffer.from('2'), orderingKey: 'k' });
      const got = await pull(subscription, 2);
      await modify(subscription, got.slice(0, 1), 0);
      await refuses(ack(subscription, got.slice(1)), got.slice(1));
    },
  });
  if (clock) {
    method('exactly-once delivery', {
      'refuses an acknowledgement after the deadline': async () => {
        const { subscription, got } = await pulled();
        clock.advance(10_100);
        await refuses(ack(subscription, got), got);
      },
      'never brings a message again that was acknowledged': async () => {
        const { subscription, got } = await pulled();
        await ack(subscription, got);
        clock.advance(60_000);
        assert.deepEqual(await glance(subscription), []);
      },
      'tells the client that it was too late': async () => {
        const { subscription, got } = await streamed();
        clock.advance(601_000);
        await assert.rejects(got[0]?.ackWithResponse() ?? Promise.resolve(), { errorCode: 'INVALID' });
        await until(() => got.length === 2);
        assert.equal(await got[1]?.ackWithResponse(), 'SUCCESS');
        await subscription.close();
      },
    });
  }
  return all;
}
