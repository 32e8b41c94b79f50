import assert from 'node:assert/strict';
import type { ApiKeyEntity, UserEntity } from '../../schemas/entities.ts';
import { hashOfKey } from '../domain/api-keys.ts';
import { AppError } from '../platform/errors.ts';
import { NOON } from '../platform/testing.ts';
import { createAuthenticate, type Identities } from './authenticate.ts';
import { fakeIdentities } from './bench.testing.ts';
import type { Access } from './route.ts';
import { scopesOfRole } from './scopes.ts';

const stamps = { created_at: new Date(NOON), updated_at: new Date(NOON) };
const aKey = (given: Partial<ApiKeyEntity> = {}): ApiKeyEntity => ({
  ...stamps,
  id: hashOfKey('vrt_ada'),
  key_id: 'key_1',
  user_id: 'usr_1',
  name: 'CI',
  prefix: 'vrt_ad',
  scopes: ['tests:read', 'runs:write'],
  ...given,
});
const aUser = (given: Partial<UserEntity> = {}): UserEntity => ({
  ...stamps,
  id: 'usr_1',
  email: 'ada@example.com',
  name: 'Ada',
  role: 'developer',
  settings: {},
  disabled: false,
  ...given,
});

function bench(
  given: { key?: Partial<ApiKeyEntity>; user?: Partial<UserEntity> | undefined; tokens?: Identities['tokens'] } = {},
) {
  const key = aKey(given.key);
  const used: ApiKeyEntity[] = [];
  const userOf = (id: string | undefined) =>
    ('user' in given && given.user === undefined) || id !== key.user_id ? undefined : aUser(given.user);
  const authenticate = createAuthenticate(
    fakeIdentities({
      keys: {
        withUser: async (hash, id) => ({ key: hash === key.id ? key : undefined, user: userOf(id) }),
        noteUse: (one) => void used.push(one),
      },
      users: { get: async (id) => userOf(id) },
      ...(given.tokens ? { tokens: given.tokens } : {}),
    }),
  );
  const ask = (text: string, access: Access = { scope: 'tests:read' }) =>
    authenticate(new Headers({ authorization: `Bearer ${text}` }), access);
  return { ask, used };
}
const refused = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof AppError && error.code === code && words.test(error.message);

describe('an API key', () => {
  it('lets its user in, with what it may do, and its use is noted', async () => {
    const { ask, used } = bench();
    assert.deepEqual(await ask('vrt_ada'), {
      userId: 'usr_1',
      scopes: ['tests:read', 'runs:write'],
      keyHash: hashOfKey('vrt_ada'),
    });
    assert.equal(used.length, 1);
  });

  it('lets in nobody who guesses', async () => {
    await assert.rejects(bench().ask('vrt_eve'), refused('unauthenticated', /not valid/));
  });

  for (const [what, given, words] of [
    ['is revoked', { key: { revoked_at: new Date(NOON - 1) } }, /revoked/],
    ['has expired', { key: { expires_at: new Date(NOON) } }, /expired/],
    ['has a disabled user', { user: { disabled: true } }, /disabled/],
    ['has a user who is gone', { user: undefined }, /disabled/],
  ] as const) {
    it(`lets nobody in when it ${what}`, async () => {
      const { ask, used } = bench(given);
      for (const access of [{ scope: 'tests:read' }, 'authenticated'] as const) {
        await assert.rejects(ask('vrt_ada', access), refused('unauthenticated', words));
      }
      assert.deepEqual(used, []);
    });
  }

  it('that has not expired yet is good', async () => {
    await bench({ key: { expires_at: new Date(NOON + 1) } }).ask('vrt_ada');
  });

  it('may do no more than it says', async () => {
    await assert.rejects(bench().ask('vrt_ada', { scope: 'tests:write' }), refused('permission-denied', /tests:write/));
  });

  it("comes with its user's own quotas, which cost no read of their own", async () => {
    const { ask } = bench({ user: { quotas: { runs_a_day: 5 } } });
    assert.deepEqual((await ask('vrt_ada')).quotas, { runs_a_day: 5 });
    assert.equal((await bench({ user: {} }).ask('vrt_ada')).quotas, undefined);
  });

  it("may do no more than its user's role, also when that was changed later", async () => {
    const { ask } = bench({ user: { role: 'viewer' } });
    assert.deepEqual((await ask('vrt_ada')).scopes, ['tests:read']);
    await assert.rejects(ask('vrt_ada', { scope: 'runs:write' }), refused('permission-denied', /runs:write/));
  });
});

describe('an API key that an instance has seen before', () => {
  const seen = async (...users: (UserEntity | undefined)[]) => {
    const asked: string[] = [];
    const key = aKey();
    const authenticate = createAuthenticate(
      fakeIdentities({
        keys: {
          async withUser(hash, id) {
            asked.push(`key with ${id}`);
            return { key: hash === key.id ? key : undefined, user: id === undefined ? undefined : users.shift() };
          },
          noteUse: () => {},
        },
        users: {
          async get(id) {
            asked.push(id);
            return users.shift();
          },
        },
      }),
    );
    const headers = new Headers({ 'x-api-key': 'vrt_ada' });
    await authenticate(headers, 'authenticated');
    return { asked, again: () => authenticate(headers, 'authenticated') };
  };

  it('is read together with its user, and both again for every request', async () => {
    const { asked, again } = await seen(aUser(), aUser({ role: 'viewer' }));
    assert.deepEqual((await again()).scopes, ['tests:read']);
    assert.deepEqual(asked, ['key with undefined', 'usr_1', 'key with usr_1']);
  });

  it('is refused at once when its user is disabled or gone', async () => {
    for (const user of [aUser({ disabled: true }), undefined]) {
      await assert.rejects((await seen(aUser(), user)).again(), refused('unauthenticated', /disabled/));
    }
  });
});

describe('an access token', () => {
  const tokenOf = (caller: { userId: string; scopes: string[]; keyHash: string }) => ({ verify: async () => caller });
  const key = { userId: 'usr_1', scopes: ['tests:read', 'users:admin'], keyHash: hashOfKey('vrt_ada') };

  it('lets in with what both it and its key may do', async () => {
    const { ask } = bench({ tokens: tokenOf(key) });
    assert.deepEqual((await ask('a.b.c')).scopes, ['tests:read']);
    await assert.rejects(ask('a.b.c', { scope: 'runs:write' }), refused('permission-denied', /runs:write/));
  });

  it('is good no longer than its key', async () => {
    const { ask } = bench({ tokens: tokenOf(key), key: { revoked_at: new Date(NOON) } });
    await assert.rejects(ask('a.b.c'), refused('unauthenticated', /revoked/));
  });

  it("of the bootstrap key needs no key's document", async () => {
    const { ask } = bench({
      tokens: tokenOf({ userId: 'usr_bootstrap', scopes: ['tests:read'], keyHash: 'bootstrap' }),
    });
    assert.deepEqual((await ask('a.b.c')).scopes, ['tests:read']);
  });

  it("of another user than its key's is refused", async () => {
    const { ask } = bench({ tokens: tokenOf({ ...key, userId: 'usr_2' }) });
    await assert.rejects(ask('a.b.c'), refused('unauthenticated', /not valid/));
  });
});

it('a role may do what its name says', () => {
  assert.ok(scopesOfRole.viewer.every((scope) => scope.endsWith(':read')));
  assert.ok(scopesOfRole.developer.includes('runs:write') && !scopesOfRole.developer.includes('users:admin'));
  assert.ok(!scopesOfRole.service.includes('keys:write'));
  assert.ok(scopesOfRole.admin.includes('users:admin'));
});
