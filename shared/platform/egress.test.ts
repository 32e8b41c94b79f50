import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgressGuard, type EgressGuard, type EgressRequest, keptConnections, send } from './egress.ts';
import { AppError } from './errors.ts';

const refused = (error: unknown) => error instanceof AppError && error.code === 'permission-denied';

describe('the egress guard', () => {
  const guard = createEgressGuard([]);

  for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8']) {
    it(`lets ${address} through`, () => assert.equal(guard.allows(address), true));
  }

  const notPublic = {
    loopback: ['127.0.0.1', '127.255.255.254', '::1'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd00:ec2::254', 'fec0::1'],
    'link-local': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0'],
    'unspecified or this network': ['0.0.0.0', '0.1.2.3', '::'],
    'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
    'multicast, broadcast or reserved': ['224.0.0.1', '239.1.1.1', '255.255.255.255', '240.0.0.1', 'ff02::1'],
    documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'],
    'a tunnel to somewhere else': ['2002:7f00:1::', '2001:0:1::', '64:ff9b::7f00:1', '64:ff9b:1::1'],
    'an IPv4 address in IPv6': ['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:0:127.0.0.1', '::7f00:1', '::10.0.0.1'],
    'not assigned': ['4000::1', 'e000::1'],
    'no address': ['', 'example.com', '999.1.1.1'],
  };
  for (const [what, addresses] of Object.entries(notPublic)) {
    it(`refuses what is ${what}`, () => {
      for (const address of addresses) assert.equal(guard.allows(address), false, address);
    });
  }

  it('allows what the configuration names, and nothing beside it', () => {
    const loopback = createEgressGuard(['loopback']);
    assert.deepEqual(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254'].map(loopback.allows), [
      true,
      true,
      true,
      false,
      false,
    ]);
    const ranges = createEgressGuard(['10.1.0.0/16', 'fd00::/8']);
    assert.deepEqual(['10.1.2.3', '10.2.0.1', 'fd12::1', 'fe80::1', '127.0.0.1'].map(ranges.allows), [
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  for (const host of ['metadata.google.internal', 'METADATA.google.internal.', 'metadata', 'metadata.goog']) {
    it(`refuses the name ${host}, whatever it resolves to`, async () => {
      await assert.rejects(createEgressGuard(['loopback', '0.0.0.0/0']).check(host), refused);
    });
  }

  for (const url of [
    'http://2130706433/',
    'http://0x7f000001/',
    'http://127.0.0.1./',
    'http://8.8.8.8@127.0.0.1/',
    'http://8.8.8.8%40x:y@169.254.169.254/',
    'http://127。0。0。1/',
    'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'http://[::]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[0:0:0:0:0:ffff:169.254.169.254]/',
    'http:/\\\\169.254.169.254/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://1%32%37.0.0.1/',
    'http://169.254.43518/',
    'http://localhost/',
    'http://localhost./',
    'http://a.b.localhost/',
    'http://０/',
  ]) {
    it(`refuses ${url}, as URLs are read`, async () => {
      await assert.rejects(guard.check(new URL(url).hostname), refused);
    });
  }

  it('gives the address that a connection must be made to', async () => {
    assert.deepEqual(await createEgressGuard(['loopback']).check('[::1]'), { host: '::1', address: '::1', family: 6 });
    assert.deepEqual(await guard.check('8.8.8.8'), { host: '8.8.8.8', address: '8.8.8.8', family: 4 });
  });

  it('knows that what is below localhost is this machine (RFC 6761, 6.3), whatever the system says', async () => {
    const { address } = await createEgressGuard(['loopback']).check('shop.localhost');
    assert.match(address, /^(127\.0\.0\.1|::1)$/);
  });

  it('refuses an empty name', async () => {
    await assert.rejects(guard.check(''), refused);
  });

  it('says of a name that is not known that it may come back', async () => {
    await assert.rejects(
      guard.check('no-such-host.invalid'),
      (error) => error instanceof AppError && error.code === 'unavailable',
    );
  });
});

describe('a request through the guard', () => {
  let server: Server;
  let origin: string;
  let answer: RequestListener;
  const open = createEgressGuard(['loopback']);

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const request = (more: Partial<EgressRequest> = {}, guard: EgressGuard = open) =>
    send(guard, { method: 'POST', url: origin, headers: {}, body: 'hi', timeoutMs: 5000, largestAnswer: 10, ...more });

  it('carries method, headers and body, and brings the answer', async () => {
    answer = async (incoming, response) => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      response.writeHead(201, { 'x-seen': `${incoming.method} ${incoming.headers['x-a']} ${body}` }).end('thanks');
    };
    const { status, headers, body } = await request({ headers: { 'x-a': '1' } });
    assert.equal(status, 201);
    assert.equal(headers['x-seen'], 'POST 1 hi');
    assert.equal(body.toString(), 'thanks');
  });

  it('reads no more of the answer than it was told to', async () => {
    answer = (_incoming, response) => {
      response.write('0123456789');
      response.write('and so on, without an end');
    };
    assert.equal((await request()).body.toString(), '0123456789');
  });

  it('does not follow redirects', async () => {
    let asked = 0;
    answer = (_incoming, response) => {
      asked++;
      response.writeHead(302, { location: `${origin}/elsewhere` }).end();
    };
    assert.equal((await request()).status, 302);
    assert.equal(asked, 1);
  });

  const timedOut = (error: unknown) => error instanceof AppError && error.code === 'timeout';

  it('ends when no answer comes in time', async () => {
    answer = () => {};
    await assert.rejects(request({ timeoutMs: 50 }), timedOut);
  });

  it('ends when the answer begins in time but does not end', async () => {
    answer = (_incoming, response) => void response.write('0123');
    await assert.rejects(request({ timeoutMs: 100 }), timedOut);
  });

  it('fails when the answer is cut off', async () => {
    answer = (_incoming, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('012', () => response.destroy());
    };
    await assert.rejects(request());
  });

  it('connects to the address that was checked, not to what the name means later', async () => {
    answer = (incoming, response) => response.end(incoming.headers.host?.split(':')[0]);
    const checked: string[] = [];
    const guard: EgressGuard = {
      allows: () => true,
      async check(host) {
        checked.push(host);
        return { host, address: '127.0.0.1', family: 4 };
      },
    };
    const url = origin.replace('127.0.0.1', 'rebinding.invalid');
    assert.equal((await request({ url, largestAnswer: 100 }, guard)).body.toString(), 'rebinding.invalid');
    assert.deepEqual(checked, ['rebinding.invalid']);
  });

  it('ends also when the name is not resolved in time', async () => {
    const guard = createEgressGuard([], () => new Promise(() => {}));
    await assert.rejects(request({ url: 'http://slow.example/', timeoutMs: 50 }, guard), timedOut);
  });

  it('is refused when a name that was public means a private address the next time', async () => {
    answer = (_incoming, response) => response.end();
    const addresses = ['127.0.0.1', '10.0.0.7'];
    const guard = createEgressGuard(['loopback'], async () => [{ address: addresses.shift() ?? '', family: 4 }]);
    const url = origin.replace('127.0.0.1', 'rebinding.example');
    const kept = keptConnections();
    const once = () =>
      send(
        guard,
        { method: 'POST', url, headers: {}, body: '', timeoutMs: 5000, largestAnswer: 10, reuse: true },
        kept,
      );
    assert.equal((await once()).status, 200);
    // The connection of the first time is still open.
    await assert.rejects(once(), refused);
  });

  describe('that may be sent twice', () => {
    const kept = keptConnections();
    const ports: number[] = [];
    const again = () =>
      send(
        open,
        { method: 'POST', url: origin, headers: {}, body: 'hi', timeoutMs: 5000, largestAnswer: 10, reuse: true },
        kept,
      );
    beforeEach(() => {
      ports.length = 0;
      answer = (incoming, response) => {
        ports.push(incoming.socket.remotePort ?? 0);
        response.end('ok');
      };
    });

    it('goes over the connection of the one before', async () => {
      for (let i = 0; i < 3; i++) await again();
      assert.equal(ports.length, 3);
      assert.equal(new Set(ports).size, 1);
    });

    it('goes over another one when that was closed meanwhile', async () => {
      await again();
      answer = (incoming, response) => {
        ports.push(incoming.socket.remotePort ?? 0);
        if (ports.length === 2) incoming.socket.destroy();
        else response.end('ok');
      };
      assert.equal((await again()).status, 200);
      assert.deepEqual([ports.length, ports[0] === ports[1], ports[1] === ports[2]], [3, true, false]);
    });

    it('is not sent again over a connection of its own that breaks', async () => {
      answer = (incoming) => {
        ports.push(0);
        incoming.socket.destroy();
      };
      await assert.rejects(again(), { code: 'ECONNRESET' });
      assert.equal(ports.length, 1);
    });

    it('leaves no connection open whose answer is too large', async () => {
      answer = (incoming, response) => {
        ports.push(incoming.socket.remotePort ?? 0);
        response.write('x'.repeat(100));
      };
      for (let i = 0; i < 2; i++) await again();
      assert.equal(new Set(ports).size, 2);
    });
  });

  it('is not made to what is not public', async () => {
    answer = () => assert.fail('nothing may arrive');
    await assert.rejects(request({}, createEgressGuard([])), refused);
  });

  it('is made over http and https only', async () => {
    await assert.rejects(
      request({ url: 'ftp://example.com/' }),
      (error) => error instanceof AppError && error.code === 'invalid-argument',
    );
  });
});
