import assert from 'node:assert/strict';
import { PubSub, v1 } from '@google-cloud/pubsub';
import type { CreateNotificationOptions } from '@google-cloud/storage';
import { credentials } from '@grpc/grpc-js';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails } from './clients.ts';

export function notifications({ newBucket }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const { endpoint, project } = world;
  const [servicePath = '', port = ''] = endpoint?.split(':') ?? [];
  const local =
    endpoint === undefined ? {} : { servicePath, port: Number(port), sslCreds: credentials.createInsecure() };
  const auth = { getUniverseDomain: async () => 'googleapis.com' } as never;
  const subscriber = new v1.SubscriberClient({ projectId: project, ...local, ...(endpoint && { auth }) });
  const pubsub = new PubSub({
    projectId: project,
    ...(endpoint !== undefined && { apiEndpoint: endpoint, emulatorMode: true, auth }),
  });
  world.onEnd(async () => {
    await subscriber.close();
    await pubsub.close();
  });

  const watch = async (options: CreateNotificationOptions = {}, versioned = false) => {
    const name = world.name('n');
    const [topic] = await pubsub.createTopic(name);
    await topic.createSubscription(name);
    world.onEnd(async () => {
      await topic.subscription(name).delete();
      await topic.delete();
    });
    const bucket = await newBucket(versioned ? { versioning: { enabled: true } } : {});
    const [notification] = await bucket.createNotification(topic.name, options);
    const received: { data: Buffer; attributes: Record<string, string> }[] = [];
    const subscription = `projects/${project}/subscriptions/${name}`;
    const wait = async (count: number) => {
      while (received.length < count) {
        const [answer] = await subscriber.pull({ subscription, maxMessages: 10 });
        const ackIds = (answer.receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
        for (const { message } of answer.receivedMessages ?? []) {
          const { data, attributes } = message ?? {};
          received.push({ data: Buffer.from((data as Uint8Array) ?? ''), attributes: { ...attributes } });
        }
        if (ackIds.length > 0) await subscriber.acknowledge({ subscription, ackIds });
      }
      return received;
    };
    return { bucket, notification, topic, wait };
  };
  const types = (received: readonly { attributes: Record<string, string> }[]) =>
    received.map(({ attributes }) => attributes.eventType).sort();

  method('notifications.insert', {
    'gives the configuration a number and the defaults': async () => {
      const { bucket, notification, topic } = await watch();
      const [metadata] = await bucket.notification(String(notification.id)).getMetadata();
      assert.equal(metadata.kind, 'storage#notification');
      assert.equal(metadata.topic, `//pubsub.googleapis.com/${topic.name}`);
      assert.equal(metadata.payload_format, 'JSON_API_V1');
      assert.match(String(metadata.id), /^\d+$/);
    },
    'refuses a topic that does not exist': async () => {
      const bucket = await newBucket();
      await fails(bucket.createNotification(world.name('none')), 400, /Pub\/Sub topic/);
    },
    'refuses what is no name of a topic': async () => {
      const bucket = await newBucket();
      await fails(bucket.createNotification('//pubsub.googleapis.com/topics'), 400, /Pub\/Sub topic/);
    },
  });

  method('notifications.list', {
    'gives the configurations of the bucket': async () => {
      const { bucket, topic, notification } = await watch();
      const [second] = await bucket.createNotification(topic.name, { eventTypes: ['OBJECT_DELETE'] });
      const [found] = await bucket.getNotifications();
      assert.deepEqual(found.map(({ id }) => id).sort(), [notification.id, second.id].sort());
    },
  });

  method('notifications.delete', {
    'removes a configuration': async () => {
      const { bucket, notification } = await watch();
      await notification.delete();
      assert.deepEqual((await bucket.getNotifications())[0], []);
      await fails(bucket.notification(String(notification.id)).getMetadata(), 404);
    },
    'answers 404 for one that does not exist': async () => {
      await fails((await newBucket()).notification('99').delete(), 404);
    },
  });

  method('Pub/Sub notifications', {
    'tell of a new object by its resource and the documented attributes': async () => {
      const { bucket, notification, wait } = await watch({ customAttributes: { team: 'qa' } });
      const file = bucket.file('a/b.txt');
      await file.save('hello', { resumable: false });
      const [message] = await wait(1);
      const { eventTime, ...attributes } = message?.attributes ?? {};
      assert.ok(Date.parse(eventTime ?? '') > 0);
      assert.deepEqual(attributes, {
        team: 'qa',
        notificationConfig: `projects/_/buckets/${bucket.name}/notificationConfigs/${notification.id}`,
        eventType: 'OBJECT_FINALIZE',
        payloadFormat: 'JSON_API_V1',
        bucketId: bucket.name,
        objectId: 'a/b.txt',
        objectGeneration: String(file.metadata.generation),
      });
      const resource = JSON.parse(String(message?.data));
      assert.deepEqual([resource.kind, resource.name, resource.size], ['storage#object', 'a/b.txt', '5']);
    },
    'tell of overwriting, which generation and by which': async () => {
      const { bucket, wait } = await watch();
      const file = bucket.file('x');
      await file.save('1', { resumable: false });
      const first = String(file.metadata.generation);
      await file.save('2', { resumable: false });
      const received = await wait(3);
      assert.deepEqual(types(received), ['OBJECT_DELETE', 'OBJECT_FINALIZE', 'OBJECT_FINALIZE']);
      const gone = received.find(({ attributes }) => attributes.eventType === 'OBJECT_DELETE');
      assert.equal(gone?.attributes.objectGeneration, first);
      assert.equal(gone?.attributes.overwrittenByGeneration, String(file.metadata.generation));
      assert.ok(received.some(({ attributes }) => attributes.overwroteGeneration === first));
    },
    'tell of metadata and of deleting': async () => {
      const { bucket, wait } = await watch({ eventTypes: ['OBJECT_METADATA_UPDATE', 'OBJECT_DELETE'] });
      const file = bucket.file('x');
      await file.save('1', { resumable: false });
      await file.setMetadata({ metadata: { a: '1' } });
      await file.delete();
      assert.deepEqual(types(await wait(2)), ['OBJECT_DELETE', 'OBJECT_METADATA_UPDATE']);
    },
    'tell of archiving where versions are kept': async () => {
      const { bucket, wait } = await watch({ eventTypes: ['OBJECT_ARCHIVE', 'OBJECT_DELETE'] }, true);
      const file = bucket.file('x');
      await file.save('1', { resumable: false });
      await file.delete();
      assert.deepEqual(types(await wait(1)), ['OBJECT_ARCHIVE']);
    },
    'have no data when that is the format, and concern only a prefix': async () => {
      const { bucket, wait } = await watch({ payloadFormat: 'NONE', objectNamePrefix: 'in/' });
      await bucket.file('out/x').save('1', { resumable: false });
      await bucket.file('in/x').save('1', { resumable: false });
      const [message] = await wait(1);
      assert.equal(message?.data.length, 0);
      assert.deepEqual([message?.attributes.objectId, message?.attributes.payloadFormat], ['in/x', 'NONE']);
    },
  });
  return all;
}
