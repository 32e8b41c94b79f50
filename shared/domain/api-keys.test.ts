import assert from 'node:assert/strict';
import { testPlatform } from '../platform/testing.ts';
import { createApiKeys } from './api-keys.ts';

describe('an API key that is looked up', () => {
  function bench(stored: Record<string, object>) {
    const requests: string[][] = [];
    const firestore = {
      collection: (name: string) => ({ doc: (id: string) => `${name}/${id}` }),
      async getAll(...paths: string[]) {
        requests.push(paths);
        return paths.map((path) => ({ data: () => stored[path] }));
      },
    };
    return { requests, keys: createApiKeys(testPlatform({ clients: { firestore: async () => firestore } })) };
  }
  const stored = { 'api_keys/hash': { user_id: 'usr_1' }, 'users/usr_1': { name: 'Ada' } };

  it('is read together with its user in one request', async () => {
    const { keys, requests } = bench(stored);
    assert.deepEqual(await keys.withUser('hash', 'usr_1'), { key: { user_id: 'usr_1' }, user: { name: 'Ada' } });
    assert.deepEqual(requests, [['api_keys/hash', 'users/usr_1']]);
  });

  it('is read alone while it is not known whose it is', async () => {
    const { keys, requests } = bench(stored);
    assert.deepEqual(await keys.withUser('hash', undefined), { key: { user_id: 'usr_1' }, user: undefined });
    assert.deepEqual(requests, [['api_keys/hash']]);
  });

  it('may be gone, and its user too', async () => {
    assert.deepEqual(await bench({}).keys.withUser('hash', 'usr_1'), { key: undefined, user: undefined });
  });
});
