import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

/** CreateSecret and GetSecret. */
export function secrets({ secrets: client, create, parent }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  method('CreateSecret', {
    'answers with the full name': async () => {
      const id = world.name('named');
      assert.match((await create({}, id)).name, new RegExp(`^projects/[^/]+/secrets/${id}$`));
    },
    'keeps labels': async () => {
      assert.deepEqual((await create({ labels: { env: 'test', team: 'qa-1' } })).labels, { env: 'test', team: 'qa-1' });
    },
    'keeps annotations as they are written': async () => {
      const annotations = { 'Any.Key': 'Any value, even Ü' };
      assert.deepEqual((await create({ annotations })).annotations, annotations);
    },
    'gives an etag and the time': async () => {
      const secret = await create();
      assert.ok(secret.etag);
      assert.ok(Number(secret.createTime?.seconds) > 1_700_000_000);
    },
    'keeps automatic replication': async () => {
      assert.ok((await create()).replication?.automatic);
    },
    'keeps replication to places of the user': async () => {
      const replicas = [{ location: 'us-central1' }, { location: 'us-east1' }];
      const secret = await create({ replication: { userManaged: { replicas } } });
      assert.deepEqual(
        secret.replication?.userManaged?.replicas?.map(({ location }) => location),
        ['us-central1', 'us-east1'],
      );
    },
    'turns a time to live into an expiry': async () => {
      const secret = await create({ ttl: { seconds: 3600 } });
      const now = (world.clock?.now() ?? Date.now()) / 1000;
      assert.ok(Math.abs(Number(secret.expireTime?.seconds) - now - 3600) < 60);
      assert.ok(!secret.ttl);
    },
    'keeps an expiry': async () => {
      const seconds = Math.floor((world.clock?.now() ?? Date.now()) / 1000) + 86_400;
      assert.equal(Number((await create({ expireTime: { seconds } })).expireTime?.seconds), seconds);
    },
    'refuses an expiry in the past': async () => {
      await fails(create({ expireTime: { seconds: 1_600_000_000 } }), 'INVALID_ARGUMENT');
    },
    'refuses an expiry within a minute': async () => {
      await fails(create({ ttl: { seconds: 5 } }), 'INVALID_ARGUMENT');
    },
    'refuses a second secret of the same name': async () => {
      const id = world.name('twice');
      await create({}, id);
      await fails(create({}, id), 'ALREADY_EXISTS', /already exists/);
    },
    'refuses an id with a point': async () => {
      await fails(create({}, 'a.b'), 'INVALID_ARGUMENT');
    },
    'refuses an id of more than 255 characters': async () => {
      await fails(create({}, 'x'.repeat(256)), 'INVALID_ARGUMENT');
    },
    'refuses a secret without replication': async () => {
      await fails(create({ replication: null }), 'INVALID_ARGUMENT', /replication/);
    },
    'refuses a label in capitals': async () => {
      await fails(create({ labels: { LOUD: 'x' } }), 'INVALID_ARGUMENT');
    },
    'refuses more than 64 labels': async () => {
      const labels = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, 'x']));
      await fails(create({ labels }), 'INVALID_ARGUMENT');
    },
    'refuses annotations of more than 16 KiB': async () => {
      await fails(create({ annotations: { big: 'x'.repeat(16_385) } }), 'INVALID_ARGUMENT');
    },
  });
  method('GetSecret', {
    'answers with what was created': async () => {
      const secret = await create({ labels: { a: 'b' } });
      const [found] = await client.getSecret({ name: secret.name });
      assert.deepEqual([found.labels, found.etag], [secret.labels, secret.etag]);
    },
    'fails for a secret that is not there': async () => {
      await fails(client.getSecret({ name: `${parent}/secrets/${world.name('none')}` }), 'NOT_FOUND', /not found/);
    },
    'refuses a name of another form': async () => {
      await fails(client.getSecret({ name: `${parent}/secrets/a/b` }), 'INVALID_ARGUMENT');
    },
  });
  return all;
}
