import { type EventSource, type FollowOptions, followEvents, type StreamedEvent } from './follow-events.ts';

/** How soon a client comes again, in milliseconds. */
const RETRY_MS = 1000;

/** What every answer with a stream carries: nobody keeps it, and nobody collects it before it is passed on. */
export const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
} as const;

/** A stream of server-sent events (HTML standard, 9.2). It begins with a comment, so that the client knows it is open. */
export function eventStream(source: EventSource, options: FollowOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let release = (): void => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      write(`retry: ${RETRY_MS}\n\n`);
      const follower = {
        send: (events: readonly StreamedEvent[]) => write(events.map(frame).join('')),
        beat: () => write(': still here\n\n'),
        end: () => controller.close(),
      };
      release = followEvents(source, follower, options);
    },
    cancel: () => release(),
  });
}

const frame = ({ id, type, data }: StreamedEvent): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
