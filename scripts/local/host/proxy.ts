import type { IncomingMessage, ServerResponse } from 'node:http';
import { arriving, type CallHeaders } from './arriving.ts';
import type { Instances } from './instances.ts';
import { sendProblem } from './problem.ts';
import { Unanswered } from './unanswered.ts';

/** Headers that are of one connection alone (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/** Streams a request to the function and its answer back. `path` is what the function sees. */
export async function proxy(
  instances: Instances,
  name: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET' } = request;
  try {
    const call = { method, path, headers: forwarded(request), body: request, gone: goneOf(response) };
    await instances.call(name, call, async (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', endToEnd(answer.rawHeaders));
      await passOn(answer, response);
    });
  } catch (error) {
    sendUnanswered(instances, response, error);
  }
}

/** Streams an answer to its end. `pipeline` would make an error to abort with even when all goes well. @throws Error */
function passOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: Error) => {
    answer.destroy();
    response.destroy();
    reject(error);
  };
  answer.on('error', fail);
  response.on('error', fail);
  response.on('close', () => (response.writableFinished ? resolve() : fail(new Error('it was not taken to its end'))));
  answer.pipe(response);
  return promise;
}

/**
 * Answers in the stead of an instance. While the local cloud stops there is no answer at all: whoever sent the request
 * still has it, and must not take the stop for a failure. @throws the error when it is another one.
 */
export function sendUnanswered(instances: Instances, response: ServerResponse, error: unknown): void {
  if (!(error instanceof Unanswered)) throw error;
  if (!instances.closing) sendProblem(response, error.status, 'No answer from the function', error.message);
}

/** Aborted when the caller does not wait for the answer any more. */
export function goneOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** The request's headers as the function gets them. */
export function forwarded({ headers, socket }: IncomingMessage): CallHeaders {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
  return arriving(kept, socket.remoteAddress ?? '');
}

/** Raw headers (names and values in turn) without those of the connection. */
export function endToEnd(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !HOP_BY_HOP.has((raw[index - (index % 2)] ?? '').toLowerCase()));
}
