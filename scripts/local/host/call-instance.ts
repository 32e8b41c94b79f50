import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { CallHeaders } from './arriving.ts';
import type { Instance } from './instance.ts';
import { Unanswered } from './unanswered.ts';

/** A request for a function. `path` is what the function sees. */
export interface FunctionCall {
  readonly method: string;
  readonly path: string;
  readonly headers: CallHeaders;
  readonly body?: Readable | Uint8Array | string;
  /** Kills the instance that handles it after so many milliseconds, or when it answers before. */
  readonly killAfterMs?: number | undefined;
  /** Aborted when the caller does not wait for the answer any more. */
  readonly gone?: AbortSignal | undefined;
}

/** What Cloud Run lets through of a request and of an answer that is not streamed (https://cloud.google.com/run/quotas). */
const LARGEST_BODY = 32 * 1024 * 1024;

/**
 * Sends a request to an instance. When `signal` is aborted the connection is cut, and the instance goes on. An answer of
 * 101 leaves its `socket` to who asked for it.
 * @throws Unanswered 413 for a body of more than 32 MiB, 500 for such an answer; Error when the connection breaks
 */
export function callInstance(instance: Instance, call: FunctionCall, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, path, headers, body } = call;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (Number(headers['content-length'] ?? 0) > LARGEST_BODY) return reject(tooLarge());
    const { port } = instance;
    // A connection that was to be a WebSocket may be closed by who does not want it: nothing else is sent through it.
    const agent = headers.upgrade === undefined ? instance.agent : false;
    const sent = httpRequest({ host: '127.0.0.1', port, agent, method, path, headers, setHost: false });
    const cut = () => sent.destroy(signal.reason as Error);
    signal.addEventListener('abort', cut, { once: true });
    sent.on('close', () => signal.removeEventListener('abort', cut));
    sent.on('error', reject);
    sent.on('upgrade', (answer, socket, head) => {
      socket.unshift(head);
      resolve(answer);
    });
    sent.on('response', (answer) => {
      if (method === 'HEAD' || Number(answer.headers['content-length'] ?? 0) <= LARGEST_BODY) return resolve(answer);
      sent.destroy();
      reject(new Unanswered(500, `Response size was too large: ${LARGEST_BODY} bytes at most, unless it is streamed`));
    });
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) sent.end(body);
    else {
      stream(body, (error) => sent.destroy(error)).pipe(sent);
      // What nobody takes any more is read to its end, so that the caller's connection can be used again.
      sent.on('close', () => body.resume());
    }
  });
}

/** The body, which fails when it turns out to be too large. */
function stream(body: Readable, fail: (error: Error) => void): Readable {
  let size = 0;
  body.on('error', fail);
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_BODY) fail(tooLarge());
  });
  return body;
}

function tooLarge(): Unanswered {
  return new Unanswered(413, `Request Entity Too Large: ${LARGEST_BODY} bytes at most`);
}
