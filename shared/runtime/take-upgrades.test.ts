import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { WebSocket } from 'ws';
import { bench } from '../http/bench.testing.ts';
import { takeUpgrades } from './take-upgrades.ts';
import { upgradeListener } from './upgrade-listener.ts';

describe('WebSockets of a function in the Functions Framework', () => {
  const { app, platform, recorded } = bench({ CORS_ORIGINS: 'https://pages.example' });
  let stop: () => void;
  let authority: string;
  let server: ReturnType<typeof getTestServer>;
  before(async () => {
    http('upgrades', (_request, response) => void response.end('a request'));
    stop = takeUpgrades(upgradeListener(app.fetch as never, platform));
    server = getTestServer('upgrades').listen(0, '127.0.0.1');
    await once(server, 'listening');
    authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    stop();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  beforeEach(() => recorded.splice(0));

  const key = { 'x-api-key': 'vrt_good' };
  /** Everything that comes through a socket, to its end. */
  async function hear(path: string, protocols: string[] = [], options: { headers?: Record<string, string> } = {}) {
    const socket = new WebSocket(`ws://${authority}${path}`, protocols, options);
    const texts: string[] = [];
    socket.on('message', (data) => texts.push(String(data)));
    const [answer] = (await once(socket, 'upgrade')) as [IncomingMessage];
    const [code] = (await once(socket, 'close')) as [number];
    return { texts, code, headers: answer.headers };
  }
  async function refused(path: string, headers: Record<string, string>, protocols: string[] = []) {
    const socket = new WebSocket(`ws://${authority}${path}`, protocols, { headers });
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const chunks: Buffer[] = await answer.toArray();
    return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() };
  }
  const told = [JSON.stringify({ id: '1', event: 'a', data: 1 })];

  it('have the events, with what every answer says, and one record', async () => {
    const { texts, code, headers } = await hear('/events', [], { headers: { ...key, 'x-request-id': 'mine' } });
    assert.deepEqual([texts, code], [told, 1000]);
    assert.equal(headers['x-request-id'], 'mine');
    assert.match(String(headers.ratelimit), /r=7/);
    assert.deepEqual(
      recorded.map(({ path, status, userId }) => [path, status, userId]),
      [['/events', 101, 'usr_bootstrap']],
    );
  });

  it('take a key as a subprotocol, which alone is never said again', async () => {
    const { texts, headers } = await hear('/events', ['bearer', 'vrt_good']);
    assert.deepEqual([texts, headers['sec-websocket-protocol']], [told, 'bearer']);
    assert.equal((await refused('/events', {}, ['bearer', 'vrt_bad'])).status, 401);
    const asInPages = new globalThis.WebSocket(`ws://${authority}/events`, ['bearer', 'vrt_good']);
    const [{ data }] = (await once(asInPages, 'message')) as [MessageEvent];
    assert.deepEqual([data], told);
  });

  it('end at once where there is no more to come for', async () => {
    assert.deepEqual((await hear('/events?none', [], { headers: key })).code, 1000);
  });

  it('are open to pages that may read answers, and to no others', async () => {
    for (const origin of ['https://pages.example', `http://${authority}`]) {
      assert.deepEqual((await hear('/events', [], { headers: { ...key, origin } })).texts, told);
    }
    const { status, text } = await refused('/events', { ...key, origin: 'https://other.example' });
    assert.equal(status, 403);
    assert.match((JSON.parse(text) as { detail: string }).detail, /https:\/\/other\.example/);
  });

  it('are refused as requests are, before there is a socket', async () => {
    const { status, headers, text } = await refused('/events', { 'x-api-key': 'vrt_bad' });
    assert.deepEqual([status, headers['content-type']], [401, 'application/problem+json']);
    assert.equal((JSON.parse(text) as { status: number }).status, 401);
    assert.deepEqual(
      recorded.map((request) => [request.status, request.refusal?.type]),
      [[401, 'auth.denied']],
    );
  });

  it('are not of routes without events, which answer as always', async () => {
    const { status, text } = await refused('/same', key);
    assert.deepEqual([status, text], [200, '{"a":1}']);
    assert.equal((await refused('/nothing', key)).status, 404);
  });

  it('leave other upgrades to be what they are without: requests', async () => {
    const asked = get(`http://${authority}/`, { headers: { connection: 'Upgrade', upgrade: 'h2c' } });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    assert.equal(Buffer.concat(await answer.toArray()).toString(), 'a request');
  });

  it('are closed by who speaks no proper WebSocket, and by who goes before an answer', async () => {
    const headers = { ...key, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '7' };
    const [answer] = (await once(get(`http://${authority}/events`, { headers }), 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 400);
    answer.resume();
    const gone = get(`http://${authority}/events`, { headers });
    gone.on('error', () => {});
    gone.destroy();
    assert.deepEqual((await hear('/events', [], { headers: key })).texts, told);
  });
});
