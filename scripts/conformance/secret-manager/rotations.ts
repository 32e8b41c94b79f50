import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

const HOUR_S = 3600;

/** Topics and rotation. */
export function rotations({ secrets, create, add, topic, event }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const inSeconds = (seconds: number) => ({
    seconds: Math.floor((world.clock?.now() ?? Date.now()) / 1000) + seconds,
  });
  method('CreateSecret', {
    'tells its topics that they are configured': async () => {
      const { name, subscription } = await topic();
      const secret = await create({ topics: [{ name }] });
      assert.deepEqual(
        secret.topics?.map((each) => each.name),
        [name],
      );
      assert.ok((await event(subscription, 'TOPIC_CONFIGURED')).attributes.secretId);
    },
    'keeps when the secret is to be rotated': async () => {
      const { name } = await topic();
      const nextRotationTime = inSeconds(HOUR_S);
      const { rotation } = await create({
        topics: [{ name }],
        rotation: { nextRotationTime, rotationPeriod: { seconds: 2 * HOUR_S } },
      });
      assert.equal(Number(rotation?.nextRotationTime?.seconds), nextRotationTime.seconds);
      assert.equal(Number(rotation?.rotationPeriod?.seconds), 2 * HOUR_S);
    },
    'refuses a rotation without topics': async () => {
      await fails(create({ rotation: { nextRotationTime: inSeconds(HOUR_S) } }), 'INVALID_ARGUMENT', /topic/i);
    },
    'refuses a rotation period below an hour': async () => {
      const { name } = await topic();
      const rotation = { nextRotationTime: inSeconds(HOUR_S), rotationPeriod: { seconds: 60 } };
      await fails(create({ topics: [{ name }], rotation }), 'INVALID_ARGUMENT', /rotation_period/);
    },
    'refuses a rotation within five minutes': async () => {
      const { name } = await topic();
      const rotation = { nextRotationTime: inSeconds(60) };
      await fails(create({ topics: [{ name }], rotation }), 'INVALID_ARGUMENT', /next_rotation_time/);
    },
    'refuses a rotation period without a time': async () => {
      const { name } = await topic();
      const rotation = { rotationPeriod: { seconds: HOUR_S } };
      await fails(create({ topics: [{ name }], rotation }), 'INVALID_ARGUMENT', /next_rotation_time/);
    },
    'refuses a topic by a name of another form': async () => {
      await fails(create({ topics: [{ name: 'topics/x' }] }), 'INVALID_ARGUMENT');
    },
    'refuses more than ten topics': async () => {
      const topics = Array.from({ length: 11 }, (_, index) => ({ name: `projects/${world.project}/topics/t${index}` }));
      await fails(create({ topics }), 'INVALID_ARGUMENT');
    },
  });
  method('AddSecretVersion', {
    'tells the topics of the secret': async () => {
      const { name, subscription } = await topic();
      const secret = await create({ topics: [{ name }] });
      const version = await add(secret.name, 'x');
      const { attributes, data } = await event(subscription, 'SECRET_VERSION_ADD');
      assert.equal(attributes.versionId, version.name);
      assert.equal(attributes.dataFormat, 'JSON_API_V1');
      assert.equal((data as { state?: string }).state, 'ENABLED');
    },
  });
  method('UpdateSecret', {
    'removes a rotation': async () => {
      const { name } = await topic();
      const secret = await create({ topics: [{ name }], rotation: { nextRotationTime: inSeconds(HOUR_S) } });
      const [changed] = await secrets.updateSecret({
        secret: { name: secret.name },
        updateMask: { paths: ['rotation'] },
      });
      assert.ok(!changed.rotation?.nextRotationTime);
    },
    'changes the rotation period alone': async () => {
      const { name } = await topic();
      const secret = await create({ topics: [{ name }], rotation: { nextRotationTime: inSeconds(HOUR_S) } });
      const [changed] = await secrets.updateSecret({
        secret: { name: secret.name, rotation: { rotationPeriod: { seconds: 3 * HOUR_S } } },
        updateMask: { paths: ['rotation.rotation_period'] },
      });
      assert.equal(Number(changed.rotation?.rotationPeriod?.seconds), 3 * HOUR_S);
      assert.ok(changed.rotation?.nextRotationTime);
    },
  });
  const { clock } = world;
  if (clock) {
    method('SECRET_ROTATE', {
      'is published when the time has come, and the next time is a period later': async () => {
        const { name, subscription } = await topic();
        const nextRotationTime = inSeconds(HOUR_S);
        const rotation = { nextRotationTime, rotationPeriod: { seconds: 2 * HOUR_S } };
        const secret = await create({ topics: [{ name }], rotation });
        clock.advance((HOUR_S + 1) * 1000);
        assert.equal((await event(subscription, 'SECRET_ROTATE')).attributes.secretId, secret.name);
        const [after] = await secrets.getSecret({ name: secret.name });
        assert.equal(Number(after.rotation?.nextRotationTime?.seconds), nextRotationTime.seconds + 2 * HOUR_S);
      },
    });
  }
  return all;
}
