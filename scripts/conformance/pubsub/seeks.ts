import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, type ISubscription, texts } from './clients.ts';

/** Seek, snapshots, and what is retained for them. */
export function seeks(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { publisher, subscriber, project, name, topic, subscription, pair, publish, pull, glance, ack } = clients;
  const { method, all } = collector();
  const now = () => clock?.now() ?? Date.now();
  const seekTo = (of: string, time: number) =>
    subscriber.seek({ subscription: of, time: { seconds: Math.floor(time / 1000), nanos: 0 } });
  const snapshotOf = async (of: string, labels = {}) => {
    const called = name('snapshots');
    const [snapshot] = await subscriber.createSnapshot({ name: called, subscription: of, labels });
    return { ...snapshot, name: called };
  };
  const used = async (settings: ISubscription, retained = false) => {
    const to = await topic(retained ? { messageRetentionDuration: { seconds: 3600 } } : {});
    const of = await subscription(to, settings);
    await publish(to, 'a', 'b');
    await ack(of, await pull(of, 2));
    return { to, of };
  };
  const HOUR_MS = 3_600_000;
  method('Seek', {
    'to a time to come acknowledges everything': async () => {
      const { topic: to, subscription: of } = await pair();
      await publish(to, 'a');
      await seekTo(of, now() + HOUR_MS);
      assert.deepEqual(await glance(of), []);
    },
    'to a time past brings back what the subscription retains': async () => {
      const { of } = await used({ retainAckedMessages: true });
      await seekTo(of, now() - HOUR_MS);
      assert.deepEqual(texts(await pull(of, 2)).sort(), ['a', 'b']);
    },
    'to a time past brings back what the topic retains': async () => {
      const { of } = await used({}, true);
      await seekTo(of, now() - HOUR_MS);
      assert.deepEqual(texts(await pull(of, 2)).sort(), ['a', 'b']);
    },
    'brings back nothing that is not retained': async () => {
      const { of } = await used({});
      await seekTo(of, now() - HOUR_MS);
      assert.deepEqual(await glance(of), []);
    },
    'brings back what the topic had before the subscription': async () => {
      const to = await topic({ messageRetentionDuration: { seconds: 3600 } });
      await publish(to, 'before');
      const of = await subscription(to);
      await seekTo(of, now() - HOUR_MS);
      assert.deepEqual(texts(await pull(of, 1)), ['before']);
    },
    'brings back only what passes the filter': async () => {
      const to = await topic({ messageRetentionDuration: { seconds: 3600 } });
      await publish(to, 'no', { data: Buffer.from('yes'), attributes: { a: '1' } });
      const of = await subscription(to, { filter: 'attributes:a' });
      await seekTo(of, now() - HOUR_MS);
      assert.deepEqual(texts(await glance(of)), ['yes']);
    },
    'no longer brings back what the topic was told not to retain': async () => {
      const { to, of } = await used({}, true);
      await publisher.updateTopic({ topic: { name: to }, updateMask: { paths: ['message_retention_duration'] } });
      await seekTo(of, now() - HOUR_MS);
      assert.deepEqual(await glance(of), []);
    },
    'to a snapshot brings back what was not acknowledged then': async () => {
      const { topic: to, subscription: of } = await pair();
      await publish(to, 'a', 'b');
      const snapshot = await snapshotOf(of);
      await ack(of, await pull(of, 2));
      await subscriber.seek({ subscription: of, snapshot: snapshot.name });
      assert.deepEqual(texts(await pull(of, 2)).sort(), ['a', 'b']);
    },
    'to a snapshot brings back what was published since': async () => {
      const { topic: to, subscription: of } = await pair();
      const snapshot = await snapshotOf(of);
      await publish(to, 'since');
      await ack(of, await pull(of, 1));
      await subscriber.seek({ subscription: of, snapshot: snapshot.name });
      assert.deepEqual(texts(await pull(of, 1)), ['since']);
    },
    'is not undone by acknowledging what was delivered before it': async () => {
      const { topic: to, subscription: of } = await pair();
      const snapshot = await snapshotOf(of);
      await publish(to, 'a');
      const before = await pull(of, 1);
      await subscriber.seek({ subscription: of, snapshot: snapshot.name });
      await ack(of, before);
      const after = await glance(of);
      assert.deepEqual(texts(after), ['a']);
      await ack(of, after);
      assert.deepEqual(await glance(of), []);
    },
    'to a snapshot can be done again, and by another subscription of the topic': async () => {
      const { topic: to, subscription: of } = await pair();
      await publish(to, 'a');
      const snapshot = await snapshotOf(of);
      const other = await subscription(to);
      for (const each of [of, other, of]) {
        await subscriber.seek({ subscription: each, snapshot: snapshot.name });
        await ack(each, await pull(each, 1));
      }
    },
    'refuses a snapshot of another topic': async () => {
      const [one, two] = [await pair(), await pair()];
      const snapshot = await snapshotOf(one.subscription);
      const call = subscriber.seek({ subscription: two.subscription, snapshot: snapshot.name });
      await fails(call, 'INVALID_ARGUMENT', /topic/);
    },
    'refuses to go nowhere': async () => {
      await fails(subscriber.seek({ subscription: (await pair()).subscription }), 'INVALID_ARGUMENT');
    },
    'fails for a subscription that is not there': async () => {
      await fails(seekTo(name('subscriptions'), now()), 'NOT_FOUND');
    },
    'fails for a snapshot that is not there': async () => {
      const { subscription: of } = await pair();
      await fails(subscriber.seek({ subscription: of, snapshot: name('snapshots') }), 'NOT_FOUND');
    },
  });
  method('CreateSnapshot', {
    'gives a snapshot of the topic that lasts for a week': async () => {
      const { topic: to, subscription: of } = await pair();
      const made = await snapshotOf(of, { a: 'b' });
      assert.deepEqual([made.topic, made.labels], [to, { a: 'b' }]);
      const life = Number(made.expireTime?.seconds) * 1000 - now();
      assert.ok(Math.abs(life - 7 * 24 * HOUR_MS) < 60_000, `${life} ms`);
    },
    'refuses a name that is taken': async () => {
      const { subscription: of } = await pair();
      const { name: taken } = await snapshotOf(of);
      await fails(subscriber.createSnapshot({ name: taken, subscription: of }), 'ALREADY_EXISTS');
    },
    'fails for a subscription that is not there': async () => {
      await fails(snapshotOf(name('subscriptions')), 'NOT_FOUND');
    },
  });
  method('GetSnapshot', {
    'fails for a snapshot that is not there': async () => {
      await fails(subscriber.getSnapshot({ snapshot: name('snapshots') }), 'NOT_FOUND');
    },
  });
  method('ListSnapshots', {
    'gives the snapshots of the project, in pages': async () => {
      const { subscription: of } = await pair();
      const made = [(await snapshotOf(of)).name, (await snapshotOf(of)).name];
      const [page, , answer] = await subscriber.listSnapshots({ project, pageSize: 1 }, { autoPaginate: false });
      assert.equal(page.length, 1);
      assert.ok(answer?.nextPageToken);
      const listed = new Set((await subscriber.listSnapshots({ project }))[0].map((each) => each.name));
      for (const each of made) assert.ok(listed.has(each));
    },
  });
  method('ListTopicSnapshots', {
    'gives the names of the snapshots of the topic': async () => {
      const { topic: to, subscription: of } = await pair();
      const { name: made } = await snapshotOf(of);
      assert.deepEqual((await publisher.listTopicSnapshots({ topic: to }))[0], [made]);
    },
  });
  method('UpdateSnapshot', {
    'changes the labels': async () => {
      const { name: made } = await snapshotOf((await pair()).subscription, { a: 'b' });
      const request = { snapshot: { name: made, labels: { c: 'd' } }, updateMask: { paths: ['labels'] } };
      assert.deepEqual((await subscriber.updateSnapshot(request))[0].labels, { c: 'd' });
    },
    'refuses to change the topic': async () => {
      const { name: made } = await snapshotOf((await pair()).subscription);
      const request = { snapshot: { name: made }, updateMask: { paths: ['topic'] } };
      await fails(subscriber.updateSnapshot(request), 'INVALID_ARGUMENT', /topic/);
    },
  });
  method('DeleteSnapshot', {
    'removes a snapshot': async () => {
      const { name: made } = await snapshotOf((await pair()).subscription);
      await subscriber.deleteSnapshot({ snapshot: made });
      await fails(subscriber.getSnapshot({ snapshot: made }), 'NOT_FOUND');
    },
    'fails for a snapshot that is not there': async () => {
      await fails(subscriber.deleteSnapshot({ snapshot: name('snapshots') }), 'NOT_FOUND');
    },
  });
  if (!clock) return all;
  method('retention', {
    'ends what a topic can be sought back to': async () => {
      const { of } = await used({}, true);
      clock.advance(2 * HOUR_MS);
      await seekTo(of, now() - 3 * HOUR_MS);
      assert.deepEqual(await glance(of), []);
    },
  });
  method('CreateSnapshot', {
    'makes one that expires': async () => {
      const { name: made } = await snapshotOf((await pair()).subscription);
      clock.advance(8 * 24 * HOUR_MS);
      await fails(subscriber.getSnapshot({ snapshot: made }), 'NOT_FOUND');
    },
    'refuses a subscription whose backlog is nearly a week old': async () => {
      const { topic: to, subscription: of } = await pair();
      await publish(to, 'old');
      clock.advance(7 * 24 * HOUR_MS - HOUR_MS / 2);
      await fails(snapshotOf(of), 'FAILED_PRECONDITION', /expire/);
    },
  });
  return all;
}
