import type { Firestore } from '@google-cloud/firestore';
import { readRunEvents } from '../../functions/runs/events.ts';
import { aRequest } from '../../functions/testing.ts';
import { runLog } from '../../shared/domain/run-log.ts';
import { runs } from '../../shared/domain/runs.ts';
import { eventStream } from '../../shared/http/event-stream.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';

/** An instance of the function that streams events: its code, with a client of its own to the database. */
export class StreamingInstance {
  readonly #firestore: Firestore;
  readonly #stopping = new AbortController();
  readonly #killed = new AbortController();
  readonly #services: object;

  constructor(firestore: Firestore) {
    this.#firestore = firestore;
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const platform = { ...testPlatform({ clients: { firestore: async () => firestore } }), clock };
    const services = { runs: runs.make(platform), runLog: runLog.make(platform) };
    this.#services = { ...withBase(services), clock };
  }

  /**
   * Opens the stream of a run's events; undefined when there is nothing more to come for.
   * @throws Error when the instance is gone
   */
  async open(
    runId: string,
    userId: string,
    after: string | undefined,
  ): Promise<ReadableStream<Uint8Array> | undefined> {
    this.#killed.signal.throwIfAborted();
    const request = aRequest({
      params: { id: runId },
      headers: after === undefined ? {} : { 'last-event-id': after },
      caller: { userId, scopes: [], keyHash: '' },
    });
    const { status, events } = await readRunEvents.handle(request, this.#services as never);
    if (status === 204 || !events) return undefined;
    return untilKilled(eventStream(events, { stopping: this.#stopping.signal }), this.#killed.signal);
  }

  /** Tells the instance to stop, as Cloud Run does: its streams end. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Cuts every stream, wherever it is. */
  kill(): void {
    this.#killed.abort(new Error('the instance was killed'));
  }

  /** Lets go of the database. */
  async close(): Promise<void> {
    this.stop();
    this.kill();
    await this.#firestore.terminate();
  }
}

/** The stream as a client sees it whose server dies: it breaks off in the middle of an event. */
function untilKilled(source: ReadableStream<Uint8Array>, killed: AbortSignal): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const cut = () => {
        controller.error(killed.reason);
        void reader.cancel();
      };
      killed.addEventListener('abort', cut, { once: true });
      if (killed.aborted) cut();
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (killed.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => reader.cancel(),
  });
}
