import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Answer } from './api.ts';
import { assertDocumented } from './documented.ts';

/** A frame of a stream of events, as a WebSocket carries it. */
export interface Frame {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** What came through a WebSocket, and how it was closed: undefined when the client left. */
export interface Heard {
  readonly frames: readonly Frame[];
  readonly code: number | undefined;
}

export interface Connecting {
  readonly headers?: Record<string, string>;
  readonly protocols?: readonly string[];
}

/** Opens a WebSocket, which must be let in; `heard` gives what came through until it ended, or until a frame fits. */
export async function openSocket(
  url: string,
  { headers = {}, protocols = [] }: Connecting,
  fits: (frame: Frame) => boolean = () => false,
): Promise<{ readonly heard: Promise<Heard> }> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { headers });
  const frames: Frame[] = [];
  const heard = new Promise<Heard>((resolve, reject) => {
    socket.on('message', (text) => {
      frames.push(JSON.parse(String(text)) as Frame);
      if (!fits(frames.at(-1) as Frame)) return;
      socket.removeAllListeners('message').close();
      resolve({ frames, code: undefined });
    });
    socket.once('close', (code) => resolve({ frames, code }));
    socket.once('error', reject);
  });
  await Promise.race([once(socket, 'open'), heard]);
  return { heard };
}

/** The answer to a request for a WebSocket that is not let in. */
export async function refusedSocket(url: string, { headers = {}, protocols = [] }: Connecting): Promise<Answer> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { headers });
  socket.on('error', () => {});
  socket.once('open', () => socket.close());
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = JSON.parse(Buffer.concat(await answer.toArray()).toString()) as unknown;
  const refused = { status: answer.statusCode ?? 0, headers: new Headers(answer.headers as HeadersInit), body };
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assertDocumented('GET', new URL(url).pathname, refused);
  return refused;
}
