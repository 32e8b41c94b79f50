import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { selfSignedCertificate } from '../local/metadata/certificate.ts';

/** Endpoints that do to a deliverer what hurts. */
export interface HostileReceivers {
  url(kind: HostileKind): string;
  /** Requests that came, by path. */
  readonly got: Map<string, number>;
  /** Bytes of a body without an end that were taken off its hands. */
  bytesTaken(): number;
  close(): Promise<void>;
}

export type HostileKind = keyof typeof behaviours;

const DRIP_EVERY_MS = 500;
const CHUNK = Buffer.alloc(65_536, 'x');

let taken = 0;

const behaviours = {
  /** Takes the request and says nothing. */
  never: () => {},
  /** Is not who it says it is. */
  tls: (_request, response) => response.end(),
  /** A byte at a time, without an end. */
  drip(_request, response) {
    response.writeHead(200);
    const dripping = setInterval(() => response.write('.'), DRIP_EVERY_MS);
    response.on('close', () => clearInterval(dripping));
  },
  /** A header a moment, without an end. */
  headers(request) {
    const { socket } = request;
    socket.write('HTTP/1.1 200 OK\r\n');
    const dripping = setInterval(() => socket.write(`x-${Date.now()}: ${'y'.repeat(1000)}\r\n`), 20);
    socket.on('close', () => clearInterval(dripping));
  },
  /** As much as the other side takes, without an end. */
  huge(_request, response) {
    response.writeHead(200);
    const pour = () => {
      while (!response.destroyed) {
        taken += CHUNK.length;
        if (!response.write(CHUNK)) break;
      }
    };
    response.on('drain', pour);
    pour();
  },
  loop: (_request, response) => response.writeHead(307, { location: '/loop?again' }).end(),
  busy: (_request, response) => response.writeHead(429, { 'retry-after': '7200' }).end('later'),
  gone: (_request, response) => response.writeHead(410).end(),
  reset: (request) => request.socket.resetAndDestroy(),
  /** Says that it has more to say than it says. */
  cut(_request, response) {
    response.writeHead(200, { 'content-length': '100' });
    response.write('x', () => response.destroy());
  },
  garbage: (request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
} satisfies Record<string, RequestListener>;

export async function startHostileReceivers(): Promise<HostileReceivers> {
  const got = new Map<string, number>();
  const take: RequestListener = (request, response) => {
    const { url = '' } = request;
    const kind = url.slice(1).split('?')[0] as HostileKind;
    got.set(url, (got.get(url) ?? 0) + 1);
    request.on('error', () => {});
    request.socket.on('error', () => {});
    request.resume().on('end', () => behaviours[kind](request, response));
  };
  const servers = [createServer(take), createSecureServer(identity(), take)];
  const [plain, secure] = await Promise.all(servers.map(listening));
  taken = 0;
  return {
    got,
    url: (kind) => (kind === 'tls' ? `https://127.0.0.1:${secure}/tls` : `http://127.0.0.1:${plain}/${kind}`),
    bytesTaken: () => taken,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function identity(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const day = 24 * 3_600_000;
  const [from, to] = [new Date(Date.now() - day), new Date(Date.now() + day)];
  const cert = selfSignedCertificate({ name: 'hooks.example', privateKey, publicKey, from, to });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, cert };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
