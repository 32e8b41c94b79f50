import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import type { EgressGuard } from './egress.ts';
import { EGRESS_HEADER, type EgressProxy, startEgressProxy, targetOf } from './egress-proxy.ts';
import { AppError } from './errors.ts';

describe('the egress proxy', () => {
  let proxy: EgressProxy;
  let site: Server;
  let port: number;
  let answer: RequestListener;
  const checked: string[] = [];
  /** Every name but `private.example` means this machine. */
  const guard: EgressGuard = {
    allows: () => true,
    async check(host) {
      checked.push(host);
      if (host === 'private.example') throw new AppError('permission-denied', 'not public');
      if (host === 'unknown.example') throw new AppError('unavailable', 'not known');
      return { host, address: '127.0.0.1', family: 4 };
    },
  };

  before(async () => {
    proxy = await startEgressProxy(guard);
    site = createServer((incoming, response) => answer(incoming, response));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    port = (site.address() as AddressInfo).port;
  });
  beforeEach(() => {
    checked.length = 0;
  });
  after(async () => {
    await proxy.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });

  interface Answer {
    status: number | undefined;
    headers: IncomingMessage['headers'];
    body: string;
  }
  const through = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ ...proxyAddress(), path, headers, agent: false }, async (incoming) => {
        let body = '';
        try {
          for await (const chunk of incoming) body += String(chunk);
          resolve({ status: incoming.statusCode, headers: incoming.headers, body });
        } catch (error) {
          reject(error);
        }
      });
      outgoing.on('error', reject).end();
    });
  const proxyAddress = () => ({ host: '127.0.0.1', port: Number(new URL(proxy.url).port) });

  describe('with plain HTTP', () => {
    it('asks the site for the path, without what is meant for the proxy alone', async () => {
      answer = (incoming, response) => response.end(JSON.stringify({ url: incoming.url, headers: incoming.headers }));
      const { status, body } = await through(`http://site.example:${port}/a?b=c`, {
        host: `site.example:${port}`,
        'proxy-connection': 'keep-alive',
        'proxy-authorization': 'Basic x',
        'x-kept': '1',
      });
      assert.equal(status, 200);
      const seen = JSON.parse(body) as { url: string; headers: Record<string, string> };
      assert.equal(seen.url, '/a?b=c');
      assert.equal(seen.headers.host, `site.example:${port}`);
      assert.equal(seen.headers['x-kept'], '1');
      assert.equal(seen.headers['proxy-connection'], undefined);
      assert.equal(seen.headers['proxy-authorization'], undefined);
      assert.deepEqual(checked, ['site.example']);
    });

    it('brings status, repeated headers and body as they are, and no header of its own', async () => {
      answer = (_incoming, response) => {
        response.writeHead(404, { 'set-cookie': ['a=1', 'b=2'] });
        response.end('gone');
      };
      const { status, headers, body } = await through(`http://site.example:${port}/`);
      assert.equal(status, 404);
      assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
      assert.equal(headers[EGRESS_HEADER], undefined);
      assert.equal(body, 'gone');
    });

    it('says that it was the proxy who refused', async () => {
      const { status, headers } = await through('http://private.example/');
      assert.equal(status, 403);
      assert.equal(headers[EGRESS_HEADER], 'ERR_BLOCKED_BY_ADMINISTRATOR');
    });

    it('says that a site cannot be reached', async () => {
      const closed = await portOfNobody();
      const { status, headers } = await through(`http://site.example:${closed}/`);
      assert.equal(status, 502);
      assert.equal(headers[EGRESS_HEADER], 'ERR_CONNECTION_REFUSED');
    });

    it('breaks the answer off where the site did', async () => {
      answer = (_incoming, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('some', () => response.destroy());
      };
      await assert.rejects(through(`http://site.example:${port}/`));
    });

    for (const path of ['/not-absolute', 'https://site.example/', 'ftp://site.example/']) {
      it(`refuses ${path}`, async () => {
        const { status, headers } = await through(path);
        assert.equal(status, 400);
        assert.equal(headers[EGRESS_HEADER], 'ERR_BLOCKED_BY_ADMINISTRATOR');
        assert.deepEqual(checked, []);
      });
    }
  });

  describe('with a tunnel', () => {
    const tunnel = (target: string, send = ''): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(proxyAddress().port, '127.0.0.1', () =>
          socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n${send}`),
        );
        let seen = '';
        socket.on('data', (chunk) => {
          seen += String(chunk);
        });
        socket.on('close', () => resolve(seen)).on('error', reject);
      });

    it('carries bytes both ways', async () => {
      answer = (_incoming, response) => response.end('through the tunnel');
      const seen = await tunnel(`site.example:${port}`, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      assert.match(seen, /^HTTP\/1.1 200 Connection Established\r\n\r\nHTTP\/1.1 200 OK[\s\S]+through the tunnel/);
      assert.deepEqual(checked, ['site.example']);
    });

    it('goes to the host and port that were asked for, also where a scheme has them as its default', () => {
      assert.deepEqual(targetOf('site.example:80'), { host: 'site.example', port: 80 });
      assert.deepEqual(targetOf('SITE.example:443'), { host: 'site.example', port: 443 });
      assert.deepEqual(targetOf('[::1]:8443'), { host: '[::1]', port: 8443 });
      assert.deepEqual(targetOf('127.1:80'), { host: '127.0.0.1', port: 80 });
      for (const wrong of [
        '',
        'site.example',
        'site.example:',
        ':80',
        'a b:80',
        'site.example:0',
        'x/y:80',
        'u@site.example:80',
      ]) {
        assert.throws(() => targetOf(wrong), AppError, wrong);
      }
    });

    it('is refused where the guard refuses', async () => {
      assert.match(await tunnel('private.example:443'), /^HTTP\/1.1 403 /);
    });

    it('is refused for what is no host and port', async () => {
      assert.match(await tunnel('site.example:99999'), /^HTTP\/1.1 400 /);
    });

    it('says that a site cannot be reached', async () => {
      assert.match(await tunnel(`site.example:${await portOfNobody()}`), /^HTTP\/1.1 502 /);
    });
  });

  it('ends open tunnels when it is closed', async () => {
    const quiet = createTcpServer(() => {});
    await new Promise<void>((resolve) => quiet.listen(0, '127.0.0.1', resolve));
    const target = `site.example:${(quiet.address() as AddressInfo).port}`;
    const short = await startEgressProxy(guard);
    const socket = connect(Number(new URL(short.url).port), '127.0.0.1', () =>
      socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`),
    );
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await short.close();
    await closed;
    await new Promise((resolve) => quiet.close(resolve));
  });
});

async function portOfNobody(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
