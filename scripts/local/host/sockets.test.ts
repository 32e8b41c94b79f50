import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type Receiver, startReceiver, until } from '../plumbing/receiver.ts';
import { startFixtures } from './fixtures/cloud.ts';

describe('WebSockets of the host', () => {
  let receiver: Receiver;
  let cloud: Awaited<ReturnType<typeof startFixtures>>;
  before(async () => {
    receiver = await startReceiver();
    cloud = await startFixtures(receiver.url);
  });
  after(async () => {
    await cloud?.close();
    await receiver?.close();
  });

  /** Opens one, and gives what its function says first. */
  async function open(path: string) {
    const socket = new WebSocket(`${cloud.origin.replace('http', 'ws')}/functions${path}`);
    const [text] = await once(socket, 'message');
    const hello = JSON.parse(String(text)) as { url: string; headers: Record<string, string>; pid: number };
    return { socket, hello };
  }
  const closed = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0];
  const activeOf = (name: string) =>
    cloud.instances().reduce((sum, one) => (one.function === name ? sum + one.active : sum), 0);

  it('are brought to the function, with what Cloud Run says of a request, and go both ways', async () => {
    const { socket, hello } = await open('/web/socket?a=1');
    assert.equal(hello.url, '/socket?a=1');
    assert.deepEqual([hello.headers.upgrade, hello.headers['x-forwarded-for']], ['websocket', '127.0.0.1']);
    assert.match(hello.headers.traceparent ?? '', /^00-/);
    for (const text of ['one', 'x'.repeat(200_000)]) {
      socket.send(text);
      assert.equal(String((await once(socket, 'message'))[0]), text);
    }
    socket.close(4001);
    assert.equal(await closed(socket), 4001);
  });

  it('have a place in an instance as long as they are open', async () => {
    const places = [await open('/web/socket'), await open('/web/socket'), await open('/web/socket')];
    assert.equal(new Set(places.map(({ hello }) => hello.pid)).size, 2, 'two fit into an instance');
    assert.equal(activeOf('web'), 3);
    for (const { socket } of places) socket.close();
    await Promise.all(places.map(({ socket }) => closed(socket)));
    await until(() => activeOf('web') === 0);
  });

  it("end at the request's timeout, and with their instance", async () => {
    assert.equal(await closed((await open('/hasty/socket')).socket), 1006);
    const { socket } = await open('/other/socket');
    assert.ok(cloud.killInstance('other'));
    assert.equal(await closed(socket), 1006);
    await until(() => activeOf('hasty') + activeOf('other') === 0);
  });

  it('are answered by the function that does not want them, by the host where there is none, as any request', async () => {
    const ask = async (path: string) => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
      const [answer] = (await once(httpGet(cloud.origin + path, { headers }), 'response')) as [IncomingMessage];
      return [answer.statusCode, Buffer.concat(await answer.toArray()).toString()];
    };
    assert.deepEqual(await ask('/functions/web/socket/closed'), [403, 'no']);
    assert.equal((await ask('/functions/web/live'))[0], 200);
    assert.equal((await ask('/functions/nobody'))[0], 404);
    assert.equal((await ask('/nowhere'))[0], 404);
  });
});
