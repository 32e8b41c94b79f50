import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { testPlatform } from '../platform/testing.ts';
import { createApiKeys } from './api-keys.ts';

describe('the use of an API key', () => {
  const HOUR_MS = 3600_000;
  function bench(update: () => Promise<void>) {
    const updates: unknown[] = [];
    const firestore = {
      collection: () => ({
        doc: () => ({
          update(patch: object) {
            updates.push(patch);
            return update();
          },
        }),
      }),
    };
    const platform = testPlatform({ clients: { firestore: async () => firestore } });
    const used = (ago?: number) => ({
      ...{ id: 'hash', key_id: 'key_1', user_id: 'usr_1', name: '', prefix: '', scopes: [] },
      ...{ created_at: new Date(0), updated_at: new Date(0) },
      ...(ago === undefined ? {} : { last_used_at: new Date(platform.clock.now() - ago) }),
    });
    return { platform, updates, used, keys: createApiKeys(platform) };
  }

  it('is noted once an hour', async () => {
    const { platform, updates, used, keys } = bench(async () => undefined);
    for (const ago of [undefined, HOUR_MS]) keys.noteUse(used(ago));
    for (const ago of [0, 1000, HOUR_MS - 1]) keys.noteUse(used(ago));
    await setImmediate();
    const now = new Date(platform.clock.now());
    assert.deepEqual(updates, Array(2).fill({ last_used_at: now, updated_at: now }));
  });

  it('that cannot be noted is none of who uses it', async () => {
    const { platform, used, keys } = bench(() => Promise.reject(new Error('not just now')));
    keys.noteUse(used());
    await setImmediate();
    assert.match(platform.lines.at(-1)?.message as string, /could not be noted/);
  });
});

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
