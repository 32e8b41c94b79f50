import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

/** How topics are made, found, changed and deleted. */
export function topics(clients: Clients): readonly Behaviour[] {
  const { publisher, subscriber, project, name, topic, subscription, pair, publish, glance } = clients;
  const { method, all } = collector();
  method('CreateTopic', {
    'gives a topic of that name': async () => {
      const wanted = name('topics');
      assert.equal(await topic({ name: wanted }), wanted);
    },
    'keeps labels and how long messages are retained': async () => {
      const made = await topic({ labels: { team: 'qa' }, messageRetentionDuration: { seconds: 3600 } });
      const [found] = await publisher.getTopic({ topic: made });
      assert.equal(found.labels?.team, 'qa');
      assert.equal(Number(found.messageRetentionDuration?.seconds), 3600);
    },
    'refuses a name that is taken': async () => {
      const made = await topic();
      await fails(topic({ name: made }), 'ALREADY_EXISTS', /already exists/);
    },
    'refuses a name of less than 3 characters': async () => {
      await fails(topic({ name: `${project}/topics/ab` }), 'INVALID_ARGUMENT', /Invalid resource name/);
    },
    'refuses a name that does not begin with a letter': async () => {
      await fails(topic({ name: `${project}/topics/1abc` }), 'INVALID_ARGUMENT');
    },
    'refuses a name that begins with goog': async () => {
      await fails(topic({ name: `${project}/topics/google` }), 'INVALID_ARGUMENT');
    },
    'refuses a retention below 10 minutes': async () => {
      await fails(topic({ messageRetentionDuration: { seconds: 599 } }), 'INVALID_ARGUMENT', /retention/);
    },
    'refuses a retention above 31 days': async () => {
      await fails(topic({ messageRetentionDuration: { seconds: 31 * 86_400 + 1 } }), 'INVALID_ARGUMENT', /retention/);
    },
  });
  method('GetTopic', {
    'fails for a topic that is not there': async () => {
      await fails(publisher.getTopic({ topic: name('topics') }), 'NOT_FOUND', /Resource not found/);
    },
  });
  method('UpdateTopic', {
    'changes what the mask names, and nothing else': async () => {
      const made = await topic({ labels: { a: 'b' }, messageRetentionDuration: { seconds: 3600 } });
      const [changed] = await publisher.updateTopic({
        topic: { name: made, labels: { c: 'd' } },
        updateMask: { paths: ['labels'] },
      });
      assert.deepEqual(changed.labels, { c: 'd' });
      assert.equal(Number(changed.messageRetentionDuration?.seconds), 3600);
    },
    'ends the retention of messages that the mask names and the topic leaves out': async () => {
      const made = await topic({ messageRetentionDuration: { seconds: 3600 } });
      const updateMask = { paths: ['message_retention_duration'] };
      const [changed] = await publisher.updateTopic({ topic: { name: made }, updateMask });
      assert.equal(changed.messageRetentionDuration ?? null, null);
    },
    'refuses an empty mask': async () => {
      await fails(publisher.updateTopic({ topic: { name: await topic() } }), 'INVALID_ARGUMENT', /update_mask/);
    },
    'refuses a mask of the name': async () => {
      const call = publisher.updateTopic({ topic: { name: await topic() }, updateMask: { paths: ['name'] } });
      await fails(call, 'INVALID_ARGUMENT', /name/);
    },
    'fails for a topic that is not there': async () => {
      const updateMask = { paths: ['labels'] };
      await fails(publisher.updateTopic({ topic: { name: name('topics') }, updateMask }), 'NOT_FOUND');
    },
  });
  method('ListTopics', {
    'gives the topics of the project': async () => {
      const made = [await topic(), await topic()];
      const [found] = await publisher.listTopics({ project });
      const listed = new Set(found.map((each) => each.name));
      for (const each of made) assert.ok(listed.has(each));
    },
    'gives them in pages, each once': async () => {
      for (const _ of [1, 2, 3]) await topic();
      const seen: unknown[] = [];
      let pageToken = '';
      do {
        const request = { project, pageSize: 2, pageToken };
        const [page, , answer] = await publisher.listTopics(request, { autoPaginate: false });
        assert.ok(page.length <= 2);
        seen.push(...page.map((each) => each.name));
        pageToken = answer?.nextPageToken ?? '';
      } while (pageToken && seen.length < 1000);
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(seen.length >= 3);
    },
    'refuses a malformed project': async () => {
      await fails(publisher.listTopics({ project: 'nothing' }), 'INVALID_ARGUMENT');
    },
  });
  method('ListTopicSubscriptions', {
    'gives the names of the subscriptions of the topic': async () => {
      const { topic: made, subscription: first } = await pair();
      const second = await subscription(made);
      const [found] = await publisher.listTopicSubscriptions({ topic: made });
      assert.deepEqual(new Set(found), new Set([first, second]));
    },
    'leaves out a subscription that was detached': async () => {
      const { topic: made, subscription: detached } = await pair();
      await publisher.detachSubscription({ subscription: detached });
      assert.deepEqual((await publisher.listTopicSubscriptions({ topic: made }))[0], []);
    },
    'fails for a topic that is not there': async () => {
      await fails(publisher.listTopicSubscriptions({ topic: name('topics') }), 'NOT_FOUND');
    },
  });
  method('DeleteTopic', {
    'removes a topic': async () => {
      const made = await topic();
      await publisher.deleteTopic({ topic: made });
      await fails(publisher.getTopic({ topic: made }), 'NOT_FOUND');
      await fails(publish(made, 'a'), 'NOT_FOUND');
    },
    'leaves its subscriptions what they have, of a deleted topic': async () => {
      const { topic: made, subscription: left } = await pair();
      await publish(made, 'last');
      await publisher.deleteTopic({ topic: made });
      assert.equal((await subscriber.getSubscription({ subscription: left }))[0].topic, '_deleted-topic_');
      assert.equal((await glance(left)).length, 1);
    },
    'does not give its subscriptions to a new topic of its name': async () => {
      const { topic: made, subscription: left } = await pair();
      await publisher.deleteTopic({ topic: made });
      await topic({ name: made });
      await publish(made, 'new');
      assert.equal((await glance(left)).length, 0);
    },
    'fails for a topic that is not there': async () => {
      await fails(publisher.deleteTopic({ topic: name('topics') }), 'NOT_FOUND');
    },
  });
  method('DetachSubscription', {
    'drops what the subscription has and marks it': async () => {
      const { topic: made, subscription: detached } = await pair();
      await publish(made, 'a');
      await publisher.detachSubscription({ subscription: detached });
      assert.equal((await subscriber.getSubscription({ subscription: detached }))[0].detached, true);
      await fails(glance(detached), 'FAILED_PRECONDITION', /detached/);
    },
    'fails for a subscription that is not there': async () => {
      await fails(publisher.detachSubscription({ subscription: name('subscriptions') }), 'NOT_FOUND');
    },
  });
  return all;
}
