import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Node tells here of every server that is about to listen. */
const CHANNEL = 'tracing:net.server.listen:asyncStart';

/** Takes over the connection of a request that asks for a WebSocket. `head` is what of the socket has been read. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/**
 * Has requests for a WebSocket come to `listener`. The Functions Framework makes its server after it has loaded the
 * function, listens for no upgrade, and hands the server to nobody: Node's diagnostics do. All other requests, those that
 * want to go on as HTTP/2 among them, stay requests.
 * @returns what ends it
 */
export function takeUpgrades(listener: UpgradeListener): () => void {
  const listening = (message: unknown) => {
    const { server } = message as { server: unknown };
    if (!(server instanceof Server)) return;
    // The option of http.createServer, which the framework does not set.
    Object.assign(server, { shouldUpgradeCallback: asksForWebSocket });
    server.on('upgrade', (request, socket, head) => void listener(request, socket, head));
  };
  subscribe(CHANNEL, listening);
  return () => unsubscribe(CHANNEL, listening);
}

/** Whether a request is the opening of a WebSocket (RFC 6455 §4.1). */
export function asksForWebSocket({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}
