import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { defineFunction } from '../../../shared/define/function.ts';
import { defineService, reads, writes } from '../../../shared/define/service.ts';
import { onSchedule } from '../../../shared/define/trigger.ts';
import { artifactsBucket, reportsBucket } from '../../../shared/resources/buckets.ts';
import { runLogCollection, runsCollection, testsCollection } from '../../../shared/resources/collections.ts';
import { defaultQueue, testSuite } from '../../../shared/resources/queues.ts';
import { apiKeySecret, encryptionKeySecret, tokenKeySecret } from '../../../shared/resources/secrets.ts';
import { testRuns, userActivity } from '../../../shared/resources/tables.ts';
import {
  analyticsSubscriptions,
  deadLetterSubscription,
  systemEvents,
  testEvents,
} from '../../../shared/resources/topics.ts';
import { type GoogleClients, googleClients } from '../../chain/clients.ts';
import { type LocalCloud, startCloud } from '../cloud.ts';
import { subscriberClient } from '../pubsub/client.ts';

const analytics = analyticsSubscriptions[0] ?? deadLetterSubscription;
const clerk = defineFunction({
  name: 'clerk',
  summary: 'Is never run.',
  trigger: onSchedule('0 0 1 1 *'),
  services: {
    all: defineService(
      [
        ...[reads(testsCollection), writes(runsCollection), writes(runLogCollection)],
        ...[reads(reportsBucket), writes(artifactsBucket), writes(testEvents), writes(defaultQueue)],
        ...[reads(apiKeySecret), writes(tokenKeySecret), writes(testRuns), reads(analytics)],
      ],
      () => undefined,
    ),
  },
  handle: async () => {},
});

const project = 'virtuoso-local';

