import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import { asksForWebSocket } from '../../../shared/runtime/take-upgrades.ts';
import type { GrpcService } from './service.ts';

type HttpHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

/**
 * Gives what takes the connection over of a request that asks for a WebSocket, or nothing when the request is to be
 * answered as any other (RFC 9110 §7.8). `head` is what of the socket has been read.
 */
export type SocketHandler = (
  request: IncomingMessage,
  url: URL,
) => ((socket: Duplex, head: Buffer) => Promise<void>) | undefined;

/** gRPC (HTTP/2 without TLS) and HTTP/1.1 on one loopback port. */
export interface Port {
  readonly port: number;
  readonly http: Server;
  /**
   * Listens on one more port (0: any free one), where everything is answered as on this one. Gives the port.
   * @throws Error code EADDRINUSE when it is taken
   */
  openDoor(port: number): Promise<number>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** First bytes of every HTTP/2 connection (RFC 9113 §3.4). */
const HTTP2_PREFACE = 'PRI';
const LARGEST_MESSAGE = 64 * 1024 * 1024;

/**
 * Listens on 127.0.0.1. Unknown gRPC methods answer UNIMPLEMENTED with their name.
 * @param options.port 0 takes a free one.
 * @param options.sockets without it nobody here takes a WebSocket
 * @throws Error code EADDRINUSE when the port is taken.
 */
export async function openPort(options: {
  port: number;
  grpc: readonly GrpcService[];
  http: HttpHandler;
  sockets?: SocketHandler;
}): Promise<Port> {
  const rpc = new grpc.Server({
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': LARGEST_MESSAGE,
  });
  for (const service of options.grpc) rpc.addService(service.definition, service.implementation);
  const injector = rpc.createConnectionInjector(grpc.ServerCredentials.createInsecure());

  const takerOf = (request: IncomingMessage) => {
    const url = asksForWebSocket(request) ? urlOf(request) : undefined;
    return url && options.sockets?.(request, url);
  };
  const settings = {
    ...{ keepAliveTimeout: 60_000, requestTimeout: 0 },
    shouldUpgradeCallback: (request: IncomingMessage) => takerOf(request) !== undefined,
  };
  const http = createServer(settings, (request, response) => {
    const url = urlOf(request);
    if (!url) return void response.writeHead(400, { 'content-type': 'text/plain' }).end('The Host header is no host.');
    Promise.resolve(options.http(request, response, url)).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  });

  http.on('upgrade', (request, socket, head) => {
    takerOf(request)?.(socket, head).catch(() => socket.destroy());
  });

  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const head = socket.read() as Buffer | null;
      if (!head) return;
      socket.unshift(head);
      if (head.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE) injector.injectConnection(socket);
      else http.emit('connection', socket);
    });
  };

  const listeners: TcpServer[] = [];
  const listen = async (port: number): Promise<number> => {
    const tcp = createTcpServer(take);
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(port, '127.0.0.1', resolve);
    });
    listeners.push(tcp);
    return (tcp.address() as AddressInfo).port;
  };
  return {
    port: await listen(options.port),
    http,
    openDoor: listen,
    async close() {
      const closed = Promise.all(listeners.map((tcp) => new Promise<void>((resolve) => tcp.close(() => resolve()))));
      injector.destroy();
      rpc.forceShutdown();
      http.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Undefined when the request's Host is none. What begins with a slash is a path, however many it begins with. */
function urlOf({ url = '/', headers }: IncomingMessage): URL | undefined {
  const origin = URL.parse(`http://${headers.host ?? '127.0.0.1'}`)?.origin;
  return (origin && URL.parse(url.startsWith('/') ? origin + url : url, origin)) || undefined;
}
