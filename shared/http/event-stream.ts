/** An event as a stream of server-sent events carries it. */
export interface StreamedEvent {
  /** What the client says in `Last-Event-ID` when it comes again. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** What a stream is made of. */
export interface EventSource {
  /** Gives events as they come; `end` after the last one. Gives what stops it. */
  start(send: (events: readonly StreamedEvent[]) => void, end: () => void): () => void;
}

export interface StreamOptions {
  /** Ends the stream: the client comes again. */
  readonly stopping: AbortSignal;
  /** Silence after which a comment is sent, so that nobody between the two takes the connection for dead. */
  readonly heartbeatMs?: number;
  /** After which the stream ends, so that the instance does not cut it: the client comes again. */
  readonly longestMs?: number;
}

/** How soon a client comes again, in milliseconds. */
const RETRY_MS = 1000;

/** What every answer with a stream carries: nobody keeps it, and nobody collects it before it is passed on. */
export const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
} as const;

/** A stream of server-sent events (HTML standard, 9.2). It begins with a comment, so that the client knows it is open. */
export function eventStream(source: EventSource, options: StreamOptions): ReadableStream<Uint8Array> {
  const { stopping, heartbeatMs = 15_000, longestMs = 100_000 } = options;
  const encoder = new TextEncoder();
  let release = (): void => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      let over = false;
      let stop: (() => void) | undefined;
      release = () => {
        over = true;
        clearInterval(heartbeat);
        clearTimeout(life);
        stopping.removeEventListener('abort', end);
        stop?.();
      };
      const end = () => {
        if (over) return;
        release();
        controller.close();
      };
      const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
      const life = setTimeout(end, longestMs);
      stopping.addEventListener('abort', end, { once: true });
      write(`retry: ${RETRY_MS}\n\n`);
      if (stopping.aborted) return end();
      const send = (events: readonly StreamedEvent[]) => {
        if (!over) write(eventFrames(events));
      };
      stop = source.start(send, end);
      if (over) stop();
    },
    cancel: () => release(),
  });
}

/** The events as they stand in the stream. */
export const eventFrames = (events: readonly StreamedEvent[]): string => events.map(frame).join('');

const frame = ({ id, type, data }: StreamedEvent): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
