import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { ApiKeyEntity, UserEntity } from '../../schemas/entities.ts';
import { hashOfKey } from '../../shared/domain/api-keys.ts';
import type { Caller } from '../../shared/http/route.ts';
import { allScopes } from '../../shared/http/scopes.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { createKey, revokeKey } from './keys.ts';
import { createUser, patchSelf, patchUser, readSelf } from './users.ts';

const stamps = { created_at: new Date(NOON), updated_at: new Date(NOON) };
const user: UserEntity = {
  ...{ ...stamps, id: 'usr_1', email: 'ada@example.com', name: 'Ada', role: 'developer', settings: { my_own: 1 } },
  disabled: false,
};
const key: ApiKeyEntity = {
  ...{ ...stamps, id: 'hash', key_id: 'key_1', user_id: 'usr_1', name: 'CI', prefix: 'vrt_ad', scopes: ['tests:read'] },
};

function bench() {
  const services = {
    keys: {
      byHash: sinon.stub(),
      list: sinon.stub().resolves([key]),
      create: sinon.stub().callsFake(async (given: object) => ({ ...stamps, ...given })),
      revoke: sinon.stub().resolves(key),
      noteUse: sinon.stub(),
    },
    users: {
      get: sinon.stub().resolves(user),
      list: sinon.stub().resolves([user]),
      create: sinon.stub().callsFake(async (given: object) => ({ ...stamps, ...given })),
      change: sinon.stub().callsFake(async (_id: string, patch: object, check: (current: UserEntity) => void) => {
        check(user);
        return { ...user, ...patch };
      }),
    },
    tokens: { sign: sinon.stub().resolves('a.b.c'), verify: sinon.stub(), publicKeys: sinon.stub().resolves([]) },
    events: { publish: sinon.stub().resolves() },
    randomBytes: (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 9),
  };
  return { ...services, services: withBase(services) };
}
const working: Caller = { userId: 'usr_1', scopes: ['tests:read', 'runs:write', 'keys:write'], keyHash: 'h' };
const admin: Caller = { userId: 'usr_9', scopes: allScopes, keyHash: 'h' };

describe('making an API key', () => {
  const make = (body: object, caller = working, { services } = bench()) =>
    createKey.handle(aRequest({ body: { name: 'CI', ...body }, caller }) as never, services);

  it('shows it once, and keeps its hash', async () => {
    const all = bench();
    const reply = await make({ scopes: ['tests:read'], expiresInDays: 30 }, working, all);
    const body = reply.body as { key: string; id: string; expiresAt: string };
    assert.equal(reply.status, 201);
    assert.match(body.key, /^vrt_[0-9a-hjkmnp-tv-z]{40}$/);
    assert.match(body.id, /^key_/);
    assert.equal(body.expiresAt, new Date(NOON + 30 * 24 * 3600_000).toISOString());
    const stored = all.keys.create.firstCall.args[0] as ApiKeyEntity;
    assert.equal(stored.id, hashOfKey(body.key));
    assert.ok(!JSON.stringify(stored).includes(body.key));
    assert.ok(!JSON.stringify(all.events.publish.args).includes(body.key));
  });

  it('gives it what its maker may do, or less', async () => {
    assert.deepEqual(((await make({})).body as ApiKeyEntity).scopes, working.scopes);
    await assert.rejects(make({ scopes: ['tests:read', 'users:admin'] }), appError('unprocessable', /scopes/));
    await assert.rejects(make({ scopes: ['tests:reed'] }), appError('unprocessable', /scopes/));
  });

  it('for somebody else is for administrators, and for who there is', async () => {
    await assert.rejects(make({ userId: 'usr_2' }), appError('permission-denied', /users:admin/));
    const all = bench();
    await make({ userId: 'usr_2' }, admin, all);
    assert.equal((all.keys.create.firstCall.args[0] as ApiKeyEntity).user_id, 'usr_2');
    all.users.get.resolves(undefined);
    await assert.rejects(make({ userId: 'usr_3' }, admin, all), appError('unprocessable', /usr_3/));
  });
});

describe('revoking an API key', () => {
  const revoke = (caller: Caller, { services } = bench()) =>
    revokeKey.handle(aRequest({ params: { id: 'key_1' }, caller }) as never, services);

  it('is done to your own, or to any by administrators, and told once', async () => {
    const all = bench();
    assert.equal((await revoke(working, all)).status, 204);
    assert.deepEqual(all.keys.revoke.firstCall.args, ['key_1', 'usr_1']);
    await revoke(admin, all);
    assert.deepEqual(all.keys.revoke.secondCall.args, ['key_1', undefined]);
    assert.equal(all.events.publish.callCount, 2);
    all.keys.revoke.resolves({ ...key, revoked_at: new Date(NOON) });
    assert.equal((await revoke(working, all)).status, 204);
    assert.equal(all.events.publish.callCount, 2);
  });

  it('that is not yours is as if it were not there', async () => {
    const all = bench();
    all.keys.revoke.resolves(undefined);
    await assert.rejects(revoke(working, all), appError('not-found', /key_1/));
  });
});

describe('users', () => {
  it('are created as developers, unless said otherwise', async () => {
    const all = bench();
    const body = { email: 'bob@example.com', name: 'Bob' };
    const reply = await createUser.handle(aRequest({ body, caller: admin }) as never, all.services);
    const { role, disabled } = reply.body as UserEntity;
    assert.deepEqual([reply.status, role, disabled], [201, 'developer', false]);
    assert.equal(all.events.publish.firstCall.args[0][0].type, 'user.created');
  });

  it('are told who they are, and what their key may do', async () => {
    const reply = await readSelf.handle(aRequest({ caller: working }) as never, bench().services);
    const { name, scopes, settings } = reply.body as { name: string; scopes: string[]; settings: object };
    assert.deepEqual([name, scopes, settings], ['Ada', working.scopes, { my_own: 1 }]);
  });

  it('who come with the bootstrap key are told that', async () => {
    const all = bench();
    all.users.get.resolves(undefined);
    const caller = { ...admin, userId: 'usr_bootstrap' };
    const reply = await readSelf.handle(aRequest({ caller }) as never, all.services);
    assert.equal((reply.body as { name: string }).name, 'Bootstrap key');
    const change = patchSelf.handle(aRequest({ body: { name: 'Me' }, caller }) as never, all.services);
    await assert.rejects(change, appError('permission-denied', /bootstrap/));
  });

  it('are changed only as they were read, where that is asked for', async () => {
    const all = bench();
    const change = (etag: string) =>
      patchSelf.handle(
        aRequest({ body: { name: 'Ada L' }, caller: working, headers: { 'if-match': etag } }) as never,
        all.services,
      );
    assert.equal(((await change('*')).body as UserEntity).name, 'Ada L');
    await assert.rejects(change('"old"'), appError('precondition-failed'));
  });

  it('are disabled by administrators, and that is told', async () => {
    const all = bench();
    const request = aRequest({ params: { id: 'usr_1' }, body: { disabled: true }, caller: admin });
    assert.equal(((await patchUser.handle(request as never, all.services)).body as UserEntity).disabled, true);
    assert.equal(all.events.publish.firstCall.args[0][0].data.disabled, true);
    all.users.change.resolves(undefined);
    await assert.rejects(patchUser.handle(request as never, all.services), appError('not-found', /usr_1/));
  });
});
