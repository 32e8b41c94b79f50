import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { sendEvents } from '../http/event-socket.ts';
import type { EventSource } from '../http/follow-events.ts';
import type { Upgrade } from '../http/upgrade.ts';
import type { Base } from '../platform/platform.ts';
import type { UpgradeListener } from './take-upgrades.ts';

/** The app of an HTTP function, as Hono has it. */
type Fetch = (request: Request, env: { readonly upgrade: Upgrade }) => Response | Promise<Response>;

/** Name of the subprotocol by which a page says who it is: it can give a WebSocket no header of its own. */
const BEARER = 'bearer';

/**
 * Answers requests for a WebSocket with the app: what that does not accept is answered as any request. Resolves when the
 * connection has ended.
 */
export function upgradeListener(fetch: Fetch, { stopping, log }: Pick<Base, 'stopping' | 'log'>): UpgradeListener {
  return async (request, socket, head) => {
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => socket.destroy());
    let opened: Promise<void> | undefined;
    const accept: Upgrade['accept'] = (events, headers) => {
      opened = open({ request, socket, head, stopping, events, headers });
    };
    try {
      const response = await fetch(toRequest(request), { upgrade: { accept } });
      if (opened) await opened;
      else socket.end(await written(response));
    } catch (error) {
      log.error('A WebSocket could not be opened.', error);
      socket.destroy();
    }
    await ended;
  };
}

/** The request without what is between the connection's ends; a key that came as a subprotocol is where keys are. */
function toRequest({ method = 'GET', url = '/', rawHeaders }: IncomingMessage): Request {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  const [name, key] = (headers.get('sec-websocket-protocol') ?? '').split(',').map((text) => text.trim());
  headers.delete('sec-websocket-protocol');
  if (name === BEARER && key && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`);
  return new Request(new URL(url.replace(/^\/+/, '/'), 'http://function'), { method, headers });
}

interface Opening {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly stopping: AbortSignal;
  readonly events: EventSource;
  readonly headers: Headers;
}

/** Nothing that a client sends is looked at: it may be so long, in bytes. */
const LONGEST_MESSAGE = 4096;
/** How long a client may take to agree to the end, in milliseconds; a stopping instance has ten seconds in all. */
const CLOSE_MS = 3000;

async function open({ request, socket, head, stopping, events, headers }: Opening): Promise<void> {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, maxPayload: LONGEST_MESSAGE, closeTimeout: CLOSE_MS },
    handleProtocols: (offered) => (offered.has(BEARER) ? BEARER : false),
  });
  server.on('headers', (lines) => lines.push(...[...headers].map(([name, value]) => `${name}: ${value}`)));
  server.handleUpgrade(request, socket, head, (webSocket) => sendEvents(webSocket, events, { stopping }));
}

/** An answer as it stands on a connection that ends with it. */
async function written(response: Response): Promise<Buffer> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set('content-length', String(body.length));
  headers.set('connection', 'close');
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
