import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

const DAY_S = 86_400;

/** EnableSecretVersion, DisableSecretVersion and DestroySecretVersion. */
export function states({ secrets, create, add, access }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  method('DisableSecretVersion', {
    'keeps the payload from being accessed': async () => {
      const { name } = await create();
      const version = await add(name, 'x');
      assert.equal((await secrets.disableSecretVersion({ name: version.name }))[0].state, 'DISABLED');
      await fails(access(name, '1'), 'FAILED_PRECONDITION', /DISABLED/);
    },
    'does not make latest an older version': async () => {
      const { name } = await create();
      await add(name, 'old');
      const version = await add(name, 'new');
      await secrets.disableSecretVersion({ name: version.name });
      await fails(access(name, 'latest'), 'FAILED_PRECONDITION', /DISABLED/);
    },
    'gives a new etag': async () => {
      const { name } = await create();
      const version = await add(name, 'x');
      assert.notEqual((await secrets.disableSecretVersion({ name: version.name }))[0].etag, version.etag);
    },
    'refuses an old etag': async () => {
      const { name } = await create();
      const version = await add(name, 'x');
      await secrets.disableSecretVersion({ name: version.name });
      const call = secrets.disableSecretVersion({
        name: version.name,
        ...(version.etag ? { etag: version.etag } : {}),
      });
      await fails(call, 'FAILED_PRECONDITION');
    },
  });
  method('EnableSecretVersion', {
    'gives the payload back': async () => {
      const { name } = await create();
      const version = await add(name, 'x');
      await secrets.disableSecretVersion({ name: version.name });
      assert.equal((await secrets.enableSecretVersion({ name: version.name }))[0].state, 'ENABLED');
      assert.equal(await access(name, '1'), 'x');
    },
    'cannot bring back what is destroyed': async () => {
      const { name } = await create();
      const version = await add(name, 'x');
      await secrets.destroySecretVersion({ name: version.name });
      await fails(secrets.enableSecretVersion({ name: version.name }), 'FAILED_PRECONDITION', /DESTROYED/);
    },
  });
  method('DestroySecretVersion', {
    'is for ever and says when': async () => {
      const { name } = await create();
      const version = await add(name, 'x');
      const [destroyed] = await secrets.destroySecretVersion({ name: version.name });
      assert.equal(destroyed.state, 'DESTROYED');
      assert.ok(destroyed.destroyTime);
      await fails(access(name, '1'), 'FAILED_PRECONDITION', /DESTROYED/);
    },
    'waits for the version destroy TTL, in which the version is disabled': async () => {
      const { name } = await create({ versionDestroyTtl: { seconds: DAY_S } });
      const version = await add(name, 'x');
      const [waiting] = await secrets.destroySecretVersion({ name: version.name });
      assert.equal(waiting.state, 'DISABLED');
      const now = (world.clock?.now() ?? Date.now()) / 1000;
      assert.ok(Math.abs(Number(waiting.scheduledDestroyTime?.seconds) - now - DAY_S) < 60);
    },
    'is called off by enabling the version': async () => {
      const { name } = await create({ versionDestroyTtl: { seconds: DAY_S } });
      const version = await add(name, 'x');
      await secrets.destroySecretVersion({ name: version.name });
      const [enabled] = await secrets.enableSecretVersion({ name: version.name });
      assert.ok(!enabled.scheduledDestroyTime);
      assert.equal(await access(name, '1'), 'x');
    },
  });
  const { clock } = world;
  if (clock) {
    method('DestroySecretVersion', {
      'happens when the version destroy TTL is over': async () => {
        const { name } = await create({ versionDestroyTtl: { seconds: DAY_S } });
        const version = await add(name, 'x');
        await secrets.destroySecretVersion({ name: version.name });
        clock.advance(DAY_S * 1000 + 1000);
        const [destroyed] = await secrets.getSecretVersion({ name: version.name });
        assert.equal(destroyed.state, 'DESTROYED');
        assert.ok(!destroyed.scheduledDestroyTime);
      },
    });
  }
  method('CreateSecret', {
    'refuses a version destroy TTL below a day': async () => {
      await fails(create({ versionDestroyTtl: { seconds: 3600 } }), 'INVALID_ARGUMENT', /destroy/i);
    },
  });
  return all;
}
