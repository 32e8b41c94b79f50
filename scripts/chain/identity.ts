import assert from 'node:assert/strict';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { functions } from '../../functions/index.ts';
import type { Contract } from '../../schemas/contract.ts';
import type { HttpTrigger } from '../../shared/define/trigger.ts';
import { type Api, apiOf } from './api.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import type { SuiteCloud } from './suite-cloud.ts';

interface Key {
  readonly id: string;
  readonly key: string;
}

/** Users, their keys and tokens, and what they may not see of each other. */
export function identity(suite: () => SuiteCloud): void {
  const origin = () => suite().cloud.origin;
  let endpoint: Endpoint;
  before(async () => {
    endpoint = await startEndpoint();
  });
  after(async () => {
    await endpoint?.close();
  });
  const made = async (path: string, body: object) => {
    const answer = await suite().call('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body as Key;
  };
  async function newUser(name: string): Promise<{ id: string; key: Key; api: Api }> {
    const { id } = await made('/v1/users', { email: `${name}@example.com`, name });
    const scopes = [
      'tests:read',
      'tests:write',
      'runs:read',
      'runs:write',
      'webhooks:read',
      'webhooks:write',
      'keys:write',
    ];
    const key = await made('/v1/api-keys', { name: 'test', userId: id, scopes });
    return { id, key, api: apiOf(origin(), key.key) };
  }

  it('a key works from when it is made until it is revoked, and no document holds it', async () => {
    const { id, key, api } = await newUser('ada');
    const me = (await api.call('GET', '/v1/users/me')).body as { id: string; name: string };
    assert.deepEqual([me.id, me.name], [id, 'ada']);
    const { docs } = await suite().google.firestore.collection('api_keys').get();
    assert.ok(!JSON.stringify(docs.map((document) => document.data())).includes(key.key));
    assert.equal((await api.call('DELETE', `/v1/api-keys/${key.id}`)).status, 204);
    assert.equal((await api.call('GET', '/v1/users/me')).status, 401);
  });

  it('who reads themselves can be changed as they were read, once', async () => {
    const { id, api } = await newUser('grace');
    const { headers } = await api.call('GET', '/v1/users/me');
    const etag = headers.get('etag') ?? '';
    assert.equal((await api.call('GET', '/v1/users/me', undefined, { 'if-none-match': etag })).status, 304);
    const asRead = { 'if-match': etag };
    assert.equal((await suite().call('PATCH', `/v1/users/${id}`, { name: 'Grace H' }, asRead)).status, 200);
    assert.equal((await api.call('PATCH', '/v1/users/me', { name: 'G' }, asRead)).status, 412);
    const again = (await api.call('GET', '/v1/users/me')).headers.get('etag') ?? '';
    assert.equal((await api.call('PATCH', '/v1/users/me', { name: 'G' }, { 'if-match': again })).status, 200);
  });

  it('a token stands for its key, and its signature holds before the published keys', async () => {
    const { id, key, api } = await newUser('bob');
    const { accessToken } = (await api.call('POST', '/v1/auth/token')).body as { accessToken: string };
    const jwks = createRemoteJWKSet(new URL('/.well-known/jwks.json', origin()));
    assert.equal((await jwtVerify(accessToken, jwks)).payload.sub, id);
    const bearer = (token: string) =>
      fetch(`${origin()}/v1/users/me`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
    assert.equal(await bearer(accessToken), 200);
    await api.call('DELETE', `/v1/api-keys/${key.id}`);
    assert.equal(await bearer(accessToken), 401);
  });

  it('a user who is disabled is let in no more', async () => {
    const { id, api } = await newUser('carol');
    assert.equal((await api.call('GET', '/v1/users/me')).status, 200);
    await suite().call('PATCH', `/v1/users/${id}`, { disabled: true });
    assert.equal((await api.call('GET', '/v1/users/me')).status, 401);
  });

  it("what is somebody else's is as if it were not there, on every route", async () => {
    const [owner, stranger] = [await newUser('dan'), await newUser('eve')];
    const test = await owner.api.upload('mine.yaml', 'test: Mine\ndo:\n  - note: hello\n');
    const run = await owner.api.start([test]);
    await owner.api.ended(run.id);
    const mine = async (path: string, body?: object) =>
      (await owner.api.call('POST', path, body)).body as { id: string; deliveryId: string };
    const { id: webhooks } = await mine('/v1/webhooks', { url: endpoint.url, events: ['webhook.*'] });
    const { deliveryId: deliveries } = await mine(`/v1/webhooks/${webhooks}/ping`);
    await suite().until<{ status: string }>(`deliveries/${deliveries}`, (one) => one.status === 'delivered');
    const { id: hooks } = await mine('/v1/hooks', { name: 'A', sender: 'github', tests: [test] });
    const ids: Record<string, string> = {
      ...{ tests: test, runs: run.id, webhooks, deliveries, hooks },
      'api-keys': owner.key.id,
    };
    const routes = functions
      .flatMap(({ trigger }) => (trigger.kind === 'http' ? (trigger as HttpTrigger).routes : []))
      .filter(({ path, access }) => path.includes('/:') && typeof access !== 'string' && access.scope !== 'users:admin')
      // Reads and changes before deletions.
      .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
    for (const { method, path, body } of routes) {
      const resource = path.split('/')[2] ?? '';
      const id = ids[resource];
      if (id === undefined) continue;
      const asked = path.replace(/:\w+(\{[^/]*\})?/, id).replace(/:file\{.*$/, 'report.json');
      const sent = body === undefined || body === 'raw' ? undefined : bodyFor(body);
      const { status } = await stranger.api.call(method, asked, sent);
      assert.equal(status, 404, `${method} ${asked}`);
      if (method === 'GET') assert.equal((await owner.api.call(method, asked)).status, 200, `${method} ${asked}`);
    }
    assert.deepEqual(((await stranger.api.call('GET', '/v1/tests')).body as { items: unknown[] }).items, []);
    const { status, body } = await stranger.api.call('POST', '/v1/runs', { tests: [test] });
    assert.equal(status, 422, JSON.stringify(body));
  });
}

const since = '2026-03-04T12:00:00.000Z';

/** The least that a route takes. */
function bodyFor({ accepts }: Contract): object {
  const body = [{}, { active: true }, { since }].find((candidate) => accepts(candidate));
  assert.ok(body, 'none of the bodies fits');
  return body;
}
