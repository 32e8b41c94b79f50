import { createEvents, type NewEvent } from '../events/publish.ts';
import type { Platform } from '../platform/platform.ts';
import { createAddressHash, type HashAddress } from './address-hash.ts';
import { isReading } from './reading.ts';
import { createRefusals, type Refusal, type Unhashed } from './refusals.ts';

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
  /** Why it was not let in, when it was not. */
  readonly refusal?: Refusal;
}

/**
 * Publishes `request.completed` for the requests of this instance, in batches and after they were answered; of those that
 * were not let in also `auth.denied` and `rate_limit.exceeded`, brought together. What senders of such requests can have
 * published is bounded: a minute and instance, `MOST_KINDS` events of each type and one for the others, and
 * `MOST_SINGLE` of single requests.
 */
export interface RequestRecorder {
  record(request: AnsweredRequest): void;
  /** Resolves when all that was recorded so far is published, or has failed to be. */
  flush(): Promise<void>;
}

const BATCH = 50;
const LONGEST_DELAY_MS = 1000;
const REFUSALS_MS = 60_000;
/** How long what the process takes is believed: to ask costs a file's read. */
const MEMORY_MS = 1000;

export function createRequestRecorder(
  platform: Platform,
  hashAddress: HashAddress = createAddressHash(platform),
): RequestRecorder {
  const events = createEvents(platform);
  const refusals = createRefusals(platform.instance);
  let buffered: Unhashed[] = [];
  let timer: NodeJS.Timeout | undefined;
  let refusalsTimer: NodeJS.Timeout | undefined;
  let answered = 0;
  let published = Promise.resolve();
  let memory = { at: Number.NEGATIVE_INFINITY, mb: 0 };
  const memoryMb = (): number => {
    const at = platform.clock.now();
    if (at - memory.at >= MEMORY_MS) memory = { at, mb: Math.round(process.memoryUsage.rss() / 1_000_000) };
    return memory.mb;
  };

  const hashed = async ({ event, address }: Unhashed): Promise<NewEvent> =>
    'ip_hash' in event.data && event.data.ip_hash === ''
      ? ({ ...event, data: { ...event.data, ip_hash: await hashAddress(address) } } as NewEvent)
      : event;
  const publish = (batch: readonly Unhashed[]) =>
    Promise.all(batch.map(hashed))
      .then((list) => events.publish(list))
      .catch((error) => platform.log.error('Requests could not be recorded.', error, { requests: batch.length }));
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = buffered;
    buffered = [];
    published = Promise.all([published, publish(batch)]).then(() => undefined);
    return published;
  };
  const takeRefusals = () => {
    clearTimeout(refusalsTimer);
    refusalsTimer = undefined;
    buffered.push(...refusals.take());
    return flush();
  };
  /** Whether it is to be told by itself too. */
  const isSingle = (request: AnsweredRequest): boolean => {
    const { refusal } = request;
    if (!refusal) return true;
    refusalsTimer ??= setTimeout(() => void takeRefusals(), REFUSALS_MS).unref();
    return refusals.note({ ...request, refusal });
  };
  return {
    flush: takeRefusals,
    record(request) {
      const sequence = answered++;
      if (!isSingle(request)) return;
      const measured = platform.random() < platform.config.requestSampling;
      // What may have changed something is told of in any case.
      if (!measured && isReading(request.method)) return;
      const event = toEvent(request, platform, { sequence, memoryMb: memoryMb() });
      const told = measured ? event : { ...event, data: { ...event.data, measured } };
      buffered.push({ event: told, address: request.address });
      if (buffered.length >= BATCH) void flush();
      else timer ??= setTimeout(() => void flush(), LONGEST_DELAY_MS).unref();
    },
  };
}

function toEvent(
  request: AnsweredRequest,
  platform: Platform,
  { sequence, memoryMb }: { readonly sequence: number; readonly memoryMb: number },
): NewEvent<'request.completed'> {
  const { id, userId, startedAt, address: _address, userAgent, refusal: _refusal, ...rest } = request;
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
      memory_mb: memoryMb,
      instance_id: platform.instance,
      region: platform.config.region,
      revision: platform.revision,
      ip_hash: '',
      user_agent: userAgent.slice(0, 300),
      observed_at: new Date(startedAt).toISOString(),
      sampling: platform.config.requestSampling,
    },
  };
}
