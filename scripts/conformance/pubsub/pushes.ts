import assert from 'node:assert/strict';
import type { Answer } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import type { Clients, ISubscription } from './clients.ts';

const EMAIL = 'pusher@virtuoso-local.iam.gserviceaccount.com';

/** How messages are pushed to a server on this machine. */
export function pushes(clients: Clients, { clock, endpoint }: World): readonly Behaviour[] {
  const { subscriber, pair, publish, pull, receiver } = clients;
  const { method, all } = collector();
  if (endpoint === undefined) return all;
  const pushing = async (answer?: Answer, settings: ISubscription = {}) => {
    const to = await receiver(answer);
    const pushConfig = { pushEndpoint: `${to.url}/push?a=1`, ...settings.pushConfig };
    return { to, ...(await pair({ ...settings, pushConfig })) };
  };
  const bodyOf = (got: { body: string } | undefined) =>
    JSON.parse(got?.body ?? '{}') as {
      message: Record<string, unknown>;
      subscription: string;
      deliveryAttempt?: number;
    };
  method('push', {
    'posts a message to the endpoint, with its query': async () => {
      const { to, topic, subscription } = await pushing();
      const [id] = await publish(topic, { data: Buffer.from('data'), attributes: { a: 'b' } });
      const [got] = await to.wait(1);
      assert.deepEqual(
        [got?.method, got?.path, got?.headers['content-type']],
        ['POST', '/push?a=1', 'application/json'],
      );
      const { message, subscription: of } = bodyOf(got);
      assert.equal(of, subscription);
      assert.deepEqual([message.data, message.messageId], [Buffer.from('data').toString('base64'), id]);
      assert.deepEqual(message.attributes, { a: 'b' });
      assert.ok(Number.isFinite(Date.parse(String(message.publishTime))));
    },
    'sends no token unless asked': async () => {
      const { to, topic } = await pushing();
      await publish(topic, 'a');
      assert.equal((await to.wait(1))[0]?.headers.authorization, undefined);
    },
    'sends a token of the service account for the audience': async () => {
      const oidcToken = { serviceAccountEmail: EMAIL, audience: 'https://aud.example' };
      const { to, topic } = await pushing(undefined, { pushConfig: { oidcToken } });
      await publish(topic, 'a');
      const [, payload = ''] = ((await to.wait(1))[0]?.headers.authorization ?? '').split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as Record<string, unknown>;
      assert.deepEqual([claims.aud, claims.email], ['https://aud.example', EMAIL]);
    },
    'sends a token for the endpoint when no audience is set': async () => {
      const { to, topic } = await pushing(undefined, { pushConfig: { oidcToken: { serviceAccountEmail: EMAIL } } });
      await publish(topic, 'a');
      const [, payload = ''] = ((await to.wait(1))[0]?.headers.authorization ?? '').split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as Record<string, unknown>;
      assert.equal(claims.aud, `${to.url}/push?a=1`);
    },
    'posts again what was not acknowledged': async () => {
      const { to, topic } = await pushing((_request, index) => (index === 0 ? 500 : 204));
      await publish(topic, 'a');
      const [first, second] = await to.wait(2);
      assert.equal(bodyOf(first).message.messageId, bodyOf(second).message.messageId);
    },
    'takes 204 for an acknowledgement, and does not take 302 for one': async () => {
      const { to, topic } = await pushing((_request, index) => (index === 0 ? 302 : 204));
      await publish(topic, 'a');
      await to.wait(2);
    },
    'tells the ordering key, and keeps the order': async () => {
      const { to, topic } = await pushing(undefined, { enableMessageOrdering: true });
      const keyed = ['1', '2', '3'].map((text) => ({ data: Buffer.from(text), orderingKey: 'k' }));
      await publish(topic, ...keyed);
      const got = (await to.wait(3)).map((each) => bodyOf(each).message);
      assert.deepEqual(
        got.map(({ data, orderingKey }) => [Buffer.from(String(data), 'base64').toString(), orderingKey]),
        [
          ['1', 'k'],
          ['2', 'k'],
          ['3', 'k'],
        ],
      );
    },
    'pushes what a pull subscription has when it is turned into one that pushes': async () => {
      const { topic, subscription } = await pair();
      await publish(topic, 'a');
      const to = await receiver();
      await subscriber.modifyPushConfig({ subscription, pushConfig: { pushEndpoint: to.url } });
      await to.wait(1);
    },
  });
  if (!clock) return all;
  method('push', {
    'waits longer each time without a retry policy': async () => {
      const { to, topic } = await pushing(() => 500);
      await publish(topic, 'a');
      await to.wait(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const attempt of [1, 2, 3, 4, 5, 6]) {
        clock.advance(60_100);
        await to.wait(attempt + 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      // By now it waits for several seconds.
      const before = to.received.length;
      clock.advance(2000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(to.received.length, before);
      clock.advance(60_000);
      await to.wait(before + 1);
    },
    'waits as long as the retry policy says': async () => {
      const { to, topic } = await pushing((_request, index) => (index === 0 ? 500 : 200), {
        retryPolicy: { minimumBackoff: { seconds: 100 } },
      });
      await publish(topic, 'a');
      await to.wait(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      clock.advance(90_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(to.received.length, 1);
      clock.advance(11_000);
      await to.wait(2);
    },
    'tells the attempt and forwards to the dead letter topic': async () => {
      const dead = await pair();
      const { to, topic } = await pushing(() => 500, {
        deadLetterPolicy: { deadLetterTopic: dead.topic, maxDeliveryAttempts: 5 },
        retryPolicy: { minimumBackoff: { seconds: 0 }, maximumBackoff: { seconds: 0 } },
      });
      await publish(topic, 'a');
      const got = await to.wait(5);
      assert.deepEqual(
        got.map((each) => bodyOf(each).deliveryAttempt),
        [1, 2, 3, 4, 5],
      );
      assert.equal((await pull(dead.subscription, 1)).length, 1);
    },
    'cuts a request off at the deadline and posts again': async () => {
      const { to, topic } = await pushing((_request, index) => (index === 0 ? new Promise(() => {}) : 200));
      await publish(topic, 'a');
      await to.wait(1);
      clock.advance(10_100);
      await new Promise((resolve) => setTimeout(resolve, 20));
      clock.advance(1000);
      await to.wait(2);
    },
  });
  return all;
}
