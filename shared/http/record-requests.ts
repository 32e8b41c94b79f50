import { createHash } from 'node:crypto';
import { createEvents, type NewEvent } from '../events/publish.ts';
import type { Platform } from '../platform/platform.ts';
import { isReading } from './reading.ts';

/** A request that has been answered. */
export interface AnsweredRequest {
  readonly id: string;
  readonly userId: string;
  readonly function: string;
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly startedAt: number;
  readonly address: string;
  readonly userAgent: string;
}

/** Publishes `request.completed` for the requests of this instance, in batches and after they were answered. */
export interface RequestRecorder {
  record(request: AnsweredRequest): void;
  /** Resolves when all that was recorded so far is published, or has failed to be. */
  flush(): Promise<void>;
}

const BATCH = 50;
const LONGEST_DELAY_MS = 1000;

export function createRequestRecorder(platform: Platform): RequestRecorder {
  const events = createEvents(platform);
  let buffered: NewEvent<'request.completed'>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let answered = 0;
  let published = Promise.resolve();

  const publish = (batch: readonly NewEvent[]) =>
    events
      .publish(batch)
      .catch((error) => platform.log.error('Requests could not be recorded.', error, { requests: batch.length }));
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = buffered;
    buffered = [];
    published = Promise.all([published, publish(batch)]).then(() => undefined);
    return published;
  };
  return {
    flush,
    record(request) {
      const sequence = answered++;
      const measured = platform.random() < platform.config.requestSampling;
      // What may have changed something is told of in any case.
      if (!measured && isReading(request.method)) return;
      const event = toEvent(request, platform, sequence);
      buffered.push(measured ? event : { ...event, data: { ...event.data, measured } });
      if (buffered.length >= BATCH) void flush();
      else timer ??= setTimeout(() => void flush(), LONGEST_DELAY_MS).unref();
    },
  };
}

function toEvent(request: AnsweredRequest, platform: Platform, sequence: number): NewEvent<'request.completed'> {
  const { id, userId, startedAt, address, userAgent, ...rest } = request;
  return {
    type: 'request.completed',
    // Not the request's id alone: clients may send the same one with every request.
    key: [platform.instance, sequence],
    subject: `requests/${id}`,
    time: new Date(startedAt),
    data: {
      ...rest,
      user_id: userId,
      latency_ms: Math.max(0, Math.round(platform.clock.now() - startedAt)),
      cold_start: sequence === 0,
      memory_mb: Math.round(process.memoryUsage.rss() / 1_000_000),
      instance_id: platform.instance,
      region: platform.config.region,
      revision: platform.revision,
      ip_hash: createHash('sha256').update(address).digest('hex').slice(0, 16),
      user_agent: userAgent.slice(0, 300),
      observed_at: new Date(startedAt).toISOString(),
    },
  };
}
