import assert from 'node:assert/strict';
import { bench, problemOf } from './bench.testing.ts';

describe('the app of an HTTP function', () => {
  describe('says what is wrong', () => {
    it('as problem details, with the id of the request', async () => {
      const response = await bench().call('/nothing');
      assert.equal(response.status, 404);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      const problem = await problemOf(response);
      const { requestId, ...rest } = problem;
      assert.deepEqual(rest, {
        type: 'https://virtuoso.dev/problems/not-found',
        title: 'Not found',
        status: 404,
        detail: 'There is no such resource.',
        instance: '/nothing',
      });
      assert.match(requestId, /^req_/);
      assert.equal(response.headers.get('x-request-id'), requestId);
    });

    it('and names the methods that a resource takes', async () => {
      const response = await bench().call('/things/1', { method: 'PUT' });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'GET, DELETE, HEAD, OPTIONS');
      assert.match((await problemOf(response)).detail, /GET, DELETE/);
    });

    it('of a path as a reference to it, whatever the path holds', async () => {
      for (const path of ['/nothing/a%20b', '/nothing/%00', '/nothing/a%2Fb', '/nothing/%E0%A4%A', '/nothing/%25']) {
        assert.equal((await problemOf(await bench().call(path))).instance, path);
      }
    });

    it('of a request, at the place where it is, and of all of it where there is none', async () => {
      const { call } = bench();
      for (const code of ['invalid-argument', 'unprocessable']) {
        const { detail, errors } = await problemOf(await call(`/wrong/${code}`));
        assert.deepEqual(errors, [{ pointer: '', message: detail }]);
      }
      assert.equal((await problemOf(await call('/wrong/conflict'))).errors, undefined);
    });

    it('and when to come back', async () => {
      const response = await bench().call('/late');
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('retry-after'), '9');
      assert.equal((await problemOf(response)).detail, 'Come back.');
    });

    for (const path of ['/bug', '/known-bug']) {
      it(`but of a bug (${path}) only that there was one; the log has the rest`, async () => {
        const { call, platform } = bench();
        const response = await call(path);
        assert.equal(response.status, 500);
        assert.ok(!(await response.text()).includes('secret'));
        const line = platform.lines.find(({ severity }) => severity === 'ERROR');
        assert.match(String(line?.stack_trace), /secret/);
      });
    }
  });

  describe('lets in', () => {
    it('everybody where a route is public', async () => {
      assert.equal((await bench().app.request('/open')).status, 200);
    });

    for (const headers of [
      { 'x-api-key': 'vrt_good' },
      { authorization: 'Bearer vrt_good' },
      { authorization: 'bearer vrt_good' },
    ]) {
      it(`who sends ${JSON.stringify(headers)}`, async () => {
        const { app, seen } = bench();
        assert.equal((await app.request('/things/1', { headers: headers as Record<string, string> })).status, 200);
        assert.equal(seen[0]?.caller.userId, 'usr_bootstrap');
      });
    }

    for (const headers of [{}, { 'x-api-key': 'vrt_goo' }, { 'x-api-key': '' }, { authorization: 'Basic vrt_good' }]) {
      it(`but not who sends ${JSON.stringify(headers)}`, async () => {
        const { app, seen } = bench();
        const response = await app.request('/things/1', { headers: headers as Record<string, string> });
        assert.equal(response.status, 401);
        assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/);
        assert.deepEqual(seen, []);
      });
    }

    it('asks for the key before it looks at the body', async () => {
      const response = await bench().app.request('/things', { method: 'POST', body: 'junk' });
      assert.equal(response.status, 401);
    });
  });

  it('hands parameters over decoded', async () => {
    const { call, seen } = bench();
    await call('/things/a%2Fb');
    await call('/r/run_1/report.json');
    await call('/r/run_1/report');
    assert.equal((await call('/r/run_1/report.exe')).status, 404);
    assert.deepEqual(
      seen.map(({ params }) => params),
      [{ id: 'a/b' }, { id: 'run_1', file: 'report.json' }, { id: 'run_1', file: 'report' }],
    );
  });

  describe('answers', () => {
    it('with JSON, text, bytes, a stream and nothing', async () => {
      const { call } = bench();
      assert.equal((await call('/things/1')).headers.get('content-type'), 'application/json');
      const text = await call('/text');
      assert.deepEqual([await text.text(), text.headers.get('content-type')], ['<p>', 'text/html']);
      assert.deepEqual(new Uint8Array(await (await call('/bytes')).arrayBuffer()), Uint8Array.of(1, 2));
      assert.equal(await (await call('/stream')).text(), 'stream');
      const nothing = await call('/things/1', { method: 'DELETE' });
      assert.deepEqual([nothing.status, await nothing.text()], [204, '']);
    });

    it('HEAD as GET without a body', async () => {
      const response = await bench().call('/things/1', { method: 'HEAD' });
      assert.deepEqual([response.status, await response.text()], [200, '']);
    });

    it('so that no browser guesses, frames or shares it, whatever it is', async () => {
      const { call, app } = bench();
      for (const response of [
        await call('/text'),
        await call('/nothing'),
        await call('/bug'),
        await app.request('/things/1'),
      ]) {
        const { headers } = response;
        assert.equal(headers.get('x-content-type-options'), 'nosniff');
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
        assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{8}/);
        assert.equal(headers.get('referrer-policy'), 'no-referrer');
      }
    });
  });

  describe('sends events', () => {
    it('as a stream, whose frames nobody keeps', async () => {
      const response = await bench().call('/events');
      assert.deepEqual(
        ['content-type', 'cache-control'].map((name) => response.headers.get(name)),
        ['text/event-stream', 'no-store'],
      );
      assert.equal(await response.text(), 'retry: 1000\n\nid: 1\nevent: a\ndata: 1\n\n');
    });

    it('to nobody who asks without wanting an answer', async () => {
      const response = await bench().call('/events', { method: 'HEAD' });
      assert.deepEqual([response.headers.get('content-type'), response.body], ['text/event-stream', null]);
    });
  });

  describe('keeps', () => {
    it("the client's request id, where it is one", async () => {
      const { call, seen } = bench();
      const response = await call('/things/1', { headers: { 'x-request-id': 'build-17.a_b' } });
      assert.equal(response.headers.get('x-request-id'), 'build-17.a_b');
      assert.equal(seen[0]?.id, 'build-17.a_b');
      for (const wrong of ['a b', 'x'.repeat(129), '{}']) {
        const other = await call('/things/1', { headers: { 'x-request-id': wrong } });
        assert.match(other.headers.get('x-request-id') ?? '', /^req_/);
      }
    });

    it("the client's trace, with a span of its own", async () => {
      const { call, platform } = bench();
      const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const response = await call('/things/1', { headers: { traceparent: given } });
      const answered = response.headers.get('traceparent') ?? '';
      assert.equal(answered.slice(0, 35), given.slice(0, 35));
      assert.notEqual(answered, given);
      assert.equal(((await response.json()) as { trace: string }).trace, answered);
      assert.match(
        String(platform.lines.at(-1)?.['logging.googleapis.com/trace']),
        /0af7651916cd43dd8448eb211c80319c$/,
      );
    });

    it('a log line and a record of every request, whatever came of it', async () => {
      const { call, platform, recorded } = bench();
      await call('/things/1', { headers: { 'x-forwarded-for': 'spoofed, 203.0.113.9', 'user-agent': 'curl' } });
      await call('/bug');
      await call('/nothing');
      assert.deepEqual(
        recorded.map(({ route, path, status, userId }) => [route, path, status, userId]),
        [
          ['/things/:id', '/things/1', 200, 'usr_bootstrap'],
          ['/bug', '/bug', 500, 'usr_bootstrap'],
          ['*', '/nothing', 404, 'anonymous'],
        ],
      );
      assert.deepEqual([recorded[0]?.address, recorded[0]?.userAgent], ['203.0.113.9', 'curl']);
      const line = platform.lines.find(({ message }) => message === 'GET /things/1 200');
      assert.deepEqual(line?.httpRequest, { requestMethod: 'GET', requestUrl: '/things/1', status: 200 });
      assert.deepEqual([line?.user_id, line?.route], ['usr_bootstrap', 'GET /things/:id']);
    });
  });
});
