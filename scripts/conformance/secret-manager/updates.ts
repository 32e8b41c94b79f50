import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

/** UpdateSecret. */
export function updates({ secrets, create, add, access }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const update = async (name: string, change: object, paths: string[]) =>
    (await secrets.updateSecret({ secret: { name, ...change }, updateMask: { paths } }))[0];
  method('UpdateSecret', {
    'changes what the mask names alone': async () => {
      const { name } = await create({ labels: { keep: 'me' }, annotations: { old: 'x' } });
      const changed = await update(name, { annotations: { new: 'y' }, labels: {} }, ['annotations']);
      assert.deepEqual([changed.labels, changed.annotations], [{ keep: 'me' }, { new: 'y' }]);
    },
    'gives a new etag': async () => {
      const secret = await create();
      assert.notEqual((await update(secret.name, { labels: { a: 'b' } }, ['labels'])).etag, secret.etag);
    },
    'takes the present etag': async () => {
      const { name, etag } = await create();
      assert.deepEqual((await update(name, { etag, labels: { a: 'b' } }, ['labels'])).labels, { a: 'b' });
    },
    'refuses an old etag': async () => {
      const { name, etag } = await create();
      await update(name, { labels: { a: 'b' } }, ['labels']);
      await fails(update(name, { etag, labels: {} }, ['labels']), 'FAILED_PRECONDITION', /etag/i);
    },
    'refuses an empty mask': async () => {
      const { name } = await create();
      await fails(update(name, { labels: {} }, []), 'INVALID_ARGUMENT');
    },
    'refuses to change the replication': async () => {
      const { name } = await create();
      const replication = { userManaged: { replicas: [{ location: 'us-east1' }] } };
      await fails(update(name, { replication }, ['replication']), 'INVALID_ARGUMENT');
    },
    'sets an expiry and removes it': async () => {
      const { name } = await create();
      assert.ok((await update(name, { ttl: { seconds: 7200 } }, ['ttl'])).expireTime);
      assert.ok(!(await update(name, {}, ['expire_time'])).expireTime);
    },
    'gives a version an alias that it is accessed by': async () => {
      const { name } = await create();
      await add(name, 'one');
      await add(name, 'two');
      await update(name, { versionAliases: { stable: 1 } }, ['version_aliases']);
      assert.equal(await access(name, 'stable'), 'one');
    },
    'moves an alias': async () => {
      const { name } = await create();
      await add(name, 'one');
      await add(name, 'two');
      await update(name, { versionAliases: { stable: 1 } }, ['version_aliases']);
      await update(name, { versionAliases: { stable: 2 } }, ['version_aliases']);
      assert.equal(await access(name, 'stable'), 'two');
    },
    'refuses an alias of a version that is not there': async () => {
      const { name } = await create();
      await assert.rejects(update(name, { versionAliases: { broken: 9 } }, ['version_aliases']));
    },
    'refuses "latest" as an alias': async () => {
      const { name } = await create();
      await add(name, 'x');
      await fails(update(name, { versionAliases: { latest: 1 } }, ['version_aliases']), 'INVALID_ARGUMENT');
    },
    'fails for a secret that is not there': async () => {
      const { name } = await create();
      await fails(update(`${name}-${world.name('no')}`, { labels: {} }, ['labels']), 'NOT_FOUND');
    },
  });
  return all;
}
