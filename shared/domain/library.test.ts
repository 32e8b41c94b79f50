import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LibraryEntity } from '../../schemas/entities.ts';
import { NOON, testPlatform } from '../platform/testing.ts';
import { library, type NewCheckpoint } from './library.ts';

const content: NewCheckpoint = { user_id: 'usr_1', name: 'log in', steps: [], parameters: [], content_hash: 'new' };

describe('the library', () => {
  /** What a query finds, and how it was narrowed. `last` is the highest number that the name has had. */
  function bench(found: Partial<LibraryEntity> | undefined, last?: number) {
    const asked: unknown[][] = [];
    const create = sinon.stub();
    const set = sinon.stub();
    const remove = sinon.stub();
    const get = async () => ({ docs: found ? [{ data: () => found }] : [] });
    const query: Record<string, unknown> = { get };
    for (const narrow of ['where', 'orderBy', 'limit', 'select'])
      query[narrow] = (...given: unknown[]) => {
        asked.push([narrow, ...given]);
        return query;
      };
    const head = last === undefined ? undefined : { last_version: last, created_at: new Date(0) };
    interface Readable {
      get(): unknown;
    }
    const collection = (name: string) => ({
      ...query,
      doc: (id: string) => ({ id, get: async () => ({ data: () => (name === 'library' ? found : head) }) }),
    });
    const transaction = { get: (from: Readable) => from.get(), create, set, delete: remove };
    const firestore = {
      collection,
      getAll: (...refs: Readable[]) => Promise.all(refs.map((ref) => ref.get())),
      runTransaction: (work: (given: unknown) => unknown) => work(transaction),
    };
    const service = library.make(testPlatform({ clients: { firestore: async () => firestore } as never }));
    return { service, create, set, remove, asked };
  }

  it('stores the first version of a name', async () => {
    const { service, create } = bench(undefined);
    const { checkpoint, created } = await service.store(content);
    assert.deepEqual([checkpoint.version, created, checkpoint.created_at], [1, true, new Date(NOON)]);
    assert.match(checkpoint.id, /^lib_/);
    const [ref, stored] = create.firstCall.args;
    assert.deepEqual([ref.id, stored], [checkpoint.id, checkpoint]);
  });

  it('stores the next version, and none where the newest says the same', async () => {
    const next = await bench({ version: 3, content_hash: 'old' }).service.store(content);
    assert.equal(next.checkpoint.version, 4);
    const { service, create } = bench({ version: 3, content_hash: 'new' });
    const same = await service.store(content);
    assert.deepEqual([same.checkpoint.version, same.created, create.callCount], [3, false, 0]);
  });

  it('never gives the number of a version again that was deleted', async () => {
    const { service, set } = bench({ version: 1, content_hash: 'old' }, 2);
    assert.equal((await service.store(content)).checkpoint.version, 3);
    assert.equal(set.firstCall.args[1].last_version, 3);
    const none = bench(undefined, 7);
    assert.equal((await none.service.store(content)).checkpoint.version, 8);
  });

  it('notes the number of a version that is deleted, if nobody has', async () => {
    const version = { ...content, id: 'lib_3', version: 3, created_at: new Date(0), updated_at: new Date(0) };
    const { service, set, remove } = bench(version);
    await service.delete(version);
    assert.deepEqual([remove.firstCall.args[0].id, set.firstCall.args[1].last_version], ['lib_3', 3]);
    const noted = bench(version, 4);
    await noted.service.delete(version);
    assert.deepEqual([noted.remove.callCount, noted.set.callCount], [1, 0]);
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
