import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Instances } from './instances.ts';
import { endToEnd, forwarded, sendUnanswered } from './proxy.ts';

/**
 * Brings a request for a WebSocket to a function and, when that takes it, bytes both ways. As on Cloud Run it is a request
 * as long as it is open: it has a place in its instance, and ends at the function's request timeout.
 */
export async function proxySocket(
  instances: Instances,
  { name, path }: { readonly name: string; readonly path: string },
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  socket.once('close', leave);
  socket.unshift(head);
  const headers = { ...forwarded(request), connection: 'Upgrade', upgrade: 'websocket' };
  const response = lastResponse(request, socket);
  let opened = false;
  try {
    await instances.call(name, { method: 'GET', path, headers, gone: gone.signal }, async (answer, signal) => {
      const { statusCode = 502, statusMessage = '', rawHeaders } = answer;
      if (statusCode !== 101) {
        response.writeHead(statusCode, statusMessage, endToEnd(rawHeaders));
        return void (await pipeline(answer, response));
      }
      opened = true;
      socket.off('close', leave);
      socket.write(opening(rawHeaders));
      await tunnel(socket, answer.socket, signal);
    });
  } catch (error) {
    if (opened) socket.destroy();
    else sendUnanswered(instances, response, error);
  }
}

/** A response on a connection that ends with it. */
function lastResponse(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  return response;
}

function opening(rawHeaders: readonly string[]): string {
  const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
  return ['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n');
}

/** Resolves when either side has ended. @throws the signal's reason when it was aborted */
async function tunnel(one: Duplex, other: Duplex, signal: AbortSignal): Promise<void> {
  await Promise.allSettled([pipeline(one, other, { signal }), pipeline(other, one, { signal })]);
  signal.throwIfAborted();
}
