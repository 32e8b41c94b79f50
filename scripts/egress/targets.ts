import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TWIN, VICTIM } from './names.ts';

/** A port at which the victim and its twin listen, over TCP and UDP. */
export interface Target {
  readonly port: number;
  /** How often something arrived. */
  readonly arrived: { victim: number; twin: number };
}

/** The targets of tricks, each with a port of its own: what arrives says by its port which trick has sent it. */
export interface Targets {
  readonly all: readonly Target[];
  /** Waits until the condition holds, which is looked at whenever something arrives. False when it never does. */
  until(condition: () => boolean, withinMs: number): Promise<boolean>;
  close(): Promise<void>;
}

export async function openTargets(count: number): Promise<Targets> {
  const arrivals = new EventEmitter();
  const opened = await Promise.all(Array.from({ length: count }, () => open(() => arrivals.emit('arrival'))));
  return {
    all: opened.map(({ target }) => target),
    async until(condition, withinMs) {
      const signal = AbortSignal.timeout(withinMs);
      while (!condition()) {
        const arrived = await once(arrivals, 'arrival', { signal }).catch(() => undefined);
        if (!arrived) return condition();
      }
      return true;
    },
    async close() {
      await Promise.all(opened.map(({ close }) => close()));
    },
  };
}

async function open(tell: () => void): Promise<{ target: Target; close(): Promise<void> }> {
  const arrived = { victim: 0, twin: 0 };
  const note = (whom: keyof typeof arrived): void => {
    arrived[whom]++;
    tell();
  };
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end('reached');
  });
  server.on('connection', (socket) => note(socket.localAddress?.endsWith(TWIN) ? 'twin' : 'victim'));
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datagrams = await Promise.all([
    listen(VICTIM, port, () => note('victim')),
    listen(TWIN, port, () => note('twin')),
  ]);
  return { target: { port, arrived }, close: () => close(server, datagrams) };
}

async function listen(address: string, port: number, arrived: () => void): Promise<Socket> {
  const socket = createSocket('udp4').on('message', arrived).bind(port, address);
  await once(socket, 'listening');
  return socket;
}

async function close(server: Server, datagrams: readonly Socket[]): Promise<void> {
  for (const socket of datagrams) socket.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
