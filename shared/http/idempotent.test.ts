import assert from 'node:assert/strict';
import { bench } from './bench.testing.ts';

describe('a request with an idempotency key', () => {
  const send = (
    { call }: ReturnType<typeof bench>,
    given: { key?: string; body?: string; path?: string; method?: string } = {},
  ) =>
    call(given.path ?? '/things', {
      method: given.method ?? 'POST',
      body: given.body ?? '{"name":"a"}',
      headers: { 'content-type': 'application/json', 'idempotency-key': given.key ?? 'build-17' },
    });

  it('is done once, and answered the same again', async () => {
    const app = bench();
    const [first, second] = [await send(app), await send(app)];
    assert.equal(app.seen.length, 1);
    assert.deepEqual([second.status, await second.text()], [first.status, await first.text()]);
    assert.deepEqual(
      [first, second].map(({ headers }) => headers.get('idempotency-replayed')),
      [null, 'true'],
    );
    assert.notEqual(second.headers.get('x-request-id'), first.headers.get('x-request-id'));
  });

  it('is another one with another key, or with none', async () => {
    const app = bench();
    await send(app);
    await send(app, { key: 'build-18' });
    await app.post('{"name":"a"}');
    assert.equal(app.seen.length, 3);
  });

  for (const other of [{ body: '{"name":"b"}' }, { path: '/raw' }]) {
    it(`must be the same request: not with ${JSON.stringify(other)}`, async () => {
      const app = bench();
      await send(app);
      assert.equal((await send(app, other)).status, 422);
      assert.equal(app.seen.length, 1);
    });
  }

  for (const key of ['', 'x'.repeat(256), 'a b', 'ä']) {
    it(`is refused when its key is '${key.slice(0, 10)}' of ${key.length} characters`, async () => {
      const app = bench();
      assert.equal((await send(app, { key })).status, 400);
      assert.deepEqual(app.seen, []);
    });
  }

  it('of nobody known is not mixed up with another’s', async () => {
    const { app, seen } = bench();
    const headers = { 'idempotency-key': 'deploy-1' };
    for (const body of ['{"hook":"mine"}', '{"hook":"theirs"}', '{"hook":"theirs"}'])
      assert.equal((await app.request('/told', { method: 'POST', headers, body })).status, 200, body);
    assert.equal(seen.length, 3);
  });

  it('that only reads is answered as ever: reading is idempotent', async () => {
    const { call, seen } = bench();
    const headers = { 'idempotency-key': 'build-17' };
    await call('/things/1', { headers });
    await call('/things/1', { headers });
    assert.equal(seen.length, 2);
  });
});
