/** An event as it is sent to those who follow. */
export interface StreamedEvent {
  /** What the client says in `Last-Event-ID` when it comes again. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** Why no more is sent: all has been told, or the client is to come again for the rest. */
export type End = 'told' | 'later';

/** What followers are sent. */
export interface EventSource {
  /** Gives events as they come; `end` after the last one. Gives what stops it. */
  start(send: (events: readonly StreamedEvent[]) => void, end: (why: End) => void): () => void;
}

export interface FollowOptions {
  /** Ends it: the client comes again. */
  readonly stopping: AbortSignal;
  /** Silence after which a sign of life is sent, so that nobody between the two takes the connection for dead. */
  readonly heartbeatMs?: number;
  /** After which it ends, so that the instance does not cut it: the client comes again. */
  readonly longestMs?: number;
}

/** The way to one follower. */
export interface Follower {
  send(events: readonly StreamedEvent[]): void;
  /** Shows that the connection is alive. */
  beat(): void;
  /** Called once, and nothing after it. */
  end(why: End): void;
}

/**
 * Brings a source's events to a follower until the source, the follower's time or the instance ends.
 * @returns what stops it when the follower has gone: nothing is sent any more
 */
export function followEvents(source: EventSource, follower: Follower, options: FollowOptions): () => void {
  const { stopping, heartbeatMs = 15_000, longestMs = 100_000 } = options;
  let over = false;
  let stop: (() => void) | undefined;
  const release = () => {
    over = true;
    clearInterval(heartbeat);
    clearTimeout(life);
    stopping.removeEventListener('abort', later);
    stop?.();
    stop = undefined;
  };
  const end = (why: End) => {
    if (over) return;
    release();
    follower.end(why);
  };
  const later = () => end('later');
  const heartbeat = setInterval(() => follower.beat(), heartbeatMs);
  const life = setTimeout(later, longestMs);
  stopping.addEventListener('abort', later, { once: true });
  if (stopping.aborted) {
    later();
    return () => {};
  }
  stop = source.start((events) => {
    if (!over) follower.send(events);
  }, end);
  if (over) stop();
  return release;
}

/** A source of events that are all there already. */
export function toldEvents(events: readonly StreamedEvent[]): EventSource {
  return {
    start(send, end) {
      send(events);
      end('told');
      return () => {};
    },
  };
}
