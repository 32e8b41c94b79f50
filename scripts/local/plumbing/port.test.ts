import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { openPort, type Port } from './port.ts';

describe('the port', () => {
  let port: Port;
  before(async () => {
    port = await openPort({
      port: 0,
      grpc: [],
      http: (_request, response, { pathname, search }) => void response.end(`asked for ${pathname}${search}`),
      sockets: () => async (socket) => void socket.end('taken'),
    });
  });
  after(() => port.close());

  /** Sends a request as it stands and gives what comes back until the connection ends. */
  function send(target: string, ...headers: string[]): Promise<string> {
    const socket = connect(port.port, '127.0.0.1');
    socket.write([`GET ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
    return text(socket);
  }

  it('refuses a host that is none, and lives on', async () => {
    for (const host of ['[', 'a b']) {
      assert.match(await send('/', `Host: ${host}`, 'Connection: close'), /^HTTP\/1\.1 400 /);
      const upgrade = ['Connection: Upgrade, close', 'Upgrade: websocket', 'Sec-WebSocket-Key: a'];
      assert.match(await send('/', `Host: ${host}`, ...upgrade), /^HTTP\/1\.1 400 /);
    }
    assert.match(await send('/a', 'Host: x', 'Connection: close'), /asked for \/a$/m);
  });

  it('takes a path that begins with two slashes for a path', async () => {
    assert.match(await send('//', 'Host: x', 'Connection: close'), /asked for \/\/$/m);
    assert.match(await send('//v1/runs?a=1', 'Host: x', 'Connection: close'), /asked for \/\/v1\/runs\?a=1$/m);
  });
});
