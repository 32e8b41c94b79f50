import assert from 'node:assert/strict';
import { v1 } from '@google-cloud/pubsub';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { credentials } from '@grpc/grpc-js';
import { startServices, type TestCloud } from './plumbing/testing.ts';
import { createPubsub } from './pubsub/index.ts';
import { createSecretManager } from './secret-manager/index.ts';

const PARENT = 'projects/virtuoso-local';
const TOPIC = `${PARENT}/topics/rotations`;
const SUBSCRIPTION = `${PARENT}/subscriptions/rotations`;
const HOUR_MS = 3_600_000;

describe('the topics of local secrets', () => {
  let detection: string | undefined;
  let cloud: TestCloud;
  let secrets: SecretManagerServiceClient;
  let publisher: v1.PublisherClient;
  let subscriber: v1.SubscriberClient;

  before(async () => {
    detection = process.env.METADATA_SERVER_DETECTION;
    process.env.METADATA_SERVER_DETECTION = 'none';
    cloud = await startServices([createPubsub, createSecretManager]);
    const options = {
      projectId: 'virtuoso-local',
      servicePath: '127.0.0.1',
      apiEndpoint: '127.0.0.1',
      port: cloud.port,
      sslCreds: credentials.createInsecure(),
    };
    secrets = new SecretManagerServiceClient(options);
    publisher = new v1.PublisherClient(options);
    subscriber = new v1.SubscriberClient(options);
    await publisher.createTopic({ name: TOPIC });
    await subscriber.createSubscription({ name: SUBSCRIPTION, topic: TOPIC });
  });

  after(async () => {
    await Promise.all([secrets.close(), publisher.close(), subscriber.close()]);
    await cloud.close();
    if (detection === undefined) delete process.env.METADATA_SERVER_DETECTION;
    else process.env.METADATA_SERVER_DETECTION = detection;
  });

  const settled = async () => {
    while (cloud.services.some((service) => service.name === 'secret-manager' && (service.pending?.() ?? 0) > 0))
      await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const events = async () => {
    await settled();
    const [answer] = await subscriber.pull({ subscription: SUBSCRIPTION, maxMessages: 50, returnImmediately: true });
    const received = answer.receivedMessages ?? [];
    const ackIds = received.map(({ ackId }) => ackId ?? '');
    if (ackIds.length > 0) await subscriber.acknowledge({ subscription: SUBSCRIPTION, ackIds });
    return received.map(({ message }) => ({
      type: message?.attributes?.eventType,
      attributes: message?.attributes ?? {},
      resource: JSON.parse(String(message?.data)) as Record<string, unknown>,
    }));
  };
  const types = async () => (await events()).map(({ type }) => type).sort();
  const create = async (secretId: string, secret: object) =>
    (
      await secrets.createSecret({
        parent: PARENT,
        secretId,
        secret: { replication: { automatic: {} }, topics: [{ name: TOPIC }], ...secret },
      })
    )[0];

  it('are told of every change of the secret and its versions', async () => {
    const name = (await create('told', {})).name ?? '';
    assert.deepEqual(await types(), ['SECRET_CREATE', 'TOPIC_CONFIGURED']);
    const [version] = await secrets.addSecretVersion({ parent: name, payload: { data: Buffer.from('x') } });
    const [added] = await events();
    assert.equal(added?.attributes.versionId, version.name);
    assert.equal(added?.resource.state, 'ENABLED');
    await secrets.disableSecretVersion({ name: version.name ?? '' });
    await secrets.deleteSecret({ name });
    const last = await events();
    assert.deepEqual(last.map(({ type }) => type).sort(), ['SECRET_DELETE', 'SECRET_VERSION_DISABLE']);
  });

  it('are told by the clock to rotate, period after period', async () => {
    const nextRotationTime = { seconds: Math.floor((cloud.clock.now() + HOUR_MS) / 1000) };
    const { name } = await create('rotated', { rotation: { nextRotationTime, rotationPeriod: { seconds: 7200 } } });
    await types();
    cloud.clock.advance(HOUR_MS + 1000);
    assert.deepEqual(await types(), ['SECRET_ROTATE']);
    const [secret] = await secrets.getSecret({ name: name ?? '' });
    assert.equal(Number(secret.rotation?.nextRotationTime?.seconds), nextRotationTime.seconds + 7200);
    cloud.clock.advance(2 * HOUR_MS);
    assert.deepEqual(await types(), ['SECRET_ROTATE']);
  });

  it('are told that a secret has expired', async () => {
    await create('expired', { ttl: { seconds: 120 } });
    await types();
    cloud.clock.advance(121_000);
    const [gone] = (await events()).filter(({ type }) => type === 'SECRET_DELETE');
    assert.equal(gone?.attributes.deleteType, 'EXPIRED');
  });

  it('must exist', async () => {
    const topics = [{ name: `${PARENT}/topics/no-such` }];
    await assert.rejects(create('lost', { topics }), /FAILED_PRECONDITION: cannot publish to the topic/);
  });
});
