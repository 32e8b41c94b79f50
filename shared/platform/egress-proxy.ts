import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { EgressGuard } from './egress.ts';
import { toAppError } from './errors.ts';

/** A forward proxy on a loopback port: the browser's only way out. */
export interface EgressProxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a proxy that connects only where the guard allows, and to the very address that was checked. A browser that is
 * told to use it for everything (loopback included) cannot reach anything else.
 */
export async function startEgressProxy(guard: EgressGuard): Promise<EgressProxy> {
  const server = createServer((request, response) => void forward(guard, request, response));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on(
    'connect',
    (request: IncomingMessage, socket: Socket, head: Buffer) => void tunnel(guard, request, socket, head),
  );
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Plain HTTP: the request comes with its absolute URL (RFC 9112, 3.2.2). */
async function forward(guard: EgressGuard, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '');
    const { address } = await guard.check(url.hostname);
    const { 'proxy-connection': _dropped, ...headers } = request.headers;
    const outgoing = httpRequest(
      {
        host: address,
        port: url.port || 80,
        method: request.method,
        path: `${url.pathname}${url.search}`,
        headers,
        setHost: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    outgoing.on('error', (error) => fail(response, 502, error.message));
    response.on('close', () => outgoing.destroy());
    request.pipe(outgoing);
  } catch (thrown) {
    const error = toAppError(thrown);
    fail(response, error.status, error.message);
  }
}

/** HTTPS and WebSockets: CONNECT host:port, then bytes both ways. */
async function tunnel(guard: EgressGuard, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    const url = new URL(`http://${request.url}`);
    const { address } = await guard.check(url.hostname);
    const upstream = connect(Number(url.port || 443), address, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  } catch (thrown) {
    socket.end(`HTTP/1.1 ${toAppError(thrown).status} Refused\r\n\r\n`);
  }
}

/** Header by which the engine tells the guard's refusals from a site's own errors. */
export const EGRESS_HEADER = 'x-virtuoso-egress';

function fail(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    'content-type': 'text/plain',
    [EGRESS_HEADER]: status === 502 ? 'unreachable' : 'refused',
  });
  response.end(message);
}
