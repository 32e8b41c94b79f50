import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients, ISubscription } from './clients.ts';

const DAY_S = 86_400;

/** How subscriptions are made, found, listed and deleted. */
export function subscriptions(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { subscriber, project, name, topic, subscription, pair, glance } = clients;
  const { method, all } = collector();
  const made = async (settings: ISubscription = {}) => {
    const { subscription: of } = await pair(settings);
    return (await subscriber.getSubscription({ subscription: of }))[0];
  };
  const seconds = (time: { seconds?: unknown } | null | undefined) => Number(time?.seconds);
  method('CreateSubscription', {
    'gives a subscription with the defaults': async () => {
      const found = await made();
      assert.equal(found.ackDeadlineSeconds, 10);
      assert.equal(seconds(found.messageRetentionDuration), 7 * DAY_S);
      assert.equal(seconds(found.expirationPolicy?.ttl), 31 * DAY_S);
      assert.deepEqual([found.retainAckedMessages, found.enableMessageOrdering, found.detached], [false, false, false]);
      assert.equal(found.enableExactlyOnceDelivery, false);
    },
    'keeps its settings': async () => {
      const found = await made({
        ...{ ackDeadlineSeconds: 42, retainAckedMessages: true, messageRetentionDuration: { seconds: 1200 } },
        ...{ labels: { a: 'b' }, enableMessageOrdering: true, filter: 'attributes:x' },
        retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 9 } },
      });
      assert.deepEqual([found.ackDeadlineSeconds, found.retainAckedMessages, found.filter], [42, true, 'attributes:x']);
      assert.deepEqual([found.enableMessageOrdering, found.labels], [true, { a: 'b' }]);
      assert.equal(seconds(found.messageRetentionDuration), 1200);
      assert.deepEqual(
        [seconds(found.retryPolicy?.minimumBackoff), seconds(found.retryPolicy?.maximumBackoff)],
        [1, 9],
      );
    },
    'never expires with an empty expiration policy': async () => {
      assert.equal((await made({ expirationPolicy: {} })).expirationPolicy?.ttl ?? null, null);
    },
    'tries again after 10 to 600 seconds by an empty retry policy': async () => {
      const { retryPolicy } = await made({ retryPolicy: {} });
      assert.deepEqual([seconds(retryPolicy?.minimumBackoff), seconds(retryPolicy?.maximumBackoff)], [10, 600]);
    },
    'tells how long its topic retains messages': async () => {
      const of = await subscription(await topic({ messageRetentionDuration: { seconds: 3600 } }));
      const [found] = await subscriber.getSubscription({ subscription: of });
      assert.equal(seconds(found.topicMessageRetentionDuration), 3600);
    },
    'keeps a dead letter policy': async () => {
      const deadLetterTopic = await topic();
      const found = await made({ deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 7 } });
      assert.deepEqual(
        [found.deadLetterPolicy?.deadLetterTopic, found.deadLetterPolicy?.maxDeliveryAttempts],
        [deadLetterTopic, 7],
      );
    },
    'refuses a name that is taken': async () => {
      const { topic: of, subscription: taken } = await pair();
      await fails(subscription(of, { name: taken }), 'ALREADY_EXISTS', /already exists/);
    },
    'refuses a malformed name': async () => {
      await fails(subscription(await topic(), { name: 'reader' }), 'INVALID_ARGUMENT');
    },
    'fails for a topic that is not there': async () => {
      await fails(subscription(name('topics')), 'NOT_FOUND');
    },
    'refuses a deadline below 10 seconds': async () => {
      await fails(made({ ackDeadlineSeconds: 9 }), 'INVALID_ARGUMENT', /deadline/);
    },
    'refuses a deadline above 600 seconds': async () => {
      await fails(made({ ackDeadlineSeconds: 601 }), 'INVALID_ARGUMENT', /deadline/);
    },
    'refuses a retention below 10 minutes': async () => {
      await fails(made({ messageRetentionDuration: { seconds: 599 } }), 'INVALID_ARGUMENT', /retention/);
    },
    'refuses an expiration below a day': async () => {
      await fails(made({ expirationPolicy: { ttl: { seconds: DAY_S - 1 } } }), 'INVALID_ARGUMENT', /expiration|ttl/i);
    },
    'refuses less than 5 and more than 100 delivery attempts': async () => {
      const deadLetterTopic = await topic();
      for (const maxDeliveryAttempts of [4, 101])
        await fails(
          made({ deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts } }),
          'INVALID_ARGUMENT',
          /attempts/,
        );
    },
    'refuses a backoff above 600 seconds': async () => {
      await fails(made({ retryPolicy: { maximumBackoff: { seconds: 601 } } }), 'INVALID_ARGUMENT', /backoff/);
    },
    'refuses a least backoff above the greatest': async () => {
      const retryPolicy = { minimumBackoff: { seconds: 20 }, maximumBackoff: { seconds: 10 } };
      await fails(made({ retryPolicy }), 'INVALID_ARGUMENT', /backoff/);
    },
    'refuses exactly-once delivery by push': async () => {
      const pushConfig = { pushEndpoint: 'https://example.com/push' };
      await fails(made({ enableExactlyOnceDelivery: true, pushConfig }), 'INVALID_ARGUMENT', /xactly/);
    },
    'refuses a push endpoint that is no URL': async () => {
      await fails(made({ pushConfig: { pushEndpoint: 'nowhere' } }), 'INVALID_ARGUMENT', /push endpoint/i);
    },
  });
  method('GetSubscription', {
    'fails for a subscription that is not there': async () => {
      await fails(subscriber.getSubscription({ subscription: name('subscriptions') }), 'NOT_FOUND', /not found/);
    },
  });
  method('ListSubscriptions', {
    'gives the subscriptions of the project': async () => {
      const { subscription: of } = await pair();
      const [found] = await subscriber.listSubscriptions({ project });
      assert.ok(found.some((each) => each.name === of));
    },
    'gives them in pages, each once': async () => {
      const of = await topic();
      for (const _ of [1, 2, 3]) await subscription(of);
      const seen: unknown[] = [];
      let pageToken = '';
      do {
        const request = { project, pageSize: 2, pageToken };
        const [page, , answer] = await subscriber.listSubscriptions(request, { autoPaginate: false });
        assert.ok(page.length <= 2);
        seen.push(...page.map((each) => each.name));
        pageToken = answer?.nextPageToken ?? '';
      } while (pageToken && seen.length < 1000);
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(seen.length >= 3);
    },
  });
  method('DeleteSubscription', {
    'removes a subscription with what it has': async () => {
      const { subscription: of } = await pair();
      await subscriber.deleteSubscription({ subscription: of });
      await fails(glance(of), 'NOT_FOUND');
    },
    'fails for a subscription that is not there': async () => {
      await fails(subscriber.deleteSubscription({ subscription: name('subscriptions') }), 'NOT_FOUND');
    },
  });
  if (clock) {
    method('expiration', {
      'deletes a subscription that nobody has used for that long': async () => {
        const { subscription: of } = await pair({ expirationPolicy: { ttl: { seconds: DAY_S } } });
        clock.advance((DAY_S + 1200) * 1000);
        await fails(subscriber.getSubscription({ subscription: of }), 'NOT_FOUND');
      },
    });
  }
  return all;
}
