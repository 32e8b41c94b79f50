import assert from 'node:assert/strict';
import { bench, problemOf } from './bench.testing.ts';

describe('a request is read and checked', () => {
  describe('reads a body', () => {
    it('that fits', async () => {
      const { post, seen } = bench();
      for (const type of [
        'application/json',
        'application/json; charset=utf-8',
        'Application/JSON',
        'application/vnd.x+json',
      ]) {
        assert.equal((await post('{"name":"a"}', type)).status, 200, type);
      }
      assert.deepEqual(seen[0]?.body, { name: 'a' });
    });

    it('and refuses other content types', async () => {
      const { post } = bench();
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq', 'text/json', '']) {
        assert.equal((await post('{"name":"a"}', type)).status, 415, type);
      }
    });

    it('and refuses what is compressed, which could be any length', async () => {
      const { call } = bench();
      for (const path of ['/things', '/raw']) {
        const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
        const response = await call(path, { method: 'POST', headers, body: '{"name":"a"}' });
        assert.equal(response.status, 415);
        assert.match((await problemOf(response)).detail, /gzip/);
      }
    });

    it('and refuses what is no JSON', async () => {
      const { post } = bench();
      for (const body of ['{', '', '{"name":"\u0000"}', Buffer.from([0x22, 0xff, 0x22])]) {
        const response = await post(body);
        assert.equal(response.status, 400);
        assert.match((await problemOf(response)).detail, /^The body is not JSON: /);
      }
    });

    it('and refuses one that is nested so deeply that nobody could read it', async () => {
      const { call, post } = bench();
      const nested = (levels: number) => `{"name":"a","more":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      for (const idempotency of [{}, { 'idempotency-key': 'a' }]) {
        const headers = { 'content-type': 'application/json', ...idempotency };
        const response = await call('/things', { method: 'POST', headers, body: nested(200_000) });
        assert.equal(response.status, 400);
        assert.match((await problemOf(response)).detail, /nested deeper than 100 levels/);
      }
      assert.match((await problemOf(await post(nested(99)))).errors?.[0]?.message ?? '', /unknown field/);
    });

    it('and refuses one where none is taken, but for an empty one', async () => {
      const { call, seen } = bench();
      const send = (body: BodyInit) => call('/bodiless', { method: 'POST', body });
      for (const body of ['', '{}', ' {} ', 'null']) assert.equal((await send(body)).status, 200, body);
      assert.equal(seen.length, 4);
      const response = await send('{"scopes":["tests:read"]}');
      assert.equal(response.status, 400);
      assert.deepEqual((await problemOf(response)).errors, [
        { pointer: '/scopes', message: "unknown field 'scopes': this request takes no body" },
      ]);
      assert.equal((await send('grant_type=client_credentials')).status, 400);
      assert.equal(seen.length, 4);
    });

    it('and points to every field that is wrong, with a hint', async () => {
      const response = await bench().post('{"nmae":"a","size":1.5}');
      assert.equal(response.status, 400);
      assert.deepEqual((await problemOf(response)).errors, [
        { pointer: '/name', message: "'name' is required" },
        { pointer: '/nmae', message: "unknown field 'nmae'", hint: "did you mean 'name'?" },
        { pointer: '/size', message: 'must be integer' },
      ]);
    });

    it('and refuses one that is too large', async () => {
      const { post } = bench();
      assert.equal((await post(`{"name":"${'a'.repeat(1024 * 1024)}"}`)).status, 413);
      assert.equal((await post(new Uint8Array(1024 * 1024 + 1), 'application/yaml', '/raw')).status, 200);
      assert.equal((await post(new Uint8Array(10 * 1024 * 1024 + 1), 'application/yaml', '/raw')).status, 413);
    });

    it('and refuses forms of files, where the file itself is to be the body', async () => {
      const form = new FormData();
      form.append('file', new Blob(['name: a']), 'a.yaml');
      const response = await bench().call('/raw', { method: 'POST', body: form });
      assert.equal(response.status, 415);
      assert.match((await problemOf(response)).detail, /the file itself .* --data-binary @FILE/);
    });

    it('as bytes where a route takes any', async () => {
      const { post, seen } = bench();
      await post(Uint8Array.of(0, 255), 'x/y', '/raw');
      assert.deepEqual(seen[0]?.body, Uint8Array.of(0, 255));
    });
  });

  it('refuses a query that a route does not have', async () => {
    const { call, seen } = bench();
    assert.equal((await call('/things/1?color=red')).status, 200);
    assert.deepEqual({ ...seen[0]?.query }, { color: 'red' });
    const response = await call('/things/1?colour=red');
    assert.equal(response.status, 400);
    assert.deepEqual((await problemOf(response)).errors, [
      { pointer: '/colour', message: "unknown field 'colour'", hint: "did you mean 'color'?" },
    ]);
  });

  it('says of a wrong value why it may have lost its plus', async () => {
    const wrong = await bench().call('/things/1?since=2026-03-04T12:00:00+01:00');
    assert.match((await problemOf(wrong)).errors?.[0]?.hint ?? '', /'\+' .* '%2B'/);
    const right = await bench().call('/things/1?since=2026-03-04T12:00:00%2B01:00');
    assert.equal(right.status, 200);
  });

  it('refuses parameters given twice, and any where a route takes none', async () => {
    const { call } = bench();
    for (const [path, message] of [
      ['/things/1?color=red&color=blue', "'color' is given more than once"],
      ['/same?color=red', "unknown parameter 'color'"],
    ] as const) {
      const response = await call(path);
      assert.equal(response.status, 400);
      assert.deepEqual((await problemOf(response)).errors, [{ pointer: '/color', message }]);
    }
  });

  for (const [prefer, seconds] of [
    ['wait=30', 30],
    ['respond-async, wait=5', 5],
    ['respond-async; wait=5', 5],
    ['respond-async', 0],
    ['return=minimal, Respond-Async', 0],
    ['not-respond-async', undefined],
    ['WAIT=7', 7],
    ['wait="8"', 8],
    ['wait=600', 60],
    ['wait=0', 0],
    ['wait=soon', undefined],
    ['await=5', undefined],
    ['x-wait=5', undefined],
    ['wait=5s', undefined],
  ] as const) {
    it(`takes 'Prefer: ${prefer}' as ${seconds} seconds`, async () => {
      const { call, seen } = bench();
      await call('/things/1', { headers: { prefer } });
      assert.equal(seen[0]?.waitSeconds, seconds);
    });
  }
});
