import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { ApiKeyEntity, UserEntity } from '../../schemas/entities.ts';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import { selfPatch, userPatch } from '../../schemas/requests.ts';
import { hashOfKey } from '../../shared/domain/api-keys.ts';
import { etagBeside } from '../../shared/http/etags.ts';
import type { Caller } from '../../shared/http/route.ts';
import { allScopes } from '../../shared/http/scopes.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { eraseSelf, eraseUser, readErasure } from './erasure.ts';
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

const aReceipt = (given: Partial<ErasureEntity> = {}): ErasureEntity => ({
  ...{ ...stamps, id: 'usr_1', requested_by: 'usr_9', status: 'running', rounds: 0, waits_for: [] },
  deleted: { documents: {}, objects: {}, rows: {} },
  next_round_at: new Date(NOON),
  ...given,
});

function bench() {
  const services = {
    keys: {
      withUser: sinon.stub(),
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
    usage: {
      of: sinon.stub().resolves({ parallelSessions: { limit: 25 } }),
      checkRun: sinon.stub(),
      checkDay: sinon.stub(),
      openLive: sinon.stub(),
    },
    tokens: { sign: sinon.stub().resolves('a.b.c'), verify: sinon.stub(), publicKeys: sinon.stub().resolves([]) },
    events: { publish: sinon.stub().resolves() },
    erasures: {
      get: sinon.stub().resolves(undefined),
      due: sinon.stub(),
      begin: sinon.stub().callsFake(async (id: string, by: string, check: (current: UserEntity) => void) => {
        check(user);
        return aReceipt({ id, requested_by: by });
      }),
    },
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
    const { name, scopes, settings, quotas } = reply.body as Record<string, unknown>;
    assert.deepEqual([name, scopes, settings], ['Ada', working.scopes, { my_own: 1 }]);
    assert.deepEqual(quotas, { parallelSessions: { limit: 25 } });
  });

  it('are changed as they told who they are, whatever they have used since', async () => {
    const all = bench();
    const { body, resource } = await readSelf.handle(aRequest({ caller: working }) as never, all.services);
    const headers = { 'if-match': etagBeside(resource, JSON.stringify(body)) };
    for (const [route, params] of [
      [patchSelf, {}],
      [patchUser, { id: 'usr_1' }],
    ] as const) {
      const change = aRequest({ params, body: { name: 'Ada L' }, caller: admin, headers });
      const reply = await route.handle({ ...change, caller: { ...admin, userId: 'usr_1' } } as never, all.services);
      assert.equal((reply.body as UserEntity).name, 'Ada L');
    }
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

  it('are given quotas of their own by administrators', async () => {
    const all = bench();
    const quotas = { runsADay: 5, parallelSessions: null };
    const request = aRequest({ params: { id: 'usr_1' }, body: { quotas }, caller: admin });
    await patchUser.handle(request as never, all.services);
    assert.deepEqual(all.users.change.firstCall.args[1], { quotas });
    assert.deepEqual(userPatch.problems({ quotas }), []);
    for (const wrong of [{ runs: 5 }, { runsADay: -1 }, { parallelSessions: 0 }, {}]) {
      assert.notDeepEqual(userPatch.problems({ quotas: wrong }), [], JSON.stringify(wrong));
    }
    assert.notDeepEqual(selfPatch.problems({ quotas }), [], 'nobody gives them to themselves');
  });

  it('have settings of a bounded size, as bytes', async () => {
    const all = bench();
    const set = (text: string) =>
      patchSelf.handle(aRequest({ body: { settings: { text } }, caller: working }) as never, all.services);
    const most = 16 * 1024 - '{"text":""}'.length;
    assert.equal((await set('x'.repeat(most))).status, 200);
    await assert.rejects(set('x'.repeat(most + 1)), appError('too-large', /16385 bytes, at most 16384/));
    await assert.rejects(set('é'.repeat(most / 2 + 1)), appError('too-large'));
    assert.equal(all.users.change.callCount, 1);
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

describe('the erasure of a user', () => {
  const erase = (id: string, headers: Record<string, string> = {}, { services } = bench()) =>
    eraseUser.handle(aRequest({ params: { id }, caller: admin, headers }) as never, services);

  it('is begun, and tells where its receipt is', async () => {
    const all = bench();
    const reply = await erase('usr_1', {}, all);
    assert.deepEqual([reply.status, reply.headers?.location], [202, '/v1/users/usr_1/erasure']);
    assert.deepEqual(reply.body, {
      ...{ userId: 'usr_1', status: 'running', requestedBy: 'usr_9', requestedAt: new Date(NOON).toISOString() },
      ...{ erasedAt: undefined, waitsFor: [], nextRoundAt: new Date(NOON).toISOString() },
      deleted: { documents: {}, objects: {}, rows: {} },
    });
    assert.deepEqual(all.erasures.begin.firstCall.args.slice(0, 2), ['usr_1', 'usr_9']);
  });

  it('is of the user as they were read, where that is asked for', async () => {
    await erase('usr_1', { 'if-match': '*' });
    await assert.rejects(erase('usr_1', { 'if-match': '"old"' }), appError('precondition-failed'));
  });

  it('is refused for who is not there, and for the owner of the bootstrap key', async () => {
    const all = bench();
    all.erasures.begin.resolves(undefined);
    await assert.rejects(erase('usr_7', {}, all), appError('not-found', /usr_7/));
    await assert.rejects(erase('usr_bootstrap', {}, all), appError('permission-denied', /bootstrap/));
    const caller = { ...admin, userId: 'usr_bootstrap' };
    const own = eraseSelf.handle(aRequest({ caller }) as never, all.services);
    await assert.rejects(own, appError('permission-denied', /bootstrap/));
    assert.equal(all.erasures.begin.callCount, 1);
  });

  it('is open to users themselves', async () => {
    const all = bench();
    const reply = await eraseSelf.handle(aRequest({ caller: working }) as never, all.services);
    assert.equal(reply.status, 202);
    assert.deepEqual(all.erasures.begin.firstCall.args.slice(0, 2), ['usr_1', 'usr_1']);
  });

  it('has a receipt, with counts under the names of what was deleted', async () => {
    const all = bench();
    const read = () => readErasure.handle(aRequest({ params: { id: 'usr_1' }, caller: admin }) as never, all.services);
    await assert.rejects(read(), appError('not-found', /never erased/));
    const deleted = { documents: { api_keys: 2 }, objects: { 'virtuoso-tests': 1 }, rows: { user_activity: 9 } };
    all.erasures.get.resolves(aReceipt({ status: 'erased', deleted, erased_at: new Date(NOON), next_round_at: null }));
    const body = (await read()).body as { deleted: object; erasedAt: string };
    assert.deepEqual([body.deleted, body.erasedAt], [deleted, new Date(NOON).toISOString()]);
  });
});
