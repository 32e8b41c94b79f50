import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { takeEveryRequest } from './take-every-request.ts';

describe('requests to the Functions Framework', () => {
  let stop: () => void;
  let origin: string;
  let server: ReturnType<typeof getTestServer>;
  before(async () => {
    http('every-request', (request, response) => {
      const { headers, rawHeaders, rawBody } = request;
      const sent = rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === 'content-type') + 1];
      response.json({
        bytes: rawBody?.toString('latin1'),
        sent,
        encoding: headers['content-encoding'] ?? null,
        url: request.url,
      });
    });
    stop = takeEveryRequest();
    server = getTestServer('every-request').listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    stop();
    server.close();
    await once(server, 'close');
  });

  async function send(body: string | Buffer, headers: Record<string, string>, path = '/') {
    const answer = await fetch(origin + path, { method: 'POST', body: body as BodyInit, headers });
    assert.equal(answer.status, 200);
    return (await answer.json()) as { bytes: string; sent: string; encoding: string | null; url: string };
  }

  for (const [type, body] of [
    ['application/json', '{"broken'],
    ['application/json; charset=utf-16', '{}'],
    ['application/x-www-form-urlencoded', 'a[b]=%zz'],
    ['text/plain; charset=x', 'text'],
  ] as const) {
    it(`reach the function with the body that was sent: ${type}`, async () => {
      const { bytes, sent, encoding } = await send(body, { 'content-type': type });
      assert.deepEqual([bytes, sent, encoding], [body, type, null]);
    });
  }

  it('are not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    const { bytes } = await send(bomb, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    assert.equal(bytes, bomb.toString('latin1'));
  });

  it('reach it when their path encodes no text', async () => {
    for (const [path, seen] of [
      ['/%zz?a=%zz', '/%25zz?a=%zz'],
      ['/%ff', '/%25ff'],
      ['/%2F%41', '/%2F%41'],
    ] as const)
      assert.equal((await send('', {}, path)).url, seen);
  });
});
