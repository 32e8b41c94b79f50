import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { EgressGuard } from './egress.ts';
import { AppError, toAppError } from './errors.ts';

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
    const given = request.url ?? '';
    const url = URL.canParse(given) ? new URL(given) : undefined;
    if (url?.protocol !== 'http:') throw new AppError('invalid-argument', `'${given}' is not an http URL.`);
    const { address } = await guard.check(url.hostname);
    const { 'proxy-connection': _connection, 'proxy-authorization': _credentials, ...headers } = request.headers;
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
        // An answer that is cut off is cut off for the browser too: it would wait for the rest.
        pipeline(answer, response, () => {});
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      fail(response, 502, error.message, networkErrors[error.code ?? ''] ?? 'ERR_CONNECTION_FAILED'),
    );
    response.on('close', () => outgoing.destroy());
    request.pipe(outgoing);
  } catch (thrown) {
    const error = toAppError(thrown);
    const unknown = error.code === 'unavailable';
    fail(response, error.status, error.message, unknown ? 'ERR_NAME_NOT_RESOLVED' : 'ERR_BLOCKED_BY_ADMINISTRATOR');
  }
}

/** HTTPS and WebSockets: CONNECT host:port, then bytes both ways. */
async function tunnel(guard: EgressGuard, request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    const { host, port } = targetOf(request.url ?? '');
    const { address } = await guard.check(host);
    let open = false;
    const upstream = connect(port, address, () => {
      open = true;
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => {
      if (open) socket.destroy();
      else socket.end('HTTP/1.1 502 Unreachable\r\n\r\n');
    });
    socket.on('close', () => upstream.destroy());
  } catch (thrown) {
    socket.end(`HTTP/1.1 ${toAppError(thrown).status} Refused\r\n\r\n`);
  }
}

const AUTHORITY = /^[^/?#@\s]+:([1-9]\d*)$/;

/** Where a tunnel leads: `host:port` (RFC 9110, 9.3.6), the host as URLs have it. @throws AppError invalid-argument */
export function targetOf(authority: string): { host: string; port: number } {
  const port = Number(authority.match(AUTHORITY)?.[1]);
  if (!Number.isInteger(port) || !URL.canParse(`http://${authority}`)) {
    throw new AppError('invalid-argument', `'${authority}' is not a host and a port.`);
  }
  return { host: new URL(`http://${authority}`).hostname, port };
}

/** What a browser without a proxy would call the error of a socket. */
const networkErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ERR_CONNECTION_REFUSED',
  ECONNRESET: 'ERR_CONNECTION_RESET',
  ETIMEDOUT: 'ERR_CONNECTION_TIMED_OUT',
  EHOSTUNREACH: 'ERR_ADDRESS_UNREACHABLE',
  ENETUNREACH: 'ERR_ADDRESS_UNREACHABLE',
};

/** Header by which the engine tells the proxy's answers from a site's own: the browser's name of the error. */
export const EGRESS_HEADER = 'x-virtuoso-egress';

function fail(response: ServerResponse, status: number, message: string, networkError: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain', [EGRESS_HEADER]: networkError });
  response.end(message);
}
