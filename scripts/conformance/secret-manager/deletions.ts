import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

/** DeleteSecret and expiry. */
export function deletions({ secrets, create, add, access }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  method('DeleteSecret', {
    'removes the secret and its versions': async () => {
      const { name } = await create();
      await add(name, 'x');
      await secrets.deleteSecret({ name });
      await fails(secrets.getSecret({ name }), 'NOT_FOUND');
      await fails(access(name, '1'), 'NOT_FOUND');
    },
    'refuses an old etag': async () => {
      const { name, etag } = await create();
      await secrets.updateSecret({ secret: { name, labels: { a: 'b' } }, updateMask: { paths: ['labels'] } });
      await fails(secrets.deleteSecret({ name, ...(etag ? { etag } : {}) }), 'FAILED_PRECONDITION');
    },
    'frees the name: versions begin at 1 again': async () => {
      const id = world.name('again');
      const { name } = await create({}, id);
      await add(name, 'x');
      await secrets.deleteSecret({ name });
      await create({}, id);
      assert.match((await add(name, 'y')).name, /\/versions\/1$/);
    },
    'fails for a secret that is not there': async () => {
      const { name } = await create();
      await fails(secrets.deleteSecret({ name: `${name}-no` }), 'NOT_FOUND');
    },
  });
  const { clock } = world;
  if (clock) {
    method('GetSecret', {
      'does not find a secret whose time to live is over': async () => {
        const { name } = await create({ ttl: { seconds: 60 } });
        clock.advance(61_000);
        await fails(secrets.getSecret({ name }), 'NOT_FOUND');
      },
    });
  }
  return all;
}
