import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LibraryEntity } from '../../schemas/entities.ts';
import { NOON, testPlatform } from '../platform/testing.ts';
import { library, type NewCheckpoint } from './library.ts';

const content: NewCheckpoint = { user_id: 'usr_1', name: 'log in', steps: [], parameters: [], content_hash: 'new' };

describe('the library', () => {
  /** What a query finds, and how it was narrowed. */
  function bench(...found: (Partial<LibraryEntity> | undefined)[]) {
    const asked: unknown[][] = [];
    const create = sinon.stub().resolves();
    const get = sinon.stub();
    found.forEach((entity, at) => {
      get.onCall(at).resolves({ docs: entity ? [{ data: () => entity }] : [] });
    });
    const query: Record<string, unknown> = { get };
    for (const narrow of ['where', 'orderBy', 'limit', 'select'])
      query[narrow] = (...given: unknown[]) => {
        asked.push([narrow, ...given]);
        return query;
      };
    const doc = (id: string) => ({
      create: (entity: LibraryEntity) => create(id, entity),
      get: async () => ({ data: () => found[0] }),
    });
    const firestore = { collection: () => ({ ...query, doc }) };
    const service = library.make(testPlatform({ clients: { firestore: async () => firestore } as never }));
    return { service, create, asked };
  }
  const exists = Object.assign(new Error('ALREADY_EXISTS'), { code: 6 });

  it('stores the first version of a name', async () => {
    const { service, create } = bench(undefined);
    const { checkpoint, created } = await service.store(content);
    assert.deepEqual([checkpoint.version, created, checkpoint.created_at], [1, true, new Date(NOON)]);
    assert.match(checkpoint.id, /^lib_/);
    assert.equal(create.firstCall.args[0], checkpoint.id);
  });

  it('stores the next version, and none where the newest says the same', async () => {
    const next = await bench({ version: 3, content_hash: 'old' }).service.store(content);
    assert.equal(next.checkpoint.version, 4);
    const { service, create } = bench({ version: 3, content_hash: 'new' });
    const same = await service.store(content);
    assert.deepEqual([same.checkpoint.version, same.created, create.callCount], [3, false, 0]);
  });

  it('stores the version after one that was stored at the same moment', async () => {
    const { service, create } = bench({ version: 3, content_hash: 'old' }, { version: 4, content_hash: 'other' });
    create.onFirstCall().rejects(exists);
    assert.equal((await service.store(content)).checkpoint.version, 5);
  });

  it('finds the newest version by name, a version by name and number, and what is one\u2019s own by id', async () => {
    const newest = bench({ name: 'log in', version: 3 });
    assert.equal((await newest.service.find('log in', 'usr_1'))?.version, 3);
    assert.deepEqual(newest.asked, [
      ['where', 'user_id', '==', 'usr_1'],
      ['where', 'name', '==', 'log in'],
      ['orderBy', 'version', 'desc'],
      ['limit', 1],
    ]);
    const second = bench({ version: 2 });
    await second.service.find('a@b@2', 'usr_1');
    assert.deepEqual(second.asked.slice(1, 3), [
      ['where', 'name', '==', 'a@b'],
      ['where', 'version', '==', 2],
    ]);
    const byId = bench({ user_id: 'usr_1', version: 1 });
    assert.equal((await byId.service.find('lib_1', 'usr_1'))?.version, 1);
    assert.equal(await byId.service.find('lib_1', 'usr_2'), undefined);
  });
});
