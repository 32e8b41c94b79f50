import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { UserEntity } from '../schemas/entities.ts';
import type { CloudEvent } from '../schemas/events.ts';
import { rowsOf } from '../shared/analytics/rows.ts';
import { hashOfKey } from '../shared/domain/api-keys.ts';
import { createApp } from '../shared/http/app.ts';
import { createAuthenticate } from '../shared/http/authenticate.ts';
import { fakeIdentities, unlimited } from '../shared/http/bench.testing.ts';
import { isReading } from '../shared/http/reading.ts';
import { createRequestRecorder } from '../shared/http/record-requests.ts';
import type { Route } from '../shared/http/route.ts';
import { NOON, testPlatform } from '../shared/platform/testing.ts';
import { functions } from './index.ts';

const routes = functions.flatMap(({ trigger }) =>
  trigger.kind === 'http' ? (trigger.routes as readonly Route[]) : [],
);
const stamps = { created_at: new Date(NOON), updated_at: new Date(NOON) };

/** The suite's routes, whose handlers do nothing, and the rows that come of asking for them. */
function bench(scopes?: readonly string[]) {
  const publishMessage = sinon.stub().resolves('1');
  const platform = testPlatform({
    clients: { pubsub: async () => ({ topic: () => ({ publishMessage }) }) },
    // What is measured is a sample; what changes something is told in any case.
    environment: { REQUEST_SAMPLING: '0' },
  });
  const recorder = createRequestRecorder(platform, async (address) => `hash of ${address}`);
  const key = { ...stamps, key_id: 'key_1', user_id: 'usr_1', name: '', prefix: '' };
  const userOf = (id: string): UserEntity => ({
    ...{ ...stamps, id, email: '', name: '', role: 'admin', settings: {} },
    disabled: false,
  });
  const app = createApp({
    name: 'all',
    routes: routes.map((route) => ({
      ...route,
      query: 'any',
      body: undefined,
      handle: async () => ({ status: 204 }),
    })) as never,
    services: {},
    platform,
    authenticate: createAuthenticate(
      fakeIdentities({
        keys: {
          noteUse: () => {},
          withUser: async (hash, id) => ({
            key: hash === hashOfKey('vrt_usr_1') ? { ...key, id: hash, scopes: [...(scopes ?? allOf())] } : undefined,
            user: id === undefined ? undefined : userOf(id),
          }),
        },
        users: { get: async (id) => userOf(id) },
      }),
    ),
    recorder,
    limiter: unlimited,
    idempotency: { once: async (_request, work) => ({ reply: await work(), again: false }) },
  });
  async function ask({ method, path }: Route, apiKey = 'vrt_usr_1') {
    const asked = path.replace(/:\w+(\{report[^/]*\})?/g, (_, report) => (report ? 'report' : 'x_1'));
    const headers = { 'x-api-key': apiKey, 'x-forwarded-for': '203.0.113.9', 'user-agent': 'ci/1' };
    const { status } = await app.request(asked, { method, headers });
    await recorder.flush();
    const events = publishMessage.args.map(([message]) => JSON.parse(String(message.data)) as CloudEvent);
    const rows = events.flatMap(rowsOf).filter(({ table }) => table.name === 'user_activity');
    return { asked, status, events, rows: rows.map(({ row }) => row) };
  }
  return { ask };
}

const allOf = () => routes.flatMap(({ access }) => (typeof access === 'string' ? [] : [access.scope]));

describe('whoever changes something', () => {
  const writing = routes.filter(({ method }) => !isReading(method));
  it('does it by one of these routes', () => assert.ok(writing.length > 30, String(writing.length)));

  for (const route of writing) {
    const { method, path, access } = route;
    it(`${method} ${path} is told: who, what, from where and with what result`, async () => {
      const { asked, status, rows } = await bench().ask(route);
      assert.equal(rows.length, 1);
      const { user_id, action, resource, ip_hash, user_agent, status: told } = rows[0] ?? {};
      assert.equal(user_id, access === 'public' ? 'anonymous' : 'usr_1');
      assert.deepEqual([action, resource, told], [`${method} ${path}`, asked, status]);
      assert.deepEqual([ip_hash, user_agent], ['hash of 203.0.113.9', 'ci/1']);
    });
  }

  it('but may not is told too, under their own name, and as a denial', async () => {
    const route = writing.find(({ access }) => typeof access !== 'string') as Route;
    const { status, rows, events } = await bench([]).ask(route);
    assert.equal(status, 403);
    assert.deepEqual([rows[0]?.user_id, rows[0]?.status], ['usr_1', 403]);
    const denial = events.find(({ type }) => type === 'auth.denied');
    const { user_id, reason, count, ip_hash } = denial?.data ?? {};
    assert.deepEqual([user_id, reason, count, ip_hash], ['usr_1', 'permission-denied', 1, 'hash of 203.0.113.9']);
  });

  it('and is nobody we know, is told as a denial of nobody', async () => {
    const route = writing.find(({ access }) => access !== 'public') as Route;
    const { status, events } = await bench().ask(route, 'vrt_guessed');
    const denial = events.find(({ type }) => type === 'auth.denied');
    assert.deepEqual([status, denial?.data.user_id, denial?.data.reason], [401, 'anonymous', 'unauthenticated']);
  });
});
