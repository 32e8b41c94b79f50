import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, texts } from './clients.ts';

/** Ordering keys and the filter language. */
export function orderAndFilters(clients: Clients): readonly Behaviour[] {
  const { pubsub, topic, subscription, pair, publish, pull, glance, ack, modify } = clients;
  const { method, all } = collector();
  const keyed = (text: string, orderingKey: string) => ({ data: Buffer.from(text), orderingKey });
  const ordered = () => pair({ enableMessageOrdering: true });
  method('ordering', {
    'brings the messages of a key in the order in which they were published': async () => {
      const { topic: to, subscription: of } = await ordered();
      const wanted = Array.from({ length: 20 }, (_, index) => String(index));
      await publish(to, ...wanted.map((text) => keyed(text, 'k')));
      const got: string[] = [];
      while (got.length < wanted.length) {
        const batch = await pull(of, 1);
        got.push(...texts(batch));
        await ack(of, batch);
      }
      assert.deepEqual(got, wanted);
    },
    'brings the key with the message': async () => {
      const { topic: to, subscription: of } = await ordered();
      await publish(to, keyed('a', 'k'));
      assert.equal((await pull(of, 1))[0]?.message?.orderingKey, 'k');
    },
    'holds the later messages of a key back that is out': async () => {
      const { topic: to, subscription: of } = await ordered();
      await publish(to, keyed('1', 'k'));
      await pull(of, 1);
      await publish(to, keyed('2', 'k'));
      assert.deepEqual(await glance(of), []);
    },
    'does not hold other keys back, nor messages without one': async () => {
      const { topic: to, subscription: of } = await ordered();
      await publish(to, keyed('1', 'k'));
      await pull(of, 1);
      await publish(to, keyed('2', 'other'), 'none');
      assert.deepEqual(texts(await pull(of, 2)).sort(), ['2', 'none']);
    },
    'brings the later messages of a key again with one that was given up': async () => {
      const { topic: to, subscription: of } = await ordered();
      await publish(to, keyed('1', 'k'), keyed('2', 'k'));
      const got = await pull(of, 2);
      await modify(of, got.slice(0, 1), 0);
      assert.deepEqual(texts(await pull(of, 2)), ['1', '2']);
    },
    'is not kept unless it is enabled': async () => {
      const { topic: to, subscription: of } = await pair();
      await publish(to, keyed('1', 'k'));
      await pull(of, 1);
      await publish(to, keyed('2', 'k'));
      assert.deepEqual(texts(await pull(of, 1)), ['2']);
    },
    'is what the client publishes by, when it is told to': async () => {
      const { topic: to, subscription: of } = await ordered();
      const ordering = pubsub.topic(to, { messageOrdering: true });
      await Promise.all(
        ['1', '2', '3'].map((text) => ordering.publishMessage({ data: Buffer.from(text), orderingKey: 'k' })),
      );
      const got = await pull(of, 1);
      assert.equal(texts(got)[0], '1');
    },
  });
  /** Which of some messages pass a filter. */
  const passing = async (filter: string) => {
    const to = await topic();
    const [filtered, every] = [await subscription(to, { filter }), await subscription(to)];
    const attributes: Record<string, string>[] = [{ a: '1', b: '1' }, { a: '1' }, { b: '2' }, { name: 'prefix-x' }];
    await publish(to, ...attributes.map((each, index) => ({ data: Buffer.from(String(index)), attributes: each })));
    await pull(every, attributes.length);
    return texts(await glance(filtered))
      .sort()
      .join('');
  };
  const filters: Record<string, [string, string]> = {
    'lets everything pass when it is empty': ['', '0123'],
    'asks for an attribute': ['attributes:a', '01'],
    'asks for a value': ['attributes.b = "1"', '0'],
    'asks for another value, or none': ['attributes.b != "1"', '123'],
    'asks for a prefix': ['hasPrefix(attributes.name, "prefix-")', '3'],
    'joins by AND': ['attributes:a AND attributes:b', '0'],
    'joins by OR': ['attributes:a OR attributes:b', '012'],
    'negates by NOT': ['NOT attributes:a', '23'],
    'negates by a minus': ['-attributes:a', '23'],
    'joins by AND and OR with parentheses': ['attributes:b AND (attributes:a OR attributes.b = "2")', '02'],
    'negates what is in parentheses': ['NOT (attributes:a OR attributes:b)', '3'],
    'takes keys in quotes': ['attributes."name" = "prefix-x"', '3'],
    'does not mind spaces': [' attributes:a   AND NOT attributes:b ', '1'],
  };
  method(
    'filter',
    Object.fromEntries(
      Object.entries(filters).map(([title, [filter, wanted]]) => [
        title,
        async () => assert.equal(await passing(filter), wanted),
      ]),
    ),
  );
  const refused: Record<string, string> = {
    'refuses AND and OR mixed without parentheses': 'attributes:a AND attributes:b OR attributes:c',
    'refuses a comparison without a value': 'attributes.a =',
    'refuses what is not an attribute': 'data = "a"',
    'refuses greater and less': 'attributes.a > "1"',
    'refuses a value without quotes': 'attributes.a = 1',
    'refuses and in lower case': 'attributes:a and attributes:b',
    'refuses an open parenthesis': '(attributes:a',
    'refuses an open quote': 'attributes.a = "b',
    'refuses a function that is not there': 'hasSuffix(attributes.a, "b")',
    'refuses more than 256 bytes': `attributes.a = "${'x'.repeat(256)}"`,
  };
  method(
    'filter',
    Object.fromEntries(
      Object.entries(refused).map(([title, filter]) => [
        title,
        () => fails(pair({ filter }), 'INVALID_ARGUMENT', /filter/i),
      ]),
    ),
  );
  return all;
}
