import { setTimeout as sleep } from 'node:timers/promises';
import { mayPass } from './api-answer.ts';
import type { ApiClient } from './api-client.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

export interface NewsOptions {
  /** Ends it. */
  readonly until: AbortSignal;
  /** How long to wait before the stream is opened again, in milliseconds. */
  readonly againMs?: number;
}

/** A run's events are told up to this one. */
const LAST = 'report.ready';
/** A stream that ends so often without an event more is given up: whoever wants to know asks. */
const TROUBLES = 5;

/**
 * Hears each of a run's events once, over as many connections as it takes.
 * @returns whether it heard the last one; false when it was ended, or the API has no events to give
 */
export async function hearNews(
  api: ApiClient,
  runId: string,
  onEvent: (event: ServerSentEvent) => void,
  { until, againMs = 1000 }: NewsOptions,
): Promise<boolean> {
  let after: string | undefined;
  for (let troubles = 0; troubles < TROUBLES && !until.aborted; troubles++) {
    try {
      for await (const event of api.runEvents(runId, { after, until })) {
        troubles = 0;
        after = event.id;
        onEvent(event);
        if (event.type === LAST) return true;
      }
    } catch (error) {
      if (!mayPass(error)) return false;
    }
    await sleep(againMs, undefined, { signal: until }).catch(() => undefined);
  }
  return false;
}
