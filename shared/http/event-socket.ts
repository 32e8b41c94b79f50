import type { WebSocket } from 'ws';
import { type End, type EventSource, type FollowOptions, followEvents, type StreamedEvent } from './follow-events.ts';

/** What of a WebSocket is used. */
export type EventSocket = Pick<WebSocket, 'bufferedAmount' | 'close' | 'on' | 'ping' | 'send' | 'terminate'>;

/** How a socket is closed (RFC 6455 §7.4 and the codes registered since): only after 1000 there is nothing to come for. */
const closings: Readonly<Record<End, readonly [code: number, reason: string]>> = {
  told: [1000, 'That was the last event.'],
  later: [1012, 'Come again with the id of the last event.'],
};

/** Bytes that a client may be behind by. Who takes so little comes again, when it can. */
const MOST_UNSENT = 4 * 1024 * 1024;

/**
 * Sends events through a WebSocket: each a text message of JSON, `{"id", "event", "data"}`, the very fields of a frame of
 * the stream of server-sent events. A client that leaves a ping unanswered is taken for gone.
 */
export function sendEvents(socket: EventSocket, source: EventSource, options: FollowOptions): void {
  let answered = true;
  const follower = {
    send(events: readonly StreamedEvent[]) {
      for (const { id, type, data } of events) socket.send(JSON.stringify({ id, event: type, data }));
      if (socket.bufferedAmount <= MOST_UNSENT) return;
      release();
      socket.close(1013, 'You take less than there is to tell. Come again with the id of the last event.');
    },
    beat() {
      if (!answered) return socket.terminate();
      answered = false;
      socket.ping();
    },
    end: (why: End) => socket.close(...closings[why]),
  };
  let release = (): void => {};
  socket.on('pong', () => {
    answered = true;
  });
  // A close follows.
  socket.on('error', () => {});
  socket.on('close', () => release());
  release = followEvents(source, follower, options);
}
