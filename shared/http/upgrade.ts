import type { EventSource } from './follow-events.ts';

/** A request to go on as a WebSocket, as the app gets it in Hono's `env`. */
export interface Upgrade {
  /**
   * Answers it with 101, and sends the events through the socket.
   * @param headers further ones of the answer
   */
  accept(events: EventSource, headers: Headers): void;
}
