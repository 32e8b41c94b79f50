import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { UserEntity } from '../schemas/entities.ts';
import { hashOfKey } from '../shared/domain/api-keys.ts';
import { createAccessTokens } from '../shared/http/access-tokens.ts';
import { createApp } from '../shared/http/app.ts';
import { createAuthenticate } from '../shared/http/authenticate.ts';
import { fakeIdentities, unlimited } from '../shared/http/bench.testing.ts';
import type { Route } from '../shared/http/route.ts';
import { allScopes } from '../shared/http/scopes.ts';
import { NOON, testPlatform } from '../shared/platform/testing.ts';
import { functions } from './index.ts';

const routes = functions.flatMap(({ trigger }) =>
  trigger.kind === 'http' ? (trigger.routes as readonly Route[]) : [],
);

const stamps = { created_at: new Date(NOON), updated_at: new Date(NOON) };
/** Users by the texts of their keys; each key may do what is named. */
const keys: Record<string, { scopes?: readonly string[]; more?: object; role?: string; disabled?: boolean }> = {
  vrt_all: {},
  vrt_expired: { more: { expires_at: new Date(NOON - 1) } },
  vrt_revoked: { more: { revoked_at: new Date(NOON - 1) } },
  vrt_disabled: { disabled: true },
  vrt_nothing: { scopes: [] },
  ...Object.fromEntries(
    allScopes.map((scope) => [`vrt_but_${scope}`, { scopes: allScopes.filter((one) => one !== scope) }]),
  ),
  ...Object.fromEntries(allScopes.map((scope) => [`vrt_only_${scope}`, { scopes: [scope] }])),
};

/** The suite's routes, with handlers that only say that they were reached. */
async function bench() {
  const platform = testPlatform();
  const tokenKey = JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  const tokens = createAccessTokens(platform, {
    read: async () => ({ value: tokenKey, version: '1' }),
    versions: async () => ['1'],
  });
  const texts = Object.keys(keys);
  const textOf = (hash: string) => texts.find((text) => hashOfKey(text) === hash);
  const keyOf = (hash: string) => {
    const text = textOf(hash);
    const { scopes = allScopes, more = {} } = keys[text ?? ''] ?? {};
    if (text === undefined) return undefined;
    return { ...stamps, id: hash, key_id: text, user_id: text, name: '', prefix: '', scopes: [...scopes], ...more };
  };
  const userOf = (id: string): UserEntity => ({
    ...{ ...stamps, id, email: '', name: '', role: 'admin', settings: {} },
    disabled: keys[id]?.disabled ?? false,
  });
  const identities = fakeIdentities({
    tokens,
    keys: {
      noteUse: () => {},
      withUser: async (hash, id) => ({ key: keyOf(hash), user: id === undefined ? undefined : userOf(id) }),
    },
    users: { get: async (id) => userOf(id) },
  });
  const app = createApp({
    name: 'all',
    routes: routes.map((route) => ({ ...route, handle: async () => ({ status: 204 }) })),
    services: {},
    platform,
    authenticate: createAuthenticate(identities),
    recorder: { record: () => {}, flush: async () => {} },
    limiter: unlimited,
    idempotency: { once: async (_request, work) => ({ reply: await work(), again: false }) },
  });
  const sign = (text: string) =>
    tokens.sign({ userId: text, scopes: keys[text]?.scopes ?? allScopes, keyHash: hashOfKey(text) });
  const ask = async ({ method, path }: Route, headers: Record<string, string>) =>
    (
      await app.request(
        path.replace(/:\w+(\{report[^/]*\})?/g, (_, report) => (report ? 'report' : 'x_1')),
        { method, headers },
      )
    ).status;
  return { ask, sign, platform };
}

/** Sent as a key, and in exchange for one as a token. */
const refused = [401];

describe('every route', () => {
  it('is closed, or says that it is open', () => {
    const open = routes.filter(({ access }) => access === 'public').map(({ path }) => path);
    assert.deepEqual(open.sort(), [
      '/.well-known/jwks.json',
      '/docs',
      '/health',
      '/health/ready',
      '/v1/commands',
      '/v1/commands/:name',
      '/v1/hooks/:id',
      '/v1/openapi.json',
    ]);
    for (const { access, path } of routes) {
      assert.ok(
        typeof access === 'string' || access.scope in Object.fromEntries(allScopes.map((one) => [one, 1])),
        path,
      );
    }
  });

  for (const route of routes) {
    const { method, path, access } = route;
    if (access === 'public') continue;
    describe(`${method} ${path}`, () => {
      for (const [who, headers] of Object.entries({
        'who brings nothing': {},
        'who guesses a key': { 'x-api-key': 'vrt_guessed' },
        'who makes up a token': { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.' },
        'whose key has expired': { 'x-api-key': 'vrt_expired' },
        'whose key is revoked': { 'x-api-key': 'vrt_revoked' },
        'who is disabled': { 'x-api-key': 'vrt_disabled' },
      })) {
        it(`is closed to ${who}`, async () =>
          assert.ok(refused.includes(await (await bench()).ask(route, headers as Record<string, string>))));
      }

      for (const key of ['vrt_expired', 'vrt_revoked', 'vrt_disabled']) {
        it(`is closed to a token of ${key}`, async () => {
          const { ask, sign } = await bench();
          assert.equal(await ask(route, { authorization: `Bearer ${await sign(key)}` }), 401);
        });
      }

      it('is closed to a token that is over', async () => {
        const { ask, sign, platform } = await bench();
        const authorization = `Bearer ${await sign('vrt_all')}`;
        platform.clock.time += 3600_000;
        assert.equal(await ask(route, { authorization }), 401);
      });

      if (access === 'authenticated') {
        it('is open to every key, whatever it may do', async () => {
          assert.notEqual(await (await bench()).ask(route, { 'x-api-key': 'vrt_nothing' }), 401);
        });
        return;
      }
      it(`is closed to who has every scope but ${access.scope}, by key and by token`, async () => {
        const { ask, sign } = await bench();
        const key = `vrt_but_${access.scope}`;
        assert.equal(await ask(route, { 'x-api-key': key }), 403);
        assert.equal(await ask(route, { authorization: `Bearer ${await sign(key)}` }), 403);
      });

      it(`is open to who has ${access.scope}, by key and by token`, async () => {
        const { ask, sign } = await bench();
        const key = `vrt_only_${access.scope}`;
        for (const headers of [{ 'x-api-key': key }, { authorization: `Bearer ${await sign(key)}` }]) {
          assert.ok(![401, 403, 404, 405].includes(await ask(route, headers as Record<string, string>)));
        }
      });
    });
  }
});