describe('what a function may do in the local cloud', () => {
  let cloud: LocalCloud;
  let own: GoogleClients;
  let all: GoogleClients;
  let secrets: SecretManagerServiceClient;
  let subscriber: ReturnType<typeof subscriberClient>;
  before(async function () {
    this.timeout(60_000);
    cloud = await startCloud({ functions: [clerk], bundles: async () => new Map() });
    const origin = cloud.servicesFor('clerk');
    const port = Number(new URL(origin).port);
    own = googleClients({ origin, port });
    all = googleClients(cloud);
    secrets = new SecretManagerServiceClient({
      ...{ apiEndpoint: '127.0.0.1', port, projectId: project },
      sslCreds: credentials.createInsecure(),
      authClient: new OAuth2Client() as never,
    });
    subscriber = subscriberClient(port);
    await all.firestore.doc('tests/t').set({ a: 1 });
    await all.storage.bucket('virtuoso-reports').file('r').save('report', { resumable: false });
  });
  after(async () => {
    await Promise.all([own?.close(), all?.close(), secrets?.close(), subscriber?.close()]);
    await cloud?.close();
  });

  const denied = (work: Promise<unknown>, what: RegExp) =>
    assert.rejects(work, (error: Error & { code?: number }) => {
      assert.match(String(error.message), what);
      assert.ok(error.code === 7 || error.code === 403, String(error.code));
      return true;
    });
  const task = { httpRequest: { url: 'http://127.0.0.1:1/x' } };
  const queue = (name: string) => `projects/${project}/locations/us-central1/queues/${name}`;
  const secret = (name: string) => `projects/${project}/secrets/${name}`;

  it('reads and writes what it declares', async () => {
    const { firestore, storage, bigquery } = own;
    assert.equal((await firestore.doc('tests/t').get()).get('a'), 1);
    await firestore.doc('runs/r').set({ user_id: 'u' });
    await firestore.doc('runs/r/log/1').set({ n: 1 });
    await firestore.runTransaction(async (transaction) => {
      transaction.update(firestore.doc('runs/r'), { n: (await transaction.get(firestore.doc('tests/t'))).get('a') });
    });
    assert.equal((await firestore.collection('runs').where('user_id', '==', 'u').count().get()).data().count, 1);
    await storage.bucket('virtuoso-artifacts').file('a').save('x', { resumable: false });
    assert.equal(String((await storage.bucket('virtuoso-reports').file('r').download())[0]), 'report');
    await own.pubsub.topic('test-events').publishMessage({ data: Buffer.from('x') });
    await own.tasks.createTask({ parent: queue('default'), task });
    await secrets.accessSecretVersion({ name: `${secret('virtuoso-api-key')}/versions/latest` });
    await secrets.addSecretVersion({ parent: secret('token-signing-key'), payload: { data: Buffer.from('{}') } });
    await secrets.listSecretVersions({ parent: secret('token-signing-key') });
    await bigquery
      .dataset('analytics')
      .table('test_runs')
      .insert([{ event_id: 'e', ended_at: new Date() }]);
    await subscriber.pull({
      subscription: `projects/${project}/subscriptions/${analytics.name}`,
      maxMessages: 1,
      returnImmediately: true,
    });
  });

  it('listens to what it declares, and to nothing else', async () => {
    await new Promise<void>((resolve, reject) => {
      const stop = own.firestore.doc('tests/t').onSnapshot(() => {
        stop();
        resolve();
      }, reject);
    });
    const refusal = new Promise((_, reject) => {
      own.firestore.doc('users/u').onSnapshot(() => {}, reject);
    });
    await assert.rejects(refusal, /Error 7: .*fn-clerk@virtuoso-local\.iam.*read the collection 'users'/);
  });

  it('is denied writing documents that it only reads', async () => {
    await denied(own.firestore.doc('tests/t').update({ a: 2 }), /write the collection 'tests'/);
    await denied(own.firestore.doc('tests/t').delete(), /write the collection 'tests'/);
    assert.equal((await all.firestore.doc('tests/t').get()).get('a'), 1);
  });

  it('is denied all of a batch when a part of it is not allowed', async () => {
    const batch = own.firestore.batch();
    batch.set(own.firestore.doc('runs/batch'), { a: 1 });
    batch.set(own.firestore.doc('users/batch'), { a: 1 });
    await denied(batch.commit(), /write the collection 'users'/);
    assert.equal((await all.firestore.doc('runs/batch').get()).exists, false);
  });

  it('is denied other objects, buckets, and writing what it only reads', async () => {
    const { storage } = own;
    await denied(storage.bucket('virtuoso-tests').file('x').download(), /read the bucket 'virtuoso-tests'/);
    await denied(storage.bucket('virtuoso-reports').file('r').save('y', { resumable: false }), /write the bucket/);
    await denied(storage.bucket('virtuoso-reports').file('r').delete(), /write the bucket 'virtuoso-reports'/);
    await denied(storage.createBucket('more'), /no declared use of a function allows this/);
  });

  it('is denied other topics, queues, subscriptions, secrets and tables', async () => {
    await denied(own.pubsub.topic(systemEvents.name).publishMessage({ data: Buffer.from('x') }), /write the topic/);
    await denied(own.pubsub.createTopic('more'), /no declared use of a function allows this/);
    await denied(own.tasks.createTask({ parent: queue(testSuite.name), task }), /write the queue 'test-suite'/);
    await denied(
      subscriber.pull({
        subscription: `projects/${project}/subscriptions/${deadLetterSubscription.name}`,
        maxMessages: 1,
      }),
      /read the pull-subscription 'dead-letters-kept'/,
    );
    for (const name of [encryptionKeySecret.name, tokenKeySecret.name])
      await denied(secrets.accessSecretVersion({ name: `${secret(name)}/versions/latest` }), /read the secret/);
    await denied(
      secrets.addSecretVersion({ parent: secret(apiKeySecret.name), payload: { data: Buffer.from('x') } }),
      /write the secret 'virtuoso-api-key'/,
    );
    const table = own.bigquery.dataset('analytics').table(userActivity.name);
    await denied(table.insert([{ event_id: 'e' }]), /write the table 'user_activity'/);
    await denied(own.bigquery.query('SELECT 1'), /read a table or a view/);
  });

  it('is told by the metadata server who it is', async () => {
    const email = async (origin: string) => {
      const path = '/computeMetadata/v1/instance/service-accounts/default/email';
      return (await fetch(`${origin}${path}`, { headers: { 'metadata-flavor': 'Google' } })).text();
    };
    assert.equal(await email(cloud.servicesFor('clerk')), 'fn-clerk@virtuoso-local.iam.gserviceaccount.com');
    assert.equal(await email(cloud.origin), 'virtuoso@virtuoso-local.iam.gserviceaccount.com');
  });

  it('goes by a port that stays the same when the cloud starts anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'virtuoso-doors-'));
    const start = () => startCloud({ functions: [clerk], bundles: async () => new Map(), data: folder });
    try {
      const first = await start();
      const door = first.servicesFor('clerk');
      await first.close();
      const second = await start();
      assert.equal(second.servicesFor('clerk'), door);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is all when the cloud is told so', async () => {
    const open = await startCloud({ functions: [clerk], bundles: async () => new Map(), permissions: 'all' });
    assert.equal(open.servicesFor('clerk'), open.origin);
    await open.close();
  });
});
