import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, texts } from './clients.ts';

/** What may be published, and what arrives. */
export function publishing(clients: Clients, world: World): readonly Behaviour[] {
  const { pubsub, publisher, name, topic, subscription, pair, publish, pull } = clients;
  const { method, all } = collector();
  const one = async (message: Parameters<Clients['publish']>[1]) => publish(await topic(), message);
  const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
  method('Publish', {
    'gives each message an id of its own, in order': async () => {
      const ids = await publish(await topic(), 'a', 'b', 'c');
      assert.equal(new Set(ids).size, 3);
    },
    'brings data, attributes and the time to every subscription': async () => {
      const { topic: to, subscription: first } = await pair();
      const second = await subscription(to);
      const [id] = await publish(to, { data: Buffer.from('data'), attributes: { a: 'b' } });
      for (const each of [first, second]) {
        const [got] = await pull(each, 1);
        assert.deepEqual([String(got?.message?.data), got?.message?.messageId], ['data', id]);
        assert.deepEqual(got?.message?.attributes, { a: 'b' });
        const time = Number(got?.message?.publishTime?.seconds) * 1000;
        assert.ok(Math.abs(time - (world.clock?.now() ?? Date.now())) < 60_000);
      }
    },
    'brings a message of attributes alone': async () => {
      const { topic: to, subscription: of } = await pair();
      await publish(to, { attributes: { only: 'this' } });
      const [got] = await pull(of, 1);
      assert.equal(got?.message?.attributes?.only, 'this');
    },
    'brings bytes as they are': async () => {
      const { topic: to, subscription: of } = await pair();
      const data = Buffer.from([0, 255, 128, 10]);
      await publish(to, { data });
      assert.deepEqual(Buffer.from((await pull(of, 1))[0]?.message?.data as Uint8Array), data);
    },
    'brings nothing that was published before the subscription was made': async () => {
      const to = await topic();
      await publish(to, 'before');
      const of = await subscription(to);
      await publish(to, 'after');
      assert.deepEqual(texts(await pull(of, 1)), ['after']);
    },
    'takes a thousand messages at once': async () => {
      const messages = Array.from({ length: 1000 }, (_, index) => String(index));
      assert.equal((await publish(await topic(), ...messages)).length, 1000);
    },
    'is done in batches by the client': async () => {
      const { topic: to, subscription: of } = await pair();
      const batching = pubsub.topic(to, { batching: { maxMessages: 3, maxMilliseconds: 50 } });
      const ids = await Promise.all(
        ['a', 'b', 'c'].map((text) => batching.publishMessage({ data: Buffer.from(text) })),
      );
      assert.equal(new Set(ids).size, 3);
      assert.deepEqual(texts(await pull(of, 3)).sort(), ['a', 'b', 'c']);
    },
    'refuses more than a thousand messages': async () => {
      const messages = Array.from({ length: 1001 }, () => 'm');
      await fails(publish(await topic(), ...messages), 'INVALID_ARGUMENT', /message_count/);
    },
    'refuses a request without messages': async () => {
      await fails(publish(await topic()), 'INVALID_ARGUMENT');
    },
    'refuses a message without data and attributes': async () => {
      await fails(one({}), 'INVALID_ARGUMENT', /empty/);
    },
    'refuses more than 10 MB': async () => {
      await fails(one({ data: Buffer.alloc(10_000_001) }), 'INVALID_ARGUMENT', /size/);
    },
    'takes 100 attributes and refuses 101': async () => {
      await one({ attributes: attributes(100) });
      await fails(one({ attributes: attributes(101) }), 'INVALID_ARGUMENT', /attributes/);
    },
    'refuses an attribute key of more than 256 bytes': async () => {
      await fails(one({ attributes: { ['k'.repeat(257)]: 'v' } }), 'INVALID_ARGUMENT');
    },
    'refuses an attribute value of more than 1024 bytes': async () => {
      await fails(one({ attributes: { k: 'v'.repeat(1025) } }), 'INVALID_ARGUMENT');
    },
    'refuses an attribute key that begins with goog': async () => {
      await fails(one({ attributes: { google: 'v' } }), 'INVALID_ARGUMENT', /goog/);
    },
    'refuses an ordering key of more than 1024 bytes': async () => {
      await fails(one({ data: Buffer.from('a'), orderingKey: 'k'.repeat(1025) }), 'INVALID_ARGUMENT', /ordering/i);
    },
    'publishes nothing of a request that is refused': async () => {
      const { topic: to, subscription: of } = await pair();
      await fails(publish(to, 'good', {}), 'INVALID_ARGUMENT');
      await publish(to, 'later');
      assert.deepEqual(texts(await pull(of, 1)), ['later']);
    },
    'fails for a topic that is not there': async () => {
      await fails(publisher.publish({ topic: name('topics'), messages: [{ data: Buffer.from('a') }] }), 'NOT_FOUND');
    },
  });
  return all;
}
