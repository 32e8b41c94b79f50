import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

const last = (items: readonly { name?: string | null }[]) => items.map(({ name }) => name?.split('/').pop());

/** ListSecrets and ListSecretVersions: order, pages, filters. */
export function lists({ secrets, create, add, parent }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const list = async (filter: string) => (await secrets.listSecrets({ parent, filter }))[0];
  /** Three secrets with a label of their own, oldest first. */
  const three = async () => {
    const id = world.name('list');
    for (const [index, kind] of ['odd', 'even', 'odd'].entries())
      await create({ labels: { list: id, kind } }, `${id}-${index}`);
    return id;
  };
  method('ListSecrets', {
    'finds by label': async () => {
      const id = await three();
      assert.deepEqual(last(await list(`labels.list=${id} AND labels.kind=even`)), [`${id}-1`]);
    },
    'finds by a part of the name': async () => {
      const id = await three();
      assert.equal((await list(`name:${id}`)).length, 3);
    },
    'finds by a pattern of the name': async () => {
      const id = await three();
      assert.deepEqual(last(await list(`name:${id.slice(0, 3)}*${id.slice(4)}-1`)), [`${id}-1`]);
      assert.deepEqual(await list(`name:${id}-1*${id}`), []);
    },
    'compares lengths of time': async () => {
      const id = world.name('ttl');
      for (const days of [2, 30]) await create({ versionDestroyTtl: { seconds: days * 86_400 } }, `${id}-${days}`);
      assert.deepEqual(last(await list(`name:${id} AND version_destroy_ttl>604800s`)), [`${id}-30`]);
      assert.deepEqual(last(await list(`name:${id} AND version_destroy_ttl<=172800s`)), [`${id}-2`]);
    },
    'finds secrets that have a label': async () => {
      const id = await three();
      assert.equal((await list(`labels.list:* AND name:${id}`)).length, 3);
    },
    'finds what either of two conditions holds for': async () => {
      const id = await three();
      assert.deepEqual(last(await list(`name:${id}-0 OR name:${id}-2`)).sort(), [`${id}-0`, `${id}-2`]);
    },
    'leaves out what NOT says': async () => {
      const id = await three();
      assert.deepEqual(last(await list(`labels.list=${id} AND NOT labels.kind=odd`)), [`${id}-1`]);
    },
    'compares times': async () => {
      const id = await three();
      assert.equal((await list(`labels.list=${id} AND create_time>2020-01-01T00:00:00Z`)).length, 3);
      assert.equal((await list(`labels.list=${id} AND create_time<2020-01-01T00:00:00Z`)).length, 0);
    },
    'gives pages and how many there are': async () => {
      const id = await three();
      const request = { parent, pageSize: 2, filter: `labels.list=${id}` };
      const [first, , answer] = await secrets.listSecrets(request, { autoPaginate: false });
      assert.equal(first.length, 2);
      assert.equal(answer.totalSize, 3);
      const pageToken = answer.nextPageToken ?? '';
      const [second, , end] = await secrets.listSecrets({ ...request, pageToken }, { autoPaginate: false });
      assert.equal(second.length, 1);
      assert.equal(end.nextPageToken, '');
    },
    'refuses a filter that cannot be read': async () => {
      await fails(list('labels.a=(b'), 'INVALID_ARGUMENT', /filter/i);
    },
    'refuses a page token that is none': async () => {
      const call = secrets.listSecrets({ parent, pageToken: '!!' }, { autoPaginate: false });
      await fails(call, 'INVALID_ARGUMENT');
    },
  });
  method('ListSecretVersions', {
    'lists the newest first': async () => {
      const { name } = await create();
      for (const text of ['a', 'b', 'c']) await add(name, text);
      assert.deepEqual(last((await secrets.listSecretVersions({ parent: name }))[0]), ['3', '2', '1']);
    },
    'finds by state': async () => {
      const { name } = await create();
      for (const text of ['a', 'b', 'c']) await add(name, text);
      await secrets.disableSecretVersion({ name: `${name}/versions/2` });
      const [enabled] = await secrets.listSecretVersions({ parent: name, filter: 'state:ENABLED' });
      assert.deepEqual(last(enabled), ['3', '1']);
    },
    'gives pages': async () => {
      const { name } = await create();
      for (const text of ['a', 'b', 'c']) await add(name, text);
      const [page, , answer] = await secrets.listSecretVersions({ parent: name, pageSize: 2 }, { autoPaginate: false });
      assert.equal(page.length, 2);
      assert.ok(answer.nextPageToken);
    },
    'fails for a secret that is not there': async () => {
      const { name } = await create();
      await fails(secrets.listSecretVersions({ parent: `${name}-no` }), 'NOT_FOUND');
    },
  });
  return all;
}
